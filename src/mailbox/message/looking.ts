import { asciiName } from '../../diagnosis/account/host.ts';
import { shownText } from '../../probe/session/dialogue.ts';
import { ask, type ImapSession, openFolder } from '../connection/imap.ts';
import { type DeliveryReport, readReport } from './delivery-report.ts';
import { ownHeader } from './test-mail.ts';

/** What is looked for. `address`: from which it was sent. */
export type Wanted = { id: string; address: string; sentAt: number };

export type Sighted =
  | { type: 'mail'; uid: number; rewrittenFrom: string | null }
  | { type: 'report'; report: DeliveryReport };

/** In milliseconds, of each question. */
const answerMs = 6_000;
const day = 24 * 60 * 60 * 1_000;
/** In bytes: the part of a report that programs read stands before the mail that it sends back. */
const mostOfReport = 64 * 1024;
/** More mails that hold our id are not ours. */
const mostReports = 3;

/** Opens a folder for reading (EXAMINE), so that nothing in it changes, unless it is open. */
export const examine = (session: ImapSession, path: string, signal: AbortSignal) =>
  openFolder(session, { path, readOnly: true }, { ms: answerMs, signal });

const sameAddress = (one: string, other: string): boolean => {
  const form = (address: string): string => {
    const at = address.lastIndexOf('@');
    const domain = address.slice(at + 1);
    return `${address.slice(0, at)}@${asciiName(domain) ?? domain}`.toLowerCase();
  };
  return form(one) === form(other);
};

const readSender = async (
  session: ImapSession,
  uid: number,
  { address, signal }: { address: string; signal: AbortSignal },
): Promise<string | null> => {
  const { client, talk } = session;
  const fetched = await ask(session, { ms: answerMs, signal }, () =>
    client.fetchOne(String(uid), { envelope: true }, { uid: true }),
  );
  const from =
    fetched.outcome === 'done' && fetched.value ? fetched.value.envelope?.from?.[0]?.address : null;
  return !from || sameAddress(from, address) ? null : shownText(talk, from);
};

const readReports = async (
  session: ImapSession,
  uids: readonly number[],
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<DeliveryReport | null> => {
  const { client, tap, talk } = session;
  for (const uid of uids.slice(0, mostReports)) {
    const source = { maxLength: mostOfReport };
    const fetched = await ask(session, { ms: answerMs, signal }, () => {
      tap.expect(2 * mostOfReport);
      return client.fetchOne(String(uid), { source }, { uid: true });
    });
    const bytes = fetched.outcome === 'done' && fetched.value ? fetched.value.source : undefined;
    const report = bytes ? readReport(bytes.toString('latin1'), id) : null;
    if (report) return { ...report, diagnosis: shownText(talk, report.diagnosis) };
  }
  return null;
};

/**
 * Looks for the mail in one folder, or for a report that names it. Searched by our own header alone, among what is as new
 * as it: of other mails nothing is read but those that hold its id. `from`: the lowest UID that it can have.
 */
export const lookInto = async (
  session: ImapSession,
  { path, from }: { path: string; from: number | null },
  { wanted, signal }: { wanted: Wanted; signal: AbortSignal },
): Promise<Sighted | null> => {
  const { client } = session;
  // How many it holds is news only where it has just been opened.
  const wasOpen = client.mailbox && client.mailbox.path === path;
  const opened = await examine(session, path, signal);
  if (opened.outcome !== 'done' || (!wasOpen && opened.value.exists === 0)) return null;
  const since = new Date(wanted.sentAt - day);
  const range = from === null ? { since } : { uid: `${from}:*` };
  const search = async (query: { header?: Record<string, string>; text?: string }) => {
    const found = await ask(session, { ms: answerMs, signal }, () =>
      client.search({ ...range, ...query }, { uid: true }),
    );
    return found.outcome === 'done' && found.value ? found.value : [];
  };
  const [uid] = await search({ header: { [ownHeader]: wanted.id } });
  if (uid !== undefined) {
    const rewrittenFrom = await readSender(session, uid, { address: wanted.address, signal });
    return { type: 'mail', uid, rewrittenFrom };
  }
  // BODY would not do: Dovecot does not look into the header of a mail that a report sends back.
  const holding = await search({ text: wanted.id });
  const report = await readReports(session, holding, { id: wanted.id, signal });
  return report ? { type: 'report', report } : null;
};
