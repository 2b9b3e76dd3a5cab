/** What Slack sends when a person does something, and what she then sees. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { viewProblems } from './slack-payloads.ts';
import { now, type Reply, type Transport } from './slack-transport.ts';
import type { Name, SeenMessage, SlackWorld } from './slack-world.ts';

const inputSchema = z.object({
  type: z.literal('input'),
  block_id: z.string(),
  element: z.object({
    type: z.string(),
    action_id: z.string(),
    initial_value: z.string().optional(),
    initial_option: z.object({ value: z.string() }).optional(),
  }),
});
const viewSchema = z.object({
  callback_id: z.string(),
  title: z.object({ text: z.string() }),
  private_metadata: z.string(),
  blocks: z.array(z.unknown()),
});
type View = z.infer<typeof viewSchema> & { id: string };
const inputsOf = (view: Pick<View, 'blocks'>) =>
  view.blocks.flatMap((block) => inputSchema.safeParse(block).data ?? []);

/** A modal as a person sees it. */
export type Modal = {
  form: string;
  fields: Record<string, string | null>;
  /** By name, as Slack keeps what was typed. */
  blocks: string[];
  title: string;
  words: string;
  /** What stands there since the bot has changed it, else this one. */
  now(): Modal;
  submit(values?: Record<string, string | null>): Promise<SubmitResult>;
};
export type SubmitResult =
  | { type: 'closed' }
  | { type: 'errors'; errors: Record<string, string> }
  | { type: 'next'; modal: Modal };

/** As Slack hands on what was typed into a message. */
const typed = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const answerSchema = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('clear') }),
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: viewSchema }),
]);

export type Who = { world: SlackWorld; transport: Transport; name: Name };

