/** Teams itself, as far as a bot can see it: a connector, people with a client each, and a strict eye on the bot. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { actionNamed, actionsOf, faultsOf, inputsOf, textsOf } from './cards.ts';
import { type Member, type Posted, startConnector, type World } from './connector.ts';

export type { Posted } from './connector.ts';

const botAccount = { id: '28:bot', name: 'connect-email' };
export const itChannelId = '19:it-channel@thread.tacv2';
export const tenantId = 'tenant-1';

/** What a click came back with, as the client understands it. */
export type Answer =
  | { type: 'nothing' }
  | { type: 'dialog'; title: string; card: unknown }
  | { type: 'line'; text: string }
  | { type: 'card'; card: unknown };

/** `standing`: whether the bot can post there afterwards. */
type ChannelChange = { channel?: string; team?: string; standing: boolean };

export type Turn = { status: number; body: unknown; ms: number };

const dialogBody = z.object({
  task: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('continue'),
      value: z.object({
        title: z.string(),
        height: z.unknown(),
        width: z.unknown(),
        card: z.object({
          contentType: z.literal('application/vnd.microsoft.card.adaptive'),
          content: z.unknown(),
        }),
      }),
    }),
    z.object({ type: z.literal('message'), value: z.string().min(1) }),
  ]),
});
const executeBody = z.discriminatedUnion('type', [
  z.object({
    statusCode: z.literal(200),
    type: z.literal('application/vnd.microsoft.activity.message'),
    value: z.string().min(1),
  }),
  z.object({
    statusCode: z.literal(200),
    type: z.literal('application/vnd.microsoft.card.adaptive'),
    value: z.unknown(),
  }),
]);

export type SimulatorOptions = {
  /** Where the bot takes activities; asked each time, since it may start again at another address. */
  bot: () => string;
  /** Signs each activity; null: nobody signs in. */
  token?: (serviceUrl: string) => string | null;
  /** Sends every activity twice, as Teams does when it believes one lost. */
  twice?: boolean;
};

