/** A workspace of Slack on this machine, with people in it: `emulate` as the Web API behind a door that we watch. */
import { createEmulator } from 'emulate';
import { z } from 'zod';
import manifest from '../../manifests/slack/http.json' with { type: 'json' };
import { openDoor } from './slack-door.ts';

export const botToken = 'xoxb-of-the-bot';
export const botUser = 'U0BOT';
export const signingSecret = 'a-signing-secret';

/** What the operator grants; the peer refuses every call that lacks one. */
const scopes = manifest.oauth_config.scopes.bot;

const names = {
  anna: { name: 'anna.beck', real_name: 'Anna Beck', email: 'rep@example.test' },
  jonas: { name: 'jonas.kern', real_name: 'Jonas Kern', email: 'jonas@example.test' },
  ines: { name: 'ines.kraft', real_name: 'Ines Kraft', email: 'ines@example.test' },
  /** No member of the IT channel. */
  paul: { name: 'paul.gast', real_name: 'Paul Gast', email: 'paul@example.test' },
};
export type Name = keyof typeof names;

const record = z.record(z.string(), z.unknown());
const listed = z.array(z.object({ id: z.string(), name: z.string() }));

type Rich = { text: string; buttons: { action: string; value: string }[] };
const wordsOf = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(wordsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : wordsOf(inner),
  );
};
const buttonSchema = z.object({ type: z.literal('button'), action_id: z.string(), value: z.string() });
const buttonsOf = (blocks: unknown): Rich['buttons'] =>
  (Array.isArray(blocks) ? blocks : [])
    .flatMap((block) => record.parse(block).elements ?? [])
    .flatMap((element) => buttonSchema.safeParse(element).data ?? [])
    .map(({ action_id: action, value }) => ({ action, value }));

/** Blocks as a person sees them. */
const shownIn = (blocks: unknown[]) => ({
  text: wordsOf(blocks).join(' '),
  texts: wordsOf(blocks),
  buttons: buttonsOf(blocks),
  blocks,
});

const messageSchema = z.object({
  ts: z.string(),
  thread_ts: z.string().optional(),
  text: z.string(),
  blocks: z.array(z.unknown()).optional(),
});
export type SeenMessage = Rich & {
  ts: string;
  thread: string | null;
  summary: string;
  blocks: unknown[];
  /** Each text by itself. */
  texts: string[];
};
const seen = (value: unknown): SeenMessage => {
  const { ts, thread_ts: thread, text, blocks = [] } = messageSchema.parse(value);
  return {
    ts,
    thread: thread ?? null,
    summary: text,
    ...shownIn(blocks),
  };
};

/** Colleagues of Anna's, for what many do at once. */
const repsNamed = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `rep.${index}`,
    real_name: `Rep ${index}`,
    email: `rep${index}@example.test`,
  }));

export const openSlackWorld = async (locales: Partial<Record<Name, string>> = {}, more = 0) => {
  const reps = repsNamed(more);
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        strict_scopes: true,
        users: [...Object.values(names), ...reps],
        channels: [{ name: 'it-help' }, { name: 'sales' }],
        oauth_apps: [
          {
            client_id: '1.2',
            client_secret: 'x',
            app_id: 'A1',
            name: 'connect-email',
            redirect_uris: [],
            scopes,
            bot_id: 'B0BOT',
            bot_user_id: botUser,
            bot_name: 'connect-email',
          },
        ],
        tokens: [
          { token: botToken, user_id: botUser, app_id: 'A1', bot_id: 'B0BOT', bot_user_id: botUser, scopes },
          ...Object.values(names).map(({ name }) => ({ token: `xoxp-${name}`, user: name })),
        ],
      },
    },
  });
  const behind = emulator.url.replace('localhost', '127.0.0.1');

  /** Past the door, as a test sees it. */
  const call = async (method: string, token: string, body: object = {}) => {
    const response = await fetch(`${behind}/api/${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    const answer = record.parse(await response.json());
    if (answer.ok !== true) throw new Error(`${method}: ${String(answer.error)}`);
    return answer;
  };
  const tokenOf = (name: Name): string => `xoxp-${names[name].name}`;
  const users = listed.parse((await call('users.list', tokenOf('anna'))).members);
  const channels = listed.parse((await call('conversations.list', tokenOf('anna'))).channels);
  const idOf = (name: Name): string => users.find((user) => user.name === names[name].name)?.id ?? '';
  const channelOf = (name: string): string => channels.find((channel) => channel.name === name)?.id ?? '';
  const itChannel = channelOf('it-help');
  await call('conversations.leave', tokenOf('paul'), { channel: itChannel });
  await call('conversations.invite', tokenOf('jonas'), { channel: itChannel, users: botUser });
  const door = await openDoor({
    behind,
    localeOf: (user) => {
      const name = (Object.keys(names) as Name[]).find((one) => idOf(one) === user);
      return (name && locales[name]) ?? null;
    },
  });

  const directMessages = async (name: Name): Promise<string> => {
    const { channel } = await call('conversations.open', tokenOf(name), { users: botUser });
    return String(record.parse(channel).id);
  };
  const history = async (token: string, channel: string): Promise<SeenMessage[]> => {
    const { messages } = await call('conversations.history', token, { channel, limit: 200 });
    return z.array(z.unknown()).parse(messages).map(seen).reverse();
  };

  return {
    door,
    itChannel,
    otherChannel: channelOf('sales'),
    idOf,
    handleOf: (name: Name): string => names[name].name,
    /** Of as many more reps as were asked for. */
    repIds: reps.map(({ name }) => users.find((user) => user.name === name)?.id ?? ''),
    directMessages,
    /** A trigger as Slack sends it with a command or a click. */
    trigger: async (name: Name): Promise<string> =>
      String((await call('views.generateTriggerId', botToken, { user_id: idOf(name) })).trigger_id),
    seenBy: async (name: Name): Promise<SeenMessage[]> =>
      (await history(tokenOf(name), await directMessages(name))).filter(({ text }) => text !== ''),
    /** The channel itself, without threads. */
    seenByIt: async (): Promise<SeenMessage[]> =>
      (await history(tokenOf('jonas'), itChannel)).filter(
        ({ thread, ts }) => thread === null || thread === ts,
      ),
    seenInThread: async (ts: string): Promise<SeenMessage[]> => {
      const { messages } = await call('conversations.replies', tokenOf('jonas'), {
        channel: itChannel,
        ts,
        limit: 200,
      });
      return z
        .array(z.unknown())
        .parse(messages)
        .map(seen)
        .filter((one) => one.ts !== ts);
    },
    /** The page of the bot that somebody has before her; null: none was ever made. */
    pageOf: (name: Name): SeenMessage | null => {
      const published = door.calls.findLast(
        ({ method, body }) => method === 'views.publish' && body.user_id === idOf(name),
      );
      if (!published) return null;
      const { blocks } = z.object({ blocks: z.array(z.unknown()) }).parse(published.body.view);
      return { ts: '', thread: null, summary: '', ...shownIn(blocks) };
    },
    /** Private lines with more than a line in them, oldest first. */
    whispersTo: (name: Name): SeenMessage[] =>
      door.whispers
        .filter(({ to, blocks }) => to === idOf(name) && blocks.length > 0)
        .map(({ text: summary, blocks }) => ({ ts: '', thread: null, summary, ...shownIn(blocks) })),
    asMember: (name: Name, method: string, body: object) => call(method, tokenOf(name), body),
    close: async (): Promise<void> => {
      await door.close();
      await emulator.close();
    },
  };
};
export type SlackWorld = Awaited<ReturnType<typeof openSlackWorld>>;
