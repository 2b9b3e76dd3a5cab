/** SMTP over an adopted session, by nodemailer's connection. What came of a mail is read from the replies themselves. */
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { RehearsalFacts } from '../../diagnosis/observed/rehearsal.ts';
import type { Entrance } from '../../probe/context.ts';
import { mailbox, smtpRefusal } from '../../probe/login/smtp.ts';
import { meaningOfCode, meaningOfSending } from '../../probe/refusals/sending.ts';
import { ownName } from '../../probe/session/questions.ts';
import type { Adopted } from './adopt.ts';
import { type Held, loginMs, type NotHeld, notHeld } from './session.ts';
import { within } from './within.ts';

export type SmtpSession = Pick<Adopted, 'tap' | 'talk'> & { connection: SMTPConnection };

const connectionOver = (
  { socket, talk }: Adopted,
  { endpoint, address, manners }: Entrance,
): SMTPConnection => {
  const connection = new SMTPConnection({
    host: address,
    port: endpoint.port,
    secure: true,
    // By whoever opened it.
    secured: true,
    connection: socket,
    ignoreTLS: true,
    name: ownName({ wire: talk.wire, manners }),
    logger: false,
    maxResponseSize: 64 * 1024,
    connectionTimeout: 8_000,
    greetingTimeout: 8_000,
    socketTimeout: 90_000,
    socketCloseTimeout: 500,
  });
  // Without a listener an error of the connection ends the process.
  connection.on('error', () => {});
  return connection;
};

/** Settles whatever happens: of a connection that ends, the library tells only its listeners. */
const settled = (
  connection: SMTPConnection,
  begin: (done: (error?: unknown) => void) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (): void => reject(new Error('the connection has ended'));
    connection.once('end', fail);
    connection.once('error', fail);
    begin((error) => (error ? fail() : resolve()));
  });

/** Lines of each reply; one of several lines goes on where a hyphen follows its code (RFC 5321 §4.2.1). */
const repliesIn = (lines: readonly string[]): string[][] => {
  const replies: string[][] = [];
  let isOpen = false;
  for (const line of lines) {
    if (isOpen) replies.at(-1)?.push(line);
    else replies.push([line]);
    isOpen = /^\d{3}-/u.test(line);
  }
  return replies;
};

const refuses = ([first = '']: readonly string[]): boolean => /^[45]\d\d/u.test(first);

const refusalIn = ({ tap, talk }: Adopted): string | null => {
  const refused = repliesIn(tap.lines()).findLast(refuses);
  return refused ? smtpRefusal(talk, refused).reply : null;
};

/** In milliseconds; who does not answer a farewell is left without one. */
const farewellMs = 1_000;

export const leaveSmtp = async ({ connection }: SmtpSession): Promise<void> => {
  if (!connection.destroyed) {
    const ended = new Promise<void>((resolve) => void connection.once('end', () => resolve()));
    connection.quit();
    await within(farewellMs, new AbortController().signal, ended);
  }
  connection.close();
};

export const logIntoSmtp = async (
  adopted: Adopted,
  entrance: Entrance,
  signal: AbortSignal,
): Promise<Held<SmtpSession> | NotHeld> => {
  const connection = connectionOver(adopted, entrance);
  const { username, secret } = entrance.login;
  const auth = { user: username, pass: secret.reveal(), method: entrance.mechanism };
  const loggedIn = settled(connection, (done) => connection.connect(done)).then(() =>
    settled(connection, (done) => connection.login(auth, done)),
  );
  const ended = await within(loginMs, signal, loggedIn);
  const session = { connection, tap: adopted.tap, talk: adopted.talk };
  if (ended.outcome === 'done') return { outcome: 'opened', session };
  const refusal = refusalIn(adopted);
  if (ended.outcome === 'failed') await leaveSmtp(session);
  else connection.close();
  return notHeld(ended, adopted, refusal);
};

export const isAlive = ({ connection }: SmtpSession): boolean => !connection.destroyed;

/** In milliseconds: a filter may read the mail before it answers (RFC 5321 §4.5.3.2.6 allows it ten minutes). */
const longestSendMs = 25_000;
const shortestSendMs = 8_000;

type Sent<T = Extract<RehearsalFacts, { type: 'test-mail' }>> = T extends {
  phase: 'taken' | 'refused' | 'unanswered';
}
  ? Omit<T, 'type' | 'id'>
  : never;

/** What is said of a mail that was read, whatever else the words may mean of a sender. */
const aboutContent = /\b(?:content|spam|virus|malware|phish\w*|attachment|filter\w*|inhalt\w*)\b/iu;

/** The first reply that refuses says why; DATA itself is answered after sender and recipient were let through. */
const outcomeOf = (replies: readonly string[][], talk: SmtpSession['talk']): Sent | null => {
  const at = replies.findIndex(refuses);
  const refused = replies[at];
  if (refused) {
    const refusal = smtpRefusal(talk, refused);
    const stage = at >= 2 ? 'content' : 'envelope';
    const meaning = meaningOfSending(refusal.code, refused);
    const isOfContent = stage === 'content' && refused.some((line) => aboutContent.test(line));
    return {
      phase: 'refused',
      stage,
      ...refusal,
      meaning: isOfContent ? meaningOfCode(refusal.code) : meaning,
    };
  }
  const data = replies.findIndex(([first = '']) => first.startsWith('354'));
  const last = data < 0 ? undefined : replies[data + 1];
  return last?.[0]?.startsWith('2') ? { phase: 'taken' } : null;
};

/** Sends the mail from the address to itself, once. */
export const sendMail = async (
  { connection, tap, talk }: SmtpSession,
  { address, message, patienceMs }: { address: string; message: Buffer; patienceMs: number },
  signal: AbortSignal,
): Promise<Sent> => {
  const own = mailbox(address);
  tap.mark();
  const envelope = { from: own, to: [own], size: message.length };
  const ended = await within(
    Math.min(longestSendMs, Math.max(shortestSendMs, patienceMs)),
    signal,
    settled(connection, (done) => connection.send(envelope, message, done)),
  );
  const known = outcomeOf(repliesIn(tap.lines()), talk);
  if (known) return known;
  const outcome = tap.isTooMuch()
    ? 'too-long'
    : ended.outcome === 'silent' || ended.outcome === 'cut-short'
      ? ended.outcome
      : 'closed';
  return { phase: 'unanswered', outcome };
};
