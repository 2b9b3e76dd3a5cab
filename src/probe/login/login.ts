/**
 * The login test: one attempt per server, on the session that the diagnosis has opened to the checked address.
 *
 * imapflow and nodemailer say what logs in (`src/mailbox/login/`); what comes of it is read here, from the server's own
 * lines. The session stays ours behind the login, too, for what is measured: imapflow asks for ID and NAMESPACE before
 * anything else (+50 to +200 ms at 50 ms round trips) and keeps every folder of a list (a hundred thousand take 4 s and
 * 280 MB; read line by line here, 0.7 s and 17 MB), and nodemailer sends DATA along with the envelope (PIPELINING), which
 * without consent must never be sent.
 */
import { TLSSocket } from 'node:tls';
import type { LoginPlan, Sighting } from '../context.ts';
import { lookIntoMailbox } from '../mailbox/mailbox.ts';
import { meaningOfLogin } from '../refusals/login.ts';
import { mindsOurName } from '../refusals/sending.ts';
import { createConcealment } from '../session/conceal.ts';
import type { Answer, Talk } from '../session/dialogue.ts';
import { introduceAgain } from '../session/questions.ts';
import { attemptImap, imapMethods, imapRefusal } from './imap.ts';
import { type Method, type Offered, plainMessage } from './method.ts';
import { attemptSmtp, smtpMethods, smtpRefusal, tryEnvelope } from './smtp.ts';

type Login = Extract<Sighting, { type: 'login' }>;

type Circumstances = {
  plan: LoginPlan;
  offered: Offered;
  /** The certificate was found in order on this very session. */
  verified: boolean;
  /** Its fingerprint (SHA-256); null: the server sent none. */
  fingerprint: string | null;
  signal: AbortSignal;
  emit(seen: Sighting): void;
};

type Report = Omit<Login, 'mechanism' | 'passedOver'>;

const reportOf = (talk: Talk, answer: Answer, { plan, signal }: Circumstances): Report => {
  const { outcome, lines } = answer;
  const base = { type: 'login', username: plan.username, code: null, reply: '', meaning: null } as const;
  switch (outcome) {
    case 'ok':
      return { ...base, outcome: 'accepted' };
    case 'refused': {
      const refusal = talk.service === 'imap' ? imapRefusal(talk, lines) : smtpRefusal(talk, lines);
      return { ...base, ...refusal, outcome, meaning: meaningOfLogin(talk.service, lines) };
    }
    case 'silent':
      return { ...base, outcome: signal.aborted ? 'cut-short' : outcome };
    case 'go-on':
      return { ...base, outcome: 'closed' };
    case 'closed':
    case 'reset':
    case 'too-long':
      return { ...base, outcome };
  }
};

const methodsFor = (talk: Talk, { plan, offered }: Circumstances): Method[] => {
  const credentials = { username: plan.username, password: plan.secret.reveal() };
  return talk.service === 'imap' ? imapMethods(offered, credentials) : smtpMethods(offered, credentials);
};

type Tried = { answer: Answer; login: Login };

/**
 * Tries the first way. A mechanism that is listed and then not known is no refusal of the password: the other way that is
 * offered is tried, once.
 */
const tryMethods = async (
  talk: Talk,
  [first, second]: readonly [Method, ...Method[]],
  circumstances: Circumstances,
): Promise<Tried> => {
  const send = talk.service === 'imap' ? attemptImap : attemptSmtp;
  const answer = await send(talk, first);
  const report = reportOf(talk, answer, circumstances);
  const login: Login = { ...report, mechanism: first.mechanism, passedOver: null };
  if (!second || report.meaning !== 'mechanism-unknown' || talk.wire.ended()) return { answer, login };
  const other = await send(talk, second);
  // Who hangs up on the second way has said what counts to the first.
  if (other.outcome !== 'ok' && other.outcome !== 'refused') return { answer, login };
  const passedOver = { mechanism: first.mechanism, reply: report.reply };
  const later = reportOf(talk, other, circumstances);
  return { answer: other, login: { ...later, mechanism: second.mechanism, passedOver } };
};

/** The name in EHLO is ours, and so is the refusal that it earns. */
const readName = (talk: Talk, { answer, login }: Tried): Tried & { isForName: boolean } => {
  const isForName =
    talk.service === 'smtp' && login.outcome === 'refused' && mindsOurName(login.code, answer.lines);
  return { answer, login: isForName ? { ...login, meaning: 'our-address-refused' } : login, isForName };
};

/** A login that is refused for the name in EHLO was none: it is made once more behind another name. */
const tryIntroduced = async (
  talk: Talk,
  methods: readonly [Method, ...Method[]],
  circumstances: Circumstances,
): Promise<Tried> => {
  const first = readName(talk, await tryMethods(talk, methods, circumstances));
  if (!first.isForName || !(await introduceAgain(talk))) return first;
  const again = readName(talk, await tryMethods(talk, methods, circumstances));
  return again.login.outcome === 'accepted' || again.login.outcome === 'refused' ? again : first;
};

/**
 * A certificate that is in order may be any: a provider has many servers, each with its own. One that nobody vouches
 * for must be the very one that was seen before, or whoever stands in between could show another.
 */
export const isAcceptable = ({
  plan,
  verified,
  fingerprint,
}: Pick<Circumstances, 'plan' | 'verified' | 'fingerprint'>): boolean =>
  verified || (plan.untrustedCertificateExpected && (plan.pinned === null || plan.pinned === fingerprint));

/**
 * Logs in once and looks at what shows only then. Nothing is sent, and nothing reported, where no password login is
 * offered. Gives the mechanism by which it was accepted, else null. The password never leaves without TLS, nor over a certificate that is neither in order nor expected not to be.
 */
export const logIn = async (talk: Talk, circumstances: Circumstances): Promise<string | null> => {
  const { plan, emit } = circumstances;
  if (!(talk.wire.socket instanceof TLSSocket)) throw new TypeError('expected a TLS session to log in over');
  const [first, ...others] = methodsFor(talk, circumstances);
  if (!first) return null;
  if (!isAcceptable(circumstances)) {
    const nothing = { mechanism: null, code: null, reply: '', meaning: null, passedOver: null };
    emit({ type: 'login', outcome: 'withheld', username: plan.username, ...nothing });
    return null;
  }
  const password = plan.secret.reveal();
  talk.conceal = createConcealment(password, {
    carriers: [plainMessage({ username: plan.username, password })],
    names: [plan.username, plan.address],
  });
  const { answer, login } = await tryIntroduced(talk, [first, ...others], circumstances);
  emit(login);
  if (login.outcome !== 'accepted') return null;
  if (talk.service === 'imap') await lookIntoMailbox(talk, answer, circumstances);
  else emit(await tryEnvelope(talk, plan.address, circumstances.signal));
  return login.mechanism;
};