export const startSimulator = async ({ bot, token = () => null, twice = false }: SimulatorOptions) => {
  const world: World = { members: new Map(), installed: new Set() };
  const connector = await startConnector(world);
  const turns: Turn[] = [];

  /** Posts an activity as Teams does: with a token, and impatient. */
  const deliver = async (
    activity: Readonly<Record<string, unknown>>,
    authorization?: string,
  ): Promise<Turn> => {
    const sign = authorization ?? token(connector.url);
    const began = performance.now();
    const response = await fetch(`${bot()}/api/messages`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(sign !== null && { Authorization: `Bearer ${sign}` }),
      },
      body: JSON.stringify(activity),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    const turn = {
      status: response.status,
      body: text === '' ? null : (JSON.parse(text) as unknown),
      ms: performance.now() - began,
    };
    if (turn.ms > 10_000) connector.faults.push(`a turn took ${Math.round(turn.ms)} ms`);
    return turn;
  };

  const send = async (activity: Readonly<Record<string, unknown>>): Promise<Turn> => {
    const once = deliver(activity);
    const copy = twice ? deliver(activity) : null;
    const turn = await once;
    turns.push(turn);
    const second = await copy;
    if (second && second.status !== turn.status)
      connector.faults.push(`a copy was answered with ${second.status} instead of ${turn.status}`);
    if (turn.status !== 200)
      connector.faults.push(`${String(activity.type)} was answered with ${turn.status}`);
    return turn;
  };

  const base = (member: Member, conversation: Readonly<Record<string, unknown>>) => ({
    id: `f:${connector.newId()}`,
    channelId: 'msteams',
    serviceUrl: connector.url,
    timestamp: new Date().toISOString(),
    localTimezone: 'Europe/Vienna',
    locale: member.locale,
    from: { id: member.id, name: member.name, aadObjectId: `aad-${member.id}` },
    recipient: botAccount,
    conversation: { tenantId: member.tenantId, ...conversation },
    channelData: { tenant: { id: member.tenantId } },
  });
  const chatOf = (member: Member) => ({ conversationType: 'personal', id: member.chat });
  const channelOf = (id: string) => ({ conversationType: 'channel', isGroup: true, id });
  const inChannel = (member: Member) => ({
    channelData: {
      tenant: { id: member.tenantId },
      channel: { id: itChannelId },
      team: { id: '19:team@thread.tacv2' },
    },
  });

  const dialogAnswer = (turn: Turn): Answer => {
    if (turn.body === null) return { type: 'nothing' };
    const { task } = dialogBody.parse(turn.body);
    if (task.type === 'message') return { type: 'line', text: task.value };
    connector.faults.push(...faultsOf(task.value.card.content));
    return { type: 'dialog', title: task.value.title, card: task.value.card.content };
  };
  const executeAnswer = (turn: Turn): Answer => {
    const body = executeBody.parse(turn.body);
    if (body.type.endsWith('message')) return { type: 'line', text: String(body.value) };
    connector.faults.push(...faultsOf(body.value));
    return { type: 'card', card: body.value };
  };

  const person = (
    options: Pick<Member, 'id' | 'name' | 'locale'> & Partial<Pick<Member, 'email' | 'tenantId' | 'role'>>,
  ) => {
    const member: Member = {
      email: '',
      chat: `a:chat-of-${options.id}`,
      tenantId,
      role: 'user',
      ...options,
    };
    world.members.set(member.id, member);
    /** Where a message stands is where its buttons are pressed. */
    const whereOf = ({ conversation, id }: Posted) =>
      conversation === member.chat
        ? { ...base(member, chatOf(member)), replyToId: id }
        : { ...base(member, channelOf(conversation)), ...inChannel(member), replyToId: id };
    const context = { theme: 'default' };
    /** A chat with a colleague, of which the bot is no part; Teams calls it personal, too. */
    const elsewhere = (one: Member) =>
      base(one, { conversationType: 'personal', id: '19:anna_colleague@unq.gbl.spaces' });

    const me = {
      member,
      /** Adds the bot to her own chat. */
      installs: (): Promise<Turn> => {
        world.installed.add(member.chat);
        return send({ ...base(member, chatOf(member)), type: 'installationUpdate', action: 'add' });
      },
      meets: (): Promise<Turn> =>
        send({
          ...base(member, chatOf(member)),
          type: 'conversationUpdate',
          membersAdded: [botAccount, { id: member.id }],
        }),
      /** The bot becomes a member of a team, of which Teams tells with the team's first channel. */
      meetsInTeam: (channel: string): Promise<Turn> => {
        world.installed.add(channel);
        return send({
          ...base(member, channelOf(channel)),
          channelData: { tenant: { id: member.tenantId }, team: { id: channel } },
          type: 'conversationUpdate',
          membersAdded: [botAccount],
        });
      },
      /** The bot becomes a member of a private or shared channel, which has people of its own. */
      meetsInChannel: (channel: string, team: string): Promise<Turn> => {
        world.installed.add(channel);
        return send({
          ...base(member, channelOf(channel)),
          channelData: { tenant: { id: member.tenantId }, team: { id: team }, channel: { id: channel } },
          type: 'conversationUpdate',
          membersAdded: [botAccount],
        });
      },
      /** Does something to a channel or to a whole team, of which Teams tells the bot. */
      changes: (
        eventType: string,
        { channel = itChannelId, team = channel, standing }: ChannelChange,
      ): Promise<Turn> => {
        if (standing) world.installed.add(channel);
        else world.installed.delete(channel);
        return send({
          ...base(member, channelOf(team)),
          channelData: {
            eventType,
            tenant: { id: member.tenantId },
            team: { id: team },
            ...(eventType.startsWith('channel') && { channel: { id: channel } }),
          },
          type: 'conversationUpdate',
        });
      },
      /** Adds the bot to the team of the IT channel. */
      installsInTeam: (channel = itChannelId, action = 'add', team = channel): Promise<Turn> => {
        if (action === 'add') world.installed.add(channel);
        else world.installed.delete(channel);
        return send({
          ...base(member, channelOf(channel)),
          channelData: {
            tenant: { id: member.tenantId },
            team: { id: team },
            settings: { selectedChannel: { id: channel } },
          },
          type: 'installationUpdate',
          action,
        });
      },
      says: (text: string): Promise<Turn> => {
        world.installed.add(member.chat);
        return send({ ...base(member, chatOf(member)), type: 'message', text, textFormat: 'plain' });
      },
      /** Writes in a thread of the channel; the bot hears only what mentions it, so nothing else is sent. */
      mentions: (root: Posted, text: string): Promise<Turn> =>
        send({
          ...base(member, channelOf(root.conversation)),
          ...inChannel(member),
          type: 'message',
          text: `<at>${botAccount.name}</at> ${text}`,
          entities: [{ type: 'mention', mentioned: botAccount, text: `<at>${botAccount.name}</at>` }],
        }),
      /** Presses a button of a message, or of the state in which she still sees it. */
      press: async (post: Posted, name: string, card = post.card): Promise<Answer> => {
        const { type, data, verb } = actionNamed(card, name);
        if (type === 'Action.Execute') {
          const value = { action: { type, title: '', verb, data }, trigger: 'manual' };
          return executeAnswer(
            await send({ ...whereOf(post), type: 'invoke', name: 'adaptiveCard/action', value }),
          );
        }
        return dialogAnswer(
          await send({ ...whereOf(post), type: 'invoke', name: 'task/fetch', value: { data, context } }),
        );
      },
      /** The same in a client that has no dialogs: the click arrives as a message with a value. */
      pressWithoutDialogs: (post: Posted, name: string): Promise<Turn> =>
        send({ ...whereOf(post), type: 'message', value: actionNamed(post.card, name).data }),
      /** Sends a dialog; fields that are not named keep what stands in them. */
      submit: async (
        card: unknown,
        form: string,
        values: Readonly<Record<string, string | null>>,
        post?: Posted,
      ): Promise<Answer> => {
        const standing = Object.fromEntries(inputsOf(card).map(({ id, value }) => [id, value]));
        const data = { ...standing, ...values, ...actionNamed(card, form).data };
        const where = post ? whereOf(post) : base(member, chatOf(member));
        return dialogAnswer(
          await send({ ...where, type: 'invoke', name: 'task/submit', value: { data, context } }),
        );
      },
      /** Mentions the bot in the IT channel itself, in no thread yet. */
      asksInChannel: (text: string, channel = itChannelId): Promise<Turn> => {
        const id = `f:${connector.newId()}`;
        return send({
          ...base(member, channelOf(`${channel};messageid=${id}`)),
          ...inChannel(member),
          id,
          type: 'message',
          text: `<at>${botAccount.name}</at> ${text}`,
          entities: [{ type: 'mention', mentioned: botAccount, text: `<at>${botAccount.name}</at>` }],
        });
      },
      /** Calls the app's message extension in a chat with a colleague; `content`: at this message, as HTML. */
      extends: async (content: string | null = null): Promise<Answer> => {
        const messagePayload =
          content === null ? {} : { messagePayload: { body: { contentType: 'html', content } } };
        const value = {
          commandId: content === null ? 'check-account' : 'check-this',
          commandContext: content === null ? 'compose' : 'message',
          ...messagePayload,
          context,
        };
        return dialogAnswer(
          await send({ ...elsewhere(member), type: 'invoke', name: 'composeExtension/fetchTask', value }),
        );
      },
      /** Sends the dialog of the message extension. */
      submitExtension: async (
        card: unknown,
        form: string,
        values: Readonly<Record<string, string | null>>,
      ): Promise<Answer> => {
        const standing = Object.fromEntries(inputsOf(card).map(({ id, value }) => [id, value]));
        const data = { ...standing, ...values, ...actionNamed(card, form).data };
        const value = { commandId: 'check-this', commandContext: 'message', data, context };
        return dialogAnswer(
          await send({ ...elsewhere(member), type: 'invoke', name: 'composeExtension/submitAction', value }),
        );
      },
      /** Sends a form that stands in the chat as a card. */
      submitInline: (post: Posted, form: string, values: Readonly<Record<string, string>>): Promise<Turn> => {
        const standing = Object.fromEntries(inputsOf(post.card).map(({ id, value }) => [id, value]));
        const data = { ...standing, ...values, ...actionNamed(post.card, form).data };
        return send({ ...whereOf(post), type: 'message', value: data });
      },
      /** Messages of the bot in her chat, oldest first. */
      chat: (): Posted[] => connector.posts.filter(({ conversation }) => conversation === member.chat),
      /** Waits for a message in her chat with this text. */
      reads: (text: string, ms?: number): Promise<Posted> => waitFor(me.chat, text, ms),
      base: () => base(member, chatOf(member)),
      deliver,
    };
    return me;
  };

  const rootsOf = (): Posted[] =>
    connector.posts.filter(({ id, conversation }) => conversation.endsWith(`;messageid=${id}`));
  /** Without the card that says that they arrive there. */
  const casesOf = (): Posted[] =>
    rootsOf().filter(({ card }) => !actionsOf(card).some(({ data }) => data.action === 'test-case'));
  const threadOf = (root: Posted): Posted[] =>
    connector.posts.filter(({ id, conversation }) => conversation === root.conversation && id !== root.id);

  const waitFor = async (among: () => Posted[], text: string, ms = 20_000): Promise<Posted> => {
    const end = Date.now() + ms;
    for (;;) {
      const found = among().findLast(({ card }) => textsOf(card).some((line) => line.includes(text)));
      if (found) return found;
      if (Date.now() > end)
        throw new Error(
          `nobody reads “${text}” but:\n${among()
            .flatMap(({ card }) => textsOf(card))
            .join('\n')}`,
        );
      await sleep(20);
    }
  };

  return {
    connector,
    turns,
    person,
    rootsOf,
    casesOf,
    threadOf,
    waitFor,
    /** Everything that Teams would not have taken, or taken amiss. */
    faults: connector.faults,
    stop: connector.stop,
  };
};
export type Simulator = Awaited<ReturnType<typeof startSimulator>>;
export type SimulatedPerson = ReturnType<Simulator['person']>;
