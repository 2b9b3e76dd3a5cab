import type { RehearsalFacts } from '../../diagnosis/observed/rehearsal.ts';
import { meaningOfSending } from '../../probe/refusals/sending.ts';
import { shownText } from '../../probe/session/dialogue.ts';
import type { Made } from '../clearing.ts';
import { ask, type ImapSession, refusalIn } from '../connection/imap.ts';
import type { TestMail } from './test-mail.ts';

/** In milliseconds. */
const storeMs = 6_000;

type Copy = Extract<RehearsalFacts, { type: 'copy' }>;

/** RFC 5530; who has no such code says it in words. */
const isOverQuota = ({ code, reply }: { code: string | null; reply: string }): boolean =>
  code === 'OVERQUOTA' || meaningOfSending(null, [reply]) === 'over-quota';

/** Stores a copy of the mail where mail programs store what they have sent, read as theirs are. Null: none lies there, as it was said. */
export const storeCopy = async (
  session: ImapSession,
  { path, mail }: { path: string; mail: TestMail },
  { signal, emit }: { signal: AbortSignal; emit(seen: Copy): void },
): Promise<Made | null> => {
  const { client, tap, talk } = session;
  const folder = shownText(talk, path);
  const stored = await ask(session, { ms: storeMs, signal }, () => {
    tap.mark();
    return client.append(path, mail.message, ['\\Seen']);
  });
  if (stored.outcome === 'done') {
    emit({ type: 'copy', outcome: 'appended', folder, reply: '', isOverQuota: false });
    // Where the server does not name it, the library takes whichever mail is the newest there.
    const isNamed = tap.lines().some((line) => /^\S+ OK \[APPENDUID /iu.test(line));
    const uid = isNamed ? ((stored.value || undefined)?.uid ?? null) : null;
    return { session, path, uid, isDoubtful: false };
  }
  const refusal = stored.outcome === 'failed' ? refusalIn(session) : null;
  if (refusal) {
    emit({
      ...{ type: 'copy', outcome: 'refused', folder, reply: refusal.reply },
      isOverQuota: isOverQuota(refusal),
    });
    return null;
  }
  const outcome = stored.outcome === 'failed' ? 'closed' : stored.outcome;
  emit({ type: 'copy', outcome, folder, reply: '', isOverQuota: false });
  return { session, path, uid: null, isDoubtful: true };
};
