import { shownText } from '../probe/session/dialogue.ts';
import { type ImapSession, isAlive } from './connection/imap.ts';
import { within } from './connection/within.ts';
import { lookInto, type Wanted } from './message/looking.ts';
import { ownHeader } from './message/test-mail.ts';
import type { Sessions } from './sessions.ts';

/** In milliseconds, of each command. */
const answerMs = 3_000;

/** One of the two messages that a rehearsal makes, where it lies. `uid` null: the server did not say which it is. */
export type Made = { session: ImapSession; path: string; uid: number | null };

/** What came into being. `mayCome`: the mail was taken, or may have been, and nobody has seen it. */
export type Traces = { mail: Made | null; copy: Made | null; mayCome: boolean };

type Left = { type: 'left-behind'; what: 'test-mail' | 'copy'; folder: string };

/**
 * Removes exactly this one. Without UIDPLUS (RFC 4315) a plain EXPUNGE would remove whatever else is marked as deleted in
 * that folder, so the message stays. Says whether it is gone, by asking.
 */
const remove = async (
  { client }: ImapSession,
  { path, uid }: Made,
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<boolean> => {
  if (uid === null || !client.capabilities.has('UIDPLUS')) return false;
  const opened = await within(answerMs, signal, client.mailboxOpen(path));
  if (opened.outcome !== 'done' || opened.value.readOnly) return false;
  const deleted = await within(answerMs, signal, client.messageDelete(String(uid), { uid: true }));
  if (deleted.outcome !== 'done' || !deleted.value) return false;
  const query = { uid: String(uid), header: { [ownHeader]: id } };
  const left = await within(answerMs, signal, client.search(query, { uid: true }));
  return left.outcome === 'done' && Array.isArray(left.value) && left.value.length === 0;
};

/** A mail that was called off while it was under way may be there by now. */
const lookOnceMore = async (
  { imap }: Sessions,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Made | null> => {
  const session = imap.find(isAlive);
  const seen = session ? await lookInto(session, { path: 'INBOX', from: null }, { wanted, signal }) : null;
  return session && seen?.type === 'mail' ? { session, path: 'INBOX', uid: seen.uid } : null;
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
  const busy = new Set<ImapSession>();
  const removals = made.map(async ({ what, one }) => {
    if (!one) return true;
    // Each by a session of its own, where there are two.
    const free = [one.session, ...sessions.imap].find((other) => isAlive(other) && !busy.has(other));
    const session = free ?? sessions.imap.find(isAlive);
    if (session) busy.add(session);
    const isGone = session ? await remove(session, one, { id: wanted.id, signal }) : false;
    if (!isGone) emit({ type: 'left-behind', what, folder: shownText(one.session.talk, one.path) });
    return isGone;
  });
  const gone = await Promise.all(removals);
  return { isCleared: gone.every((isGone) => isGone) && (!traces.mayCome || found !== null) };
};
