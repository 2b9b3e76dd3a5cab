/**
 * What HubSpot does when it connects an inbox, done once: five sessions, the inbox and the sent folder opened for reading,
 * one mail from the address to itself, a copy of it in the sent folder; then exactly these two messages are removed.
 */
import { performance } from 'node:perf_hooks';
import type { Service } from '../diagnosis/account/endpoint.ts';
import type { ObservationOf } from '../diagnosis/observed/observation.ts';
import type { RehearsalFacts } from '../diagnosis/observed/rehearsal.ts';
import { abortedLater } from '../lib/until-aborted.ts';
import { limits } from '../net/limits.ts';
import { shownText } from '../probe/session/dialogue.ts';
import { type InboxWatch, type Spotted, waitForArrival, watchInbox } from './arrival.ts';
import { clearUp, type Made, type Traces } from './clearing.ts';
import { type ImapSession, isAlive, refusalIn } from './connection/imap.ts';
import { sendMail } from './connection/smtp.ts';
import { type FolderPaths, listFolders, noFolders } from './folders.ts';
import { storeCopy } from './message/copy.ts';
import { examine, type Wanted } from './message/looking.ts';
import { type TestMail, writeTestMail } from './message/test-mail.ts';
import { type Entrances, leaveAll, openSessions, type Sessions } from './sessions.ts';

type Inbox = Omit<ObservationOf<'inbox'>, 'service' | 'at'>;
type Fact = RehearsalFacts | Inbox;
/** Of a mail that is about to be sent, what this gives is waited for. */
type Emit = (service: Service, seen: Fact) => void | Promise<void>;

export type RehearsalOptions = {
  /** How long the mail may take to arrive, in milliseconds. */
  patienceMs: number;
  /** Calls it off: what was made is then cleared away, for `limits.clearingMs` at most. */
  signal: AbortSignal;
  emit: Emit;
};

/** Of the time for clearing up, so much is for leaving. In milliseconds. */
const farewellMs = 1_000;

type Opened = { folders: FolderPaths; from: number | null; isOpen: boolean };

/** Of the first session: which folders there are, and the inbox. */
const openInbox = async (session: ImapSession, signal: AbortSignal, emit: Emit): Promise<Opened> => {
  session.tap.mark();
  const opened = await examine(session, 'INBOX', signal);
  if (opened.outcome !== 'done') {
    const refusal = opened.outcome === 'failed' ? refusalIn(session) : null;
    const outcome = opened.outcome === 'failed' ? (refusal ? 'refused' : 'closed') : opened.outcome;
    emit('imap', { type: 'inbox', outcome, reply: refusal?.reply ?? '' });
    return { folders: noFolders, from: null, isOpen: false };
  }
  emit('imap', { type: 'inbox', outcome: 'opened', reply: '' });
  const from = opened.value.uidNext || null;
  const folders = (await listFolders(session, signal)) ?? noFolders;
  return { folders, from, isOpen: true };
};

type Prepared = Opened & { sessions: Sessions };

const prepare = async (
  entrances: Entrances,
  sessions: Sessions,
  { signal, emit }: Pick<RehearsalOptions, 'signal' | 'emit'>,
): Promise<Prepared> => {
  let inbox: Promise<Opened> | null = null;
  await openSessions(entrances, sessions, {
    signal,
    emit,
    onImap: (session, at) => {
      // The second opens the sent folder as soon as it is known which that is.
      if (at === 0) inbox = openInbox(session, signal, emit);
      else if (at === 1)
        void inbox?.then(async ({ folders: { sent } }) => {
          if (sent !== null) await examine(session, sent, signal);
        });
    },
  });
  const opened = (await inbox) ?? { folders: noFolders, from: null, isOpen: false };
  return { ...opened, sessions };
};

const arrivalOf = (
  arrived: Spotted | null,
  { sinceMs, signal }: { sinceMs: number; signal: AbortSignal },
) => {
  if (arrived === null)
    return signal.aborted
      ? ({ type: 'arrival', outcome: 'cut-short' } as const)
      : ({ type: 'arrival', outcome: 'not-seen', waitedMs: sinceMs } as const);
  const { seen, path, place, by, session } = arrived;
  if (seen.type === 'report') {
    const { status, diagnosis } = seen.report;
    return { type: 'arrival', outcome: 'bounced', status, reply: diagnosis } as const;
  }
  const folder = shownText(session.talk, path);
  const { rewrittenFrom } = seen;
  return { type: 'arrival', outcome: 'arrived', afterMs: sinceMs, by, folder, place, rewrittenFrom } as const;
};

type Run = {
  prepared: Prepared;
  mail: TestMail;
  wanted: Wanted;
  watch: InboxWatch;
  patienceMs: number;
  /** Nothing more is begun, and what is there is cleared away. */
  stop: AbortSignal;
  /** Later: the end of everything. */
  end: AbortSignal;
  emit: Emit;
};

