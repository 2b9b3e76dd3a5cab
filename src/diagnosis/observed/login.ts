import type { RequirementId } from '../policy.ts';
import type { Judgement, Say } from '../requirement.ts';
import { tlsEndsInFront } from './in-front.ts';
import type { ObservationOf } from './observation.ts';
import { loginWantsOurCertificate, type Seen } from './seen.ts';

type Login = ObservationOf<'login'>;

/** A password was sent and the server gave an answer, whichever. */
const answered = ({ outcome }: Login): boolean => outcome === 'accepted' || outcome === 'refused';

/** Whether anybody's login was answered in this run. */
export const loginTested = (logins: readonly Login[]): boolean => logins.some(answered);

/** SASL mechanisms (RFC 4616, and LOGIN, which no RFC describes) that carry a password as it is. */
const passwordMechanisms = ['PLAIN', 'LOGIN'];

export const offersPassword = (mechanisms: readonly string[]): boolean =>
  mechanisms.some((name) => passwordMechanisms.includes(name));

/** The server took user name and password as they are; a challenge such as CRAM-MD5 would be no proof of that. */
export const takesPassword = (login: Login | null): boolean =>
  login?.outcome === 'accepted' && offersPassword([login.mechanism?.split(' ')[0] ?? '']);

const refusesPair = (login: Login | undefined): login is Login =>
  login?.outcome === 'refused' && login.meaning === 'wrong-credentials';

const otherAccepts = (logins: readonly Login[], service: 'imap' | 'smtp'): boolean =>
  logins.some((login) => login.service !== service && login.outcome === 'accepted');

/** One server took a pair that the other refused: the refusal, if it came from this service. */
export const refusedElsewhereTaken = (logins: readonly Login[], service: 'imap' | 'smtp'): Login | null => {
  const own = logins.find((login) => login.service === service);
  return refusesPair(own) && otherAccepts(logins, service) ? own : null;
};

/** Where it is judged whether a service is secured. */
const encryptionOf = { imap: 'imap-encryption', smtp: 'smtp-tls' } as const;

/** A mechanism that is not known after all, or a line that is taken for an open one: what is offered is to blame. */
const blamesMechanism = ({ login, tlsCapabilities }: Seen): boolean => {
  const meaning = login?.meaning;
  if (meaning === 'mechanism-unknown' || meaning === 'tls-required') return true;
  const listed = tlsCapabilities?.mechanisms ?? [];
  return meaning === 'basic-auth-disabled' && listed.length > 0 && !offersPassword(listed);
};

/** Which requirement carries the blame for a login that was not accepted, so that the cause shows once. */
export const blamed = (seen: Seen): RequirementId => {
  if (refusedElsewhereTaken(seen.everyLogin, seen.service)) return 'same-credentials';
  if (seen.login?.outcome !== 'refused') return 'login-accepted';
  if (tlsEndsInFront(seen)) return 'auth-mechanism';
  if (loginWantsOurCertificate(seen)) return encryptionOf[seen.service];
  if (blamesMechanism(seen)) return 'auth-mechanism';
  switch (seen.login.meaning) {
    case 'imap-disabled':
    case 'imap-disabled-for-domain':
      return 'imap-enabled-account';
    // A pair that SMTP takes is not the one of the two that is wrong.
    case 'wrong-credentials-or-imap-disabled':
      return otherAccepts(seen.everyLogin, seen.service) ? 'imap-enabled-account' : 'login-accepted';
    case 'app-password':
      return 'app-password';
    default:
      return 'login-accepted';
  }
};

/** Nobody tried this service: no password was given, or SMTP is said to use another login than the one we have. */
export const notTried = ({ everyLogin, service, account }: Seen): boolean =>
  everyLogin.length === 0 || (service === 'smtp' && account.smtpLogin === 'different');

type AnySay = Pick<Say<RequirementId>, 'notTested' | 'notReached'>;

/** For what shows only behind an accepted login: judges then, else says why there was none. */
export const afterLogin = (seen: Seen, say: AnySay, judge: () => Judgement | null): Judgement | null => {
  if (notTried(seen)) return say.notTested();
  if (!seen.login) return null;
  return seen.login.outcome === 'accepted' ? judge() : say.notReached(blamed(seen));
};

/** For what shows in a rehearsal only. */
export const afterRehearsal = (
  { rehearsal }: Seen,
  say: Pick<AnySay, 'notTested'>,
  judge: () => Judgement | null,
): Judgement | null => (rehearsal.begun ? judge() : say.notTested());
