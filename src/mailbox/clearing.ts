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
export type Made = { session: ImapSession; path: string; uid: number | null };

/** What came into being. `mayCome`: the mail was taken, or may have been, and nobody has seen it. */
export type Traces = { mail: Made | null; copy: Made | null; mayCome: boolean };

type Left = { type: 'left-behind'; what: 'test-mail' | 'copy'; folder: string };

/** Of this folder, which of its mails is ours; null: none, or more than the one, as where a server stores copies itself. */
const uidOf = async (
  session: ImapSession,
  uid: number | null,
  { wanted, signal }: { wanted: Wanted; signal: AbortSignal },
): Promise<number | null> => {
  if (uid !== null) return uid;
  const query = { since: new Date(wanted.sentAt - day), header: { [ownHeader]: wanted.id } };
  const found = await ask(session, { ms: answerMs, signal }, () =>
    session.client.search(query, { uid: true }),
  );
  const [only, ...more] = (found.outcome === 'done' && found.value) || [];
  return more.length === 0 ? (only ?? null) : null;
};

/**
 * Removes exactly this one. Without UIDPLUS (RFC 4315) a plain EXPUNGE would remove whatever else is marked as deleted in
 * that folder, so the message stays. Says whether it is gone, by asking.
 */
const remove = async (
  session: ImapSession,
  { path, uid }: Made,
  { wanted, signal }: { wanted: Wanted; signal: AbortSignal },
): Promise<boolean> => {
  const { client } = session;
  const asking = { ms: answerMs, signal };
  if (!client.capabilities.has('UIDPLUS')) return false;
  const opened = await openFolder(session, { path, readOnly: false }, asking);
  if (opened.outcome !== 'done' || opened.value.readOnly) return false;
  const own = await uidOf(session, uid, { wanted, signal });
  if (own === null) return false;
  const deleted = await ask(session, asking, () => client.messageDelete(String(own), { uid: true }));
  if (deleted.outcome !== 'done' || !deleted.value) return false;
  const query = { uid: String(own), header: { [ownHeader]: wanted.id } };
  const left = await ask(session, asking, () => client.search(query, { uid: true }));
  return left.outcome === 'done' && Array.isArray(left.value) && left.value.length === 0;
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
  return found?.seen.type === 'mail' ? { session, path: found.path, uid: found.seen.uid } : null;
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
  const last = new Map<ImapSession, Promise<boolean>>();
  const removals = made.map(async ({ what, one }) => {
    if (!one) return true;
    // Each by a session of its own, where there are two: each opens a folder of its own.
    const alive = [one.session, ...sessions.imap].filter(isAlive);
    const session = alive.find((other) => !last.has(other)) ?? alive[0];
    const removing = session
      ? (last.get(session) ?? Promise.resolve(true)).then(() => remove(session, one, { wanted, signal }))
      : Promise.resolve(false);
    if (session) last.set(session, removing);
    const isGone = await removing;
    if (!isGone) emit({ type: 'left-behind', what, folder: shownText(one.session.talk, one.path) });
    return isGone;
  });
  const gone = await Promise.all(removals);
  return { isCleared: gone.every((isGone) => isGone) && (!traces.mayCome || found !== null) };
};