/** Waits for what was taken, or may have been. */
const followMail = async (run: Run, sentAt: number): Promise<Pick<Traces, 'mail' | 'mayCome'>> => {
  const { prepared, wanted, watch, stop, patienceMs, emit } = run;
  const helper = prepared.sessions.imap.slice(1).findLast(isAlive) ?? null;
  const leftMs = Math.max(0, Math.round(patienceMs - (performance.now() - sentAt)));
  const looking = { helper, from: prepared.from, patienceMs: leftMs };
  const arrived = await waitForArrival(watch, looking, { wanted, signal: stop });
  const sinceMs = Math.round(performance.now() - sentAt);
  emit('imap', arrivalOf(arrived, { sinceMs, signal: stop }));
  if (arrived?.seen.type === 'report') return { mail: null, mayCome: false };
  if (!arrived) return { mail: null, mayCome: true };
  const { session, path } = arrived;
  return { mail: { session, path, uid: arrived.seen.uid, isDoubtful: false }, mayCome: false };
};

/** A copy is stored whether or not the mail arrives. */
const copyMail = async ({ prepared, mail, stop, emit }: Run): Promise<Made | null> => {
  const { sessions, folders } = prepared;
  const session = [sessions.imap[1], sessions.imap[2], sessions.imap[0]].find(
    (one) => one !== undefined && isAlive(one),
  );
  if (folders.sent === null || !session) return null;
  const path = folders.sent;
  return storeCopy(session, { path, mail }, { signal: stop, emit: (seen) => emit('imap', seen) });
};

const sendAndFollow = async (run: Run): Promise<Traces> => {
  const { prepared, mail, wanted, stop, end, patienceMs, emit } = run;
  const [smtp] = prepared.sessions.smtp;
  if (!smtp || stop.aborted) return { mail: null, copy: null, mayCome: false };
  // Whoever keeps its id has it before the server has the mail; who cannot keep it calls this off.
  await emit('smtp', { type: 'test-mail', id: mail.id, phase: 'sending' });
  if (stop.aborted) return { mail: null, copy: null, mayCome: false };
  // Once it is on its way, what becomes of it must be known, also to whoever calls this off.
  const begunAt = performance.now();
  const { message } = mail;
  const sent = await sendMail(smtp, { address: wanted.address, message, patienceMs }, end);
  // Where nobody said that it was taken, the time in which it may arrive has begun with it.
  const sentAt = sent.phase === 'taken' ? performance.now() : begunAt;
  emit('smtp', { type: 'test-mail', id: mail.id, ...sent });
  const copied = stop.aborted ? null : copyMail(run);
  const followed = sent.phase === 'refused' ? { mail: null, mayCome: false } : await followMail(run, sentAt);
  return { ...followed, copy: await copied };
};

const runWith = async (
  prepared: Prepared,
  options: Omit<Run, 'prepared' | 'mail' | 'wanted' | 'watch'> & { address: string },
): Promise<void> => {
  const [session] = prepared.sessions.imap;
  // One mail, and only where it could be seen to arrive.
  if (!session || !prepared.isOpen || !isAlive(session)) return;
  const { address, end, emit } = options;
  const sentAt = Date.now();
  const mail = writeTestMail(address, sentAt);
  const wanted = { id: mail.id, address, sentAt };
  const traces = await sendAndFollow({ ...options, prepared, mail, wanted, watch: watchInbox(session) });
  const { sessions } = prepared;
  const { isCleared } = await clearUp(traces, {
    ...{ sessions, wanted, signal: end },
    emit: (seen) => emit('imap', seen),
  });
  if (isCleared) emit('smtp', { type: 'test-mail', id: mail.id, phase: 'cleared' });
};

/** Rehearses at the servers that have just taken the login. Whatever they do is seen; throws only for faults of ours. */
export const rehearse = async (entrances: Entrances, options: RehearsalOptions): Promise<void> => {
  const { signal, emit, patienceMs } = options;
  const stop = AbortSignal.any([signal, AbortSignal.timeout(limits.rehearsalMs - limits.clearingMs)]);
  const end = abortedLater(stop, limits.clearingMs - farewellMs);
  const sessions: Sessions = { imap: [], smtp: [] };
  emit('imap', { type: 'rehearsal', phase: 'begun' });
  try {
    const prepared = await prepare(entrances, sessions, { signal: stop, emit });
    await runWith(prepared, { patienceMs, stop, end, emit, address: entrances.imap.login.address });
  } finally {
    await leaveAll(sessions);
  }
  emit('imap', { type: 'rehearsal', phase: 'ended' });
};
