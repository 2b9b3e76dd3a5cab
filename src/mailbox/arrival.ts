/** Waiting for the mail: told by the server (RFC 2177), or by asking. */
import { pause } from '../lib/pause.ts';
import { type ImapSession, isAlive } from './connection/imap.ts';
import { listFolders } from './folders.ts';
import { examine, lookInto, type Sighted, type Wanted } from './message/looking.ts';

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
/** When the time for waiting is over, a last look may take so long. In milliseconds. */
const lastLookMs = 2_000;

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
  client.on('exists', ({ path }) => {
    if (path !== 'INBOX') return;
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
      // After whatever it was asked meanwhile, which would end the listening.
      void session.turn.last.then(listen);
      const heard = new Promise<void>((resolve) => {
        wake = resolve;
      });
      client.once('close', wake);
      await Promise.race([heard, pause(askingMs, signal)]);
    },
  };
};

type Place = Pick<Spotted, 'path' | 'place'> & { from: number | null };
type Looking = { wanted: Wanted; signal: AbortSignal };
type Search = Looking & {
  /** The time for waiting is over, and who looks looks once more. */
  waiting: AbortSignal;
  found(arrived: Omit<Spotted, 'session'>, session: ImapSession): void;
};

/** As they are now: the folder for junk may be born just then. */
const placesBesides = async (session: ImapSession, signal: AbortSignal): Promise<Place[]> => {
  const folders = await listFolders(session, signal);
  return [
    ...(folders?.junk ?? []).map((path) => ({ path, place: 'junk' as const, from: null })),
    ...(folders?.others ?? []).map((path) => ({ path, place: 'other' as const, from: null })),
  ];
};

/** Looks into the inbox, then into the folders for junk, then into all others. `from`: the lowest UID in the inbox. */
export const lookEverywhere = async (
  session: ImapSession,
  from: number | null,
  { wanted, signal }: Looking,
): Promise<(Place & { seen: Sighted }) | null> => {
  const lookAt = async (place: Place) => {
    if (signal.aborted || !isAlive(session)) return null;
    const seen = await lookInto(session, place, { wanted, signal });
    return seen && { ...place, seen };
  };
  const inInbox = await lookAt({ path: 'INBOX', place: 'inbox', from });
  if (inInbox) return inInbox;
  for (const place of await placesBesides(session, signal)) {
    const found = await lookAt(place);
    if (found) return found;
  }
  return null;
};

/** Looks into the inbox whenever the server tells of something; every few seconds where it does not, or nobody else asks. */
const followInbox = async (
  watch: InboxWatch,
  { from, isAlone }: { from: number | null; isAlone(): boolean },
  { wanted, signal, waiting, found }: Search,
): Promise<void> => {
  const { session } = watch;
  for (;;) {
    await watch.told(waiting);
    if (signal.aborted || !isAlive(session)) return;
    const by = watch.isTold() && canIdle(session) ? 'idle' : 'asked';
    const isLast = waiting.aborted;
    if (by === 'idle' || !canIdle(session) || isAlone() || isLast) {
      const seen = await lookInto(session, { path: 'INBOX', from }, { wanted, signal });
      if (seen) return found({ seen, path: 'INBOX', place: 'inbox', by }, session);
    }
    if (by === 'asked' && isAlone()) {
      const elsewhere = await lookEverywhere(session, from, { wanted, signal });
      if (elsewhere) return found({ ...elsewhere, by }, session);
      // Only of the folder that is open does a server tell.
      await examine(session, 'INBOX', signal);
    }
    if (isLast) return;
  }
};

/** Looks everywhere, again and again, since a server may forget to tell. */
const askAround = async (
  session: ImapSession,
  from: number | null,
  { wanted, signal, waiting, found }: Search,
): Promise<void> => {
  for (;;) {
    await pause(askingMs, waiting);
    if (signal.aborted || !isAlive(session)) return;
    const isLast = waiting.aborted;
    const seen = await lookEverywhere(session, from, { wanted, signal });
    if (seen) return found({ ...seen, by: 'asked' }, session);
    if (isLast) return;
  }
};

/** Ends with what was found, when the time is over, or when nobody can look any more. */
export const waitForArrival = async (
  watch: InboxWatch,
  { helper, from, patienceMs }: { helper: ImapSession | null; from: number | null; patienceMs: number },
  { wanted, signal }: Looking,
): Promise<Spotted | null> => {
  const ended = new AbortController();
  const called = AbortSignal.any([signal, ended.signal]);
  let arrived: Spotted | null = null;
  const search: Search = {
    wanted,
    waiting: AbortSignal.any([called, AbortSignal.timeout(patienceMs)]),
    signal: AbortSignal.any([called, AbortSignal.timeout(patienceMs + lastLookMs)]),
    found: ({ seen, path, place, by }, session) => {
      arrived ??= { seen, path, place, by, session };
      ended.abort();
    },
  };
  const isAlone = (): boolean => helper === null || !isAlive(helper);
  await Promise.all([
    followInbox(watch, { from, isAlone }, search),
    // Who looks alone looks around between two looks at the inbox; who has help leaves that to it.
    helper ? askAround(helper, from, search) : Promise.resolve(),
  ]);
  return arrived;
};
