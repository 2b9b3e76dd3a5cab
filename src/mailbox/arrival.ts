/** Waiting for the mail: told by the server (RFC 2177), or by asking. */
import { pause } from '../lib/pause.ts';
import { type ImapSession, isAlive } from './connection/imap.ts';
import { listFolders } from './folders.ts';
import { lookInto, type Sighted, type Wanted } from './message/looking.ts';

/** Where and how it was found. */
export type Spotted = {
  seen: Sighted;
  path: string;
  place: 'inbox' | 'junk' | 'other';
  by: 'idle' | 'asked';
  session: ImapSession;
};

/** Between two looks where the server does not tell of new mail by itself, in milliseconds. */
const askingMs = 3_000;

export type InboxWatch = {
  session: ImapSession;
  isTold(): boolean;
  told(signal: AbortSignal): Promise<void>;
};

const canIdle = ({ client }: ImapSession): boolean => client.capabilities.has('IDLE');

/** Has the server tell of new mail from now on; before the mail is sent, so that none is missed. The inbox is open. */
export const watchInbox = (session: ImapSession): InboxWatch => {
  const { client } = session;
  let isNew = false;
  let wake = (): void => {};
  client.on('exists', () => {
    isNew = true;
    wake();
  });
  const listen = (): void => {
    // Any other command ends it, and its own end is nobody's business.
    if (canIdle(session) && isAlive(session)) void client.idle().catch(() => {});
  };
  listen();
  return {
    session,
    isTold: () => {
      const told = isNew;
      isNew = false;
      return told;
    },
    told: async (signal) => {
      if (isNew) return;
      listen();
      const heard = new Promise<void>((resolve) => {
        wake = resolve;
      });
      client.once('close', wake);
      await Promise.race([heard, pause(askingMs, signal)]);
    },
  };
};

type Search = { wanted: Wanted; signal: AbortSignal; found(arrived: Spotted): void };

/** Looks into the inbox whenever the server tells of something; every few seconds where it does not, or nobody else asks. */
const followInbox = async (
  watch: InboxWatch,
  { from, isAlone }: { from: number | null; isAlone: boolean },
  { wanted, signal, found }: Search,
): Promise<void> => {
  const { session } = watch;
  const asks = isAlone || !canIdle(session);
  while (!signal.aborted && isAlive(session)) {
    await watch.told(signal);
    if (signal.aborted) return;
    const by = watch.isTold() && canIdle(session) ? 'idle' : 'asked';
    if (by === 'asked' && !asks) continue;
    const seen = await lookInto(session, { path: 'INBOX', from }, { wanted, signal });
    if (seen) return found({ seen, path: 'INBOX', place: 'inbox', by, session });
  }
};

/** Looks everywhere, again and again: the folder for junk may be born just then, and a server may forget to tell. */
const askAround = async (
  session: ImapSession,
  from: number | null,
  { wanted, signal, found }: Search,
): Promise<void> => {
  for (;;) {
    await pause(askingMs, signal);
    if (signal.aborted || !isAlive(session)) return;
    const folders = await listFolders(session, signal);
    const places = [
      { path: 'INBOX', place: 'inbox' as const, from },
      ...(folders?.junk ?? []).map((path) => ({ path, place: 'junk' as const, from: null })),
      ...(folders?.others ?? []).map((path) => ({ path, place: 'other' as const, from: null })),
    ];
    for (const { path, place, from: lowest } of places) {
      if (signal.aborted || !isAlive(session)) return;
      const seen = await lookInto(session, { path, from: lowest }, { wanted, signal });
      if (seen) return found({ seen, path, place, by: 'asked', session });
    }
  }
};

/** Ends with what was found, when the time is over, or when nobody can look any more. */
export const waitForArrival = async (
  watch: InboxWatch,
  { helper, from, patienceMs }: { helper: ImapSession | null; from: number | null; patienceMs: number },
  { wanted, signal }: { wanted: Wanted; signal: AbortSignal },
): Promise<Spotted | null> => {
  const ended = new AbortController();
  const over = AbortSignal.any([signal, ended.signal, AbortSignal.timeout(patienceMs)]);
  let arrived: Spotted | null = null;
  const search: Search = {
    wanted,
    signal: over,
    found: (one) => {
      arrived ??= one;
      ended.abort();
    },
  };
  const isAlone = helper === null || !isAlive(helper);
  await Promise.all([
    followInbox(watch, { from, isAlone }, search),
    // Who looks alone looks around between two looks at the inbox; who has help leaves that to it.
    helper && !isAlone ? askAround(helper, from, search) : Promise.resolve(),
  ]);
  return arrived;
};
