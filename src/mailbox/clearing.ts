import { shownText } from '../probe/session/dialogue.ts';
import { lookEverywhere } from './arrival.ts';
import { ask, type ImapSession, isAlive, openFolder } from './connection/imap.ts';
import type { Wanted } from './message/looking.ts';
import { ownHeader } from './message/test-mail.ts';
import type { Sessions } from './sessions.ts';

/** In milliseconds, of each command. */
const answerMs = 3_000;
/** In milliseconds, so that time is left for removing what it finds. */
const onceMoreMs = 1_500;
const day = 24 * 60 * 60 * 1_000;

/** One of the two messages that a rehearsal makes, where it lies. `uid` null: the server did not say which it is. */
export type Made = {
  session: ImapSession;
  path: string;
  uid: number | null;
  /** Nobody answered when it was stored, so it may lie there or not. */
  isDoubtful: boolean;
};

/** What came into being. `mayCome`: the mail was taken, or may have been, and nobody has seen it. */
export type Traces = { mail: Made | null; copy: Made | null; mayCome: boolean };

type Left = { type: 'left-behind'; what: 'test-mail' | 'copy'; folder: string };

/** Of the folder that is open, which of its mails are ours; null: nobody says. */
const ownIn = async (
  session: ImapSession,
  { uid, wanted, signal }: { uid: number | null; wanted: Wanted; signal: AbortSignal },
): Promise<number[] | null> => {
  const range = uid === null ? { since: new Date(wanted.sentAt - day) } : { uid: String(uid) };
  const query = { ...range, header: { [ownHeader]: wanted.id } };
  const found = await ask(session, { ms: answerMs, signal }, () =>
    session.client.search(query, { uid: true }),
  );
  return found.outcome === 'done' && Array.isArray(found.value) ? found.value : null;
};

type Fate = 'gone' | 'stays' | 'unknown';

/**
 * Removes exactly this one. Without UIDPLUS (RFC 4315) a plain EXPUNGE would remove whatever else is marked as deleted in
 * that folder, so the message stays. Whether it is gone is asked.
 */
const remove = async (
  session: ImapSession,
  { path, uid, isDoubtful }: Made,
  { wanted, signal }: { wanted: Wanted; signal: AbortSignal },
): Promise<Fate> => {
  const { client } = session;
  const asking = { ms: answerMs, signal };
  const canRemove = client.capabilities.has('UIDPLUS');
  if (!canRemove && !isDoubtful) return 'stays';
  const opened = await openFolder(session, { path, readOnly: !canRemove }, asking);
  if (opened.outcome !== 'done') return isDoubtful ? 'unknown' : 'stays';
  const own = uid === null ? await ownIn(session, { uid, wanted, signal }) : [uid];
  if (own === null || own.length === 0) {
    if (!isDoubtful) return 'stays';
    return own ? 'gone' : 'unknown';
  }
  // More than one: the server has stored a copy itself, and none tells which is ours.
  const [only, ...more] = own;
  if (!canRemove || opened.value.readOnly || more.length > 0) return 'stays';
  const deleted = await ask(session, asking, () => client.messageDelete(String(only), { uid: true }));
  if (deleted.outcome !== 'done' || !deleted.value) return 'stays';
  const left = await ownIn(session, { uid: only ?? null, wanted, signal });
  return left?.length === 0 ? 'gone' : 'stays';
};

/** A mail that was called off while it was under way may be there by now. */
const lookOnceMore = async (
  { imap }: Sessions,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Made | null> => {
  const session = imap.find(isAlive);
  if (!session) return null;
  const enough = AbortSignal.any([signal, AbortSignal.timeout(onceMoreMs)]);
  const found = await lookEverywhere(session, null, { wanted, signal: enough });
  return found?.seen.type === 'mail'
    ? { session, path: found.path, uid: found.seen.uid, isDoubtful: false }
    : null;
};

/**
 * Removes what is there of the two messages. What stays is emitted, one for each; `isCleared` says that nothing of it lies
 * there, and that nothing is still to come.
 */
export const clearUp = async (
  traces: Traces,
  {
    sessions,
    wanted,
    signal,
    emit,
  }: {
    sessions: Sessions;
    wanted: Wanted;
    /** The end of everything. */
    signal: AbortSignal;
    emit(seen: Left): void;
  },
): Promise<{ isCleared: boolean }> => {
  const found = traces.mayCome ? await lookOnceMore(sessions, wanted, signal) : null;
  const made = [
    { what: 'test-mail', one: traces.mail ?? found },
    { what: 'copy', one: traces.copy },
  ] as const;
  const last = new Map<ImapSession, Promise<Fate>>();
  const removals = made.map(async ({ one }): Promise<Fate> => {
    if (!one) return 'gone';
    // One that did not answer is not asked again while there is another.
    const inOrder = one.isDoubtful
      ? [...sessions.imap.filter((other) => other !== one.session), one.session]
      : [one.session, ...sessions.imap];
    const alive = inOrder.filter(isAlive);
    // Each by a session of its own, where there are two: each opens a folder of its own.
    const session = alive.find((other) => !last.has(other)) ?? alive[0];
    if (!session) return one.isDoubtful ? 'unknown' : 'stays';
    const before: Promise<unknown> = last.get(session) ?? Promise.resolve();
    const removing = before.then(() => remove(session, one, { wanted, signal }));
    last.set(session, removing);
    return removing;
  });
  const fates = await Promise.all(removals);
  for (const [at, { what, one }] of made.entries())
    if (one && fates[at] === 'stays')
      emit({ type: 'left-behind', what, folder: shownText(one.session.talk, one.path) });
  return { isCleared: fates.every((fate) => fate === 'gone') && (!traces.mayCome || found !== null) };
};
