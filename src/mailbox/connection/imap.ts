/**
 * IMAP over an adopted session, by imapflow. Its limits are set low and its own habits off: nothing is selected, enabled or
 * compressed unless it is asked for.
 */
import { ImapFlow } from 'imapflow';
import type { Entrance } from '../../probe/context.ts';
import { imapRefusalOf } from '../../probe/login/imap.ts';
import { loginMethods, transportOver } from '../login/imapflow.ts';
import type { Adopted } from './adopt.ts';
import { type Held, loginMs, type NotHeld, notHeld } from './session.ts';
import { type Settled, within } from './within.ts';

export type ImapSession = Pick<Adopted, 'tap' | 'talk'> & {
  client: ImapFlow;
  /** Settles with the question asked last, whether or not anybody waited for its answer. */
  turn: { last: Promise<unknown> };
};

/** Bytes, tokens and milliseconds; the tap is stricter, and this holds what gets past it. */
const limitsOfLibrary = {
  maxLineLength: 64 * 1024,
  maxLiteralSize: 256 * 1024,
  maxResponseSize: 512 * 1024,
  maxResponseTokens: 20_000,
  greetingTimeout: 8_000,
  connectionTimeout: 8_000,
  socketTimeout: 45_000,
} as const;

/** By what the login test calls a mechanism. */
const methods: Readonly<Record<string, string>> = loginMethods;

const clientOver = ({ socket }: Adopted, { endpoint, address, login, mechanism }: Entrance): ImapFlow => {
  const client = new ImapFlow({
    host: address,
    port: endpoint.port,
    secure: true,
    auth: {
      user: login.username,
      pass: login.secret.reveal(),
      loginMethod: methods[mechanism] ?? 'AUTH=PLAIN',
    },
    transport: transportOver(socket),
    logger: false,
    // RFC 2971; what is empty is not said, and the library would name its own maker.
    clientInfo: { name: 'connect-email', version: '', vendor: '', 'support-url': '' },
    disableAutoIdle: true,
    disableAutoEnable: true,
    disableCompression: true,
    ...limitsOfLibrary,
  });
  // Without a listener an error of the connection ends the process.
  client.on('error', () => {});
  return client;
};

const answer = /^[0-9A-F]+ (?:NO|BAD)\b/iu;

/** What was refused last, or a farewell instead of it: its words and its code (RFC 5530); null: neither. */
export const refusalIn = ({
  tap,
  talk,
}: Pick<ImapSession, 'tap' | 'talk'>): { reply: string; code: string | null } | null => {
  const lines = tap.lines();
  const said =
    lines.findLast((line) => answer.test(line)) ?? lines.findLast((line) => /^\* BYE\b/iu.test(line));
  if (said === undefined) return null;
  const words = said.replace(/^\S+ (?:(?:NO|BAD|BYE)\b ?)?/iu, '');
  return imapRefusalOf(talk, words);
};

export const logIntoImap = async (
  adopted: Adopted,
  entrance: Entrance,
  signal: AbortSignal,
): Promise<Held<ImapSession> | NotHeld> => {
  const client = clientOver(adopted, entrance);
  const ended = await within(loginMs, signal, client.connect());
  if (ended.outcome === 'done') {
    // Folders are named in full here, as they are listed; the library would put the prefix before those of other namespaces.
    client.namespace = undefined;
    return {
      outcome: 'opened',
      session: { client, tap: adopted.tap, talk: adopted.talk, turn: { last: Promise.resolve() } },
    };
  }
  // The library hangs up without a farewell where it is not let in.
  if (ended.outcome === 'failed' && adopted.socket.writable) adopted.socket.write('F0 LOGOUT\r\n');
  client.close();
  return notHeld(ended, adopted, refusalIn(adopted)?.reply ?? null);
};

type Limits = { ms: number; signal: AbortSignal };

/**
 * Asks one question of a session, for so many milliseconds. One that nobody waits for any more goes on in the library, in
 * steps of its own, and might open another folder in the middle of the next: so each begins when the one before is over.
 */
export const ask = <T>(
  { turn }: ImapSession,
  { ms, signal }: Limits,
  begin: () => Promise<T>,
): Promise<Settled<T>> => {
  const over = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  const task = turn.last.then(() => {
    over.throwIfAborted();
    return begin();
  });
  turn.last = task.catch(() => {});
  return within(ms, signal, task);
};

/**
 * Opens a folder, for reading only where it is so said. The library would first ask for its place in the list, with its name
 * as a pattern, and would take the refusal of that for a refusal of the folder; so it is told that it knows the place.
 */
export const openFolder = (
  session: ImapSession,
  { path, readOnly }: { path: string; readOnly: boolean },
  limits: Limits,
) => {
  const { client } = session;
  return ask(session, limits, async () => {
    const isOpen = client.mailbox && client.mailbox.path === path && (readOnly || !client.mailbox.readOnly);
    if (client.mailbox && isOpen) return client.mailbox;
    const known: unknown = Reflect.get(client, 'folders');
    if (known instanceof Map && !known.has(path)) known.set(path, { path });
    return client.mailboxOpen(path, { readOnly });
  });
};

export const isAlive = ({ client }: ImapSession): boolean => client.usable;

/** In milliseconds; who does not answer a farewell is left without one. */
const farewellMs = 1_000;

export const leaveImap = async ({ client }: ImapSession): Promise<void> => {
  if (client.usable) await within(farewellMs, new AbortController().signal, client.logout());
  client.close();
};
