import { asciiName } from '../../diagnosis/account/host.ts';
import { shownText } from '../../probe/session/dialogue.ts';
import type { ImapSession } from '../connection/imap.ts';
import { within } from '../connection/within.ts';
import { type DeliveryReport, readReport } from './delivery-report.ts';
import { ownHeader } from './test-mail.ts';

/** What is looked for. `address`: from which it was sent. */
export type Wanted = { id: string; address: string; sentAt: number };

export type Sighted =
  | { type: 'mail'; uid: number; rewrittenFrom: string | null }
  | { type: 'report'; report: DeliveryReport };

/** In milliseconds, of each question. */
const answerMs = 8_000;
const day = 24 * 60 * 60 * 1_000;
/** In bytes: the part of a report that programs read stands before the mail that it sends back. */
const mostOfReport = 64 * 1024;
/** More mails that hold our id are not ours. */
const mostReports = 3;

/** Opens a folder for reading (EXAMINE), so that nothing in it changes, unless it is open. */
export const examine = async ({ client }: ImapSession, path: string, signal: AbortSignal) => {
  if (client.mailbox && client.mailbox.path === path)
    return { outcome: 'done', value: client.mailbox } as const;
  return within(answerMs, signal, client.mailboxOpen(path, { readOnly: true }));
};

const sameAddress = (one: string, other: string): boolean => {
  const form = (address: string): string => {
    const at = address.lastIndexOf('@');
    const domain = address.slice(at + 1);
    return `${address.slice(0, at)}@${asciiName(domain) ?? domain}`.toLowerCase();
  };
  return form(one) === form(other);
};

const readSender = async (
  { client, talk }: ImapSession,
  uid: number,
  { address, signal }: { address: string; signal: AbortSignal },
): Promise<string | null> => {
  const fetched = await within(
    answerMs,
    signal,
    client.fetchOne(String(uid), { envelope: true }, { uid: true }),
  );
  const from =
    fetched.outcome === 'done' && fetched.value ? fetched.value.envelope?.from?.[0]?.address : null;
  return !from || sameAddress(from, address) ? null : shownText(talk, from);
};

const readReports = async (
  { client, talk }: ImapSession,
  uids: readonly number[],
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<DeliveryReport | null> => {
  for (const uid of uids.slice(0, mostReports)) {
    const source = { maxLength: mostOfReport };
    const fetched = await within(answerMs, signal, client.fetchOne(String(uid), { source }, { uid: true }));
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
  const opened = await examine(session, path, signal);
  if (opened.outcome !== 'done') return null;
  const { client } = session;
  const since = new Date(wanted.sentAt - day);
  const range = from === null ? { since } : { uid: `${from}:*` };
  const search = async (query: { header?: Record<string, string>; text?: string }) => {
    const found = await within(answerMs, signal, client.search({ ...range, ...query }, { uid: true }));
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