export const createPerson = ({ world, transport, name }: Who) => {
  const user = { id: world.idOf(name), name: world.handleOf(name), team_id: 'T000000001' };

  /** `since`: how many calls there were before it stood there. */
  const modalOf = (view: View, since = world.door.calls.length): Modal => {
    const inputs = inputsOf(view);
    const fields = Object.fromEntries(
      inputs.map(({ element }) => [
        element.action_id,
        element.initial_value ?? element.initial_option?.value ?? null,
      ]),
    );
    const stateOf = (type: string, value: string | null) =>
      type === 'plain_text_input'
        ? { type, value }
        : {
            type,
            selected_option: value === null ? null : { text: { type: 'plain_text', text: value }, value },
          };
    return {
      form: view.callback_id,
      fields,
      blocks: inputs.map(({ block_id }) => block_id),
      title: view.title.text,
      words: JSON.stringify(view.blocks),
      now: () => {
        const changed = world.door.calls
          .slice(since)
          .findLast(
            ({ method, body, answer }) =>
              method === 'views.update' && body.view_id === view.id && answer.ok === true,
          );
        return changed
          ? modalOf({ ...viewSchema.parse(changed.body.view), id: view.id }, since)
          : modalOf(view, since);
      },
      submit: async (values = {}) => {
        const state = inputs.map(({ block_id: id, element: { type, action_id: field } }) => {
          const value = field in values ? (values[field] ?? null) : (fields[field] ?? null);
          return [id, { [field]: stateOf(type, value === '' ? null : value) }];
        });
        return submitted(view, await submitView(view, Object.fromEntries(state)));
      },
    };
  };

  const submitView = (view: View, values: object): Promise<Reply> =>
    transport.form({
      payload: JSON.stringify({
        type: 'view_submission',
        user,
        team: { id: 'T000000001' },
        trigger_id: randomUUID(),
        view: { ...view, type: 'modal', hash: randomUUID(), state: { values } },
      }),
    });

  const submitted = (view: View, { status, body }: Reply): SubmitResult => {
    if (status !== 200) throw new Error(`a submission was answered ${status}`);
    if (body === '') return { type: 'closed' };
    const answer = answerSchema.parse(JSON.parse(body));
    if (answer.response_action === 'clear') return { type: 'closed' };
    if (answer.response_action === 'update') {
      world.door.problems.push(...viewProblems((JSON.parse(body) as { view: unknown }).view));
      return { type: 'next', modal: modalOf({ ...answer.view, id: view.id }) };
    }
    const inputs = inputsOf(view);
    const fieldOf = (block: string) =>
      inputs.find(({ block_id: id }) => id === block)?.element.action_id ?? block;
    const errors = Object.entries(answer.errors).map(([block, text]) => [fieldOf(block), text]);
    return { type: 'errors', errors: Object.fromEntries(errors) };
  };

  /** The modal that was opened by a trigger, if any is opened within the time. */
  const openedBy = async (trigger: string, waitMs = 3000): Promise<Modal | null> => {
    const deadline = Date.now() + waitMs;
    for (;;) {
      const opened = world.door.calls.find(
        ({ method, body }) => method === 'views.open' && body.trigger_id === trigger,
      );
      if (opened?.answer.ok) {
        const { id } = z.object({ id: z.string() }).parse(opened.answer.view);
        return modalOf({ ...viewSchema.parse(opened.body.view), id }, world.door.calls.indexOf(opened));
      }
      if (opened || Date.now() > deadline) return null;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  const commandBody = (text: string, trigger: string, channel: string): Record<string, string> => ({
    command: '/connect-email',
    text,
    user_id: user.id,
    user_name: user.name,
    team_id: user.team_id,
    channel_id: channel,
    trigger_id: trigger,
    response_url: `${world.door.url}/whisper/${user.id}`,
  });

  const pressBody = (message: SeenMessage, action: string, options: { trigger: string; channel: string }) => {
    const value = message.buttons.find((button) => button.action === action)?.value;
    if (value === undefined) throw new Error(`no button ${action} under “${message.summary}”`);
    return {
      type: 'block_actions',
      user: { id: user.id, username: user.name, name: user.name, team_id: user.team_id },
      team: { id: user.team_id },
      trigger_id: options.trigger,
      response_url: `${world.door.url}/whisper/${user.id}`,
      channel: { id: options.channel, name: 'channel' },
      container: { type: 'message', message_ts: message.ts, channel_id: options.channel },
      message: { ts: message.ts },
      actions: [{ type: 'button', action_id: action, value, block_id: 'x', action_ts: randomUUID() }],
    };
  };

  /** In the page of the bot there is no channel and no message. */
  const pageBody = (page: SeenMessage, action: string, trigger: string) => {
    const {
      channel: _,
      container: __,
      message: ___,
      response_url: ____,
      ...body
    } = pressBody(page, action, {
      trigger,
      channel: '',
    });
    return { ...body, container: { type: 'view', view_id: 'V0HOME' }, view: { id: 'V0HOME', type: 'home' } };
  };

  const event = (inner: object, id = `Ev${randomUUID()}`) => ({
    type: 'event_callback',
    team_id: user.team_id,
    event_id: id,
    event_time: now(),
    event: { user: user.id, ts: `${Date.now() / 1000}`, ...inner },
  });

  return {
    id: user.id,
    openedBy,
    commandBody,
    pressBody,
    submitView,
    /** `channel`: where it is typed. The reply to the request itself comes with it. */
    command: async (text = '', channel = world.otherChannel) => {
      const trigger = await world.trigger(name);
      const reply = await transport.form(commandBody(text, trigger, channel));
      return { reply, trigger, modal: () => openedBy(trigger) };
    },
    press: async (message: SeenMessage, action: string, where: 'dm' | 'it' = 'dm') => {
      const trigger = await world.trigger(name);
      const channel = where === 'it' ? world.itChannel : await world.directMessages(name);
      const body = pressBody(message, action, { trigger, channel });
      const reply = await transport.form({ payload: JSON.stringify(body) });
      return { reply, trigger, modal: () => openedBy(trigger) };
    },
    /** Looks at the bot's page. */
    opensHome: async (tab: 'home' | 'messages' = 'home'): Promise<Reply> =>
      transport.event(event({ type: 'app_home_opened', tab, channel: await world.directMessages(name) })),
    pressOnPage: async (page: SeenMessage, action: string) => {
      const trigger = await world.trigger(name);
      const reply = await transport.form({ payload: JSON.stringify(pageBody(page, action, trigger)) });
      return { reply, trigger, modal: () => openedBy(trigger) };
    },
    /** From the search field; or, with a message, from that message's menu. */
    shortcut: async (message: { text: string; thread?: string } | null = null) => {
      const trigger = await world.trigger(name);
      const payload = {
        type: message ? 'message_action' : 'shortcut',
        callback_id: message ? 'check-this' : 'check-account',
        user: { id: user.id, username: user.name, name: user.name, team_id: user.team_id },
        team: { id: user.team_id, domain: 'acme' },
        token: 'x',
        action_ts: randomUUID(),
        trigger_id: trigger,
        ...(message && {
          channel: { id: world.otherChannel, name: 'sales' },
          message_ts: '1700000000.000100',
          response_url: `${world.door.url}/whisper/${user.id}`,
          message: {
            type: 'message',
            user: 'U0CUSTOMER',
            ts: '1700000000.000100',
            text: message.text,
            ...(message.thread && { thread_ts: message.thread }),
          },
        }),
      };
      const reply = await transport.form({ payload: JSON.stringify(payload) });
      return { reply, trigger, modal: () => openedBy(trigger) };
    },
    /** `retry`: how often Slack has delivered it before, under the same id. */
    say: async (text: string, id?: string, retry?: number): Promise<Reply> =>
      transport.event(
        event(
          {
            type: 'message',
            channel_type: 'im',
            channel: await world.directMessages(name),
            text: typed(text),
          },
          id,
        ),
        retry,
      ),
    mention: (text: string, thread?: string): Promise<Reply> =>
      transport.event(
        event({
          type: 'app_mention',
          channel: world.itChannel,
          text: `<@U0BOT> ${typed(text)}`,
          ...(thread === undefined ? {} : { thread_ts: thread }),
        }),
      ),
    /** What Slack tells the bot of a channel that she has changed; `id`: the same for each delivery. */
    changes: (
      type: string,
      inner: Readonly<Record<string, unknown>> = {},
      { channel = world.itChannel, id }: { channel?: string; id?: string } = {},
    ): Promise<Reply> => transport.event(event({ type, channel, ...inner }, id)),
    whispers: (): string[] => world.door.whispers.filter(({ to }) => to === user.id).map(({ text }) => text),
  };
};
export type SlackPerson = ReturnType<typeof createPerson>;
