import { services } from '../../account/endpoint.ts';
import { tlsEndsInFront } from '../../observed/in-front.ts';
import { offersPassword, takesPassword } from '../../observed/login.ts';
import type { ObservationOf } from '../../observed/observation.ts';
import type { Seen } from '../../observed/seen.ts';
import { looksLikeDovecot } from '../../observed/software.ts';
import { type Judgement, requirement, type Say } from '../../requirement.ts';

const oauthMechanisms = ['XOAUTH2', 'OAUTHBEARER'];

type Own = Say<'auth-mechanism'>;

const withoutPassword = (mechanisms: string[], say: Own, proven: boolean): Judgement =>
  say.because(
    mechanisms.every((name) => oauthMechanisms.includes(name)) ? 'oauth-only' : 'challenge-only',
    { mechanisms },
    { proven },
  );

/** A mechanism that is listed and was not known when it was used; proven where no other way led in. */
const listedButRefused = (login: ObservationOf<'login'> | null, say: Own): Judgement | null => {
  if (login?.outcome === 'accepted' && login.passedOver)
    return say.because('listed-but-refused', login.passedOver);
  if (login?.outcome !== 'refused' || login.meaning !== 'mechanism-unknown') return null;
  const { mechanism, reply } = login.passedOver ?? { mechanism: login.mechanism, reply: login.reply };
  return say.because('listed-but-refused', { mechanism, reply }, { proven: true });
};

/** Without LOGINDISABLED (RFC 9051 §6.2.3) the LOGIN command may work whatever AUTH= lists; only a login settles it. */
const judgeImap = (
  { names, mechanisms }: ObservationOf<'capabilities'>,
  login: ObservationOf<'login'> | null,
  say: Own,
): Judgement => {
  if (offersPassword(mechanisms)) return say.pass({ mechanisms });
  const loginDisabled = names.includes('LOGINDISABLED');
  if (mechanisms.length === 0)
    return loginDisabled ? say.because('login-disabled', {}) : say.pass({ mechanisms: ['LOGIN'] });
  const settled =
    login?.outcome === 'refused' &&
    (login.meaning === 'basic-auth-disabled' || login.meaning === 'mechanism-unknown');
  return withoutPassword(mechanisms, say, loginDisabled || settled);
};

const judgeSmtp = (mechanisms: string[], say: Own): Judgement => {
  if (offersPassword(mechanisms)) return say.pass({ mechanisms });
  return mechanisms.length === 0 ? say.because('no-auth', {}) : withoutPassword(mechanisms, say, true);
};

export const authMechanism = requirement('auth-mechanism', {
  scope: services,
  step: 'login',
  shownBy: 'outside',
  sources: ['requirements-2017'],
  gate: 'login',
  neededForLogin: 'always',
  reasonsOfLogin: ['listed-but-refused'],
  judge: (seen, say) => {
    const { service, tlsCapabilities, login } = seen;
    if (tlsCapabilities?.outcome !== 'listed' && tlsCapabilities?.outcome !== 'refused') return null;
    if (tlsEndsInFront(seen)) return say.because('tls-ends-in-front', {});
    const { mechanisms } = tlsCapabilities;
    const isListed = offersPassword(mechanisms) || (service === 'imap' && mechanisms.length === 0);
    const refused = isListed ? listedButRefused(login, say) : null;
    if (refused) return refused;
    // What is listed says what is likely; a login with the password as it is settles it.
    if (takesPassword(login))
      return say.pass({ mechanisms: offersPassword(mechanisms) ? mechanisms : ['LOGIN'] });
    return service === 'imap' ? judgeImap(tlsCapabilities, login, say) : judgeSmtp(mechanisms, say);
  },
});

const offeredBeforeTls = ({ service, plainCapabilities }: Seen): boolean => {
  if (!plainCapabilities) return false;
  const { names, mechanisms } = plainCapabilities;
  const loginCommand = service === 'imap' && !names.includes('LOGINDISABLED');
  return loginCommand || offersPassword(mechanisms);
};

/** RFC 8314 §3.2: no password before TLS. Without any TLS the encryption is the cause, and this merely follows. */
export const plaintextAuth = requirement('plaintext-auth', {
  scope: services,
  step: 'login',
  shownBy: 'outside',
  sources: [],
  judge: (seen, say) => {
    const { encryption, handshake, plainCapabilities, starttls } = seen;
    if (encryption === 'tls') return handshake?.outcome === 'completed' ? say.pass() : null;
    if (plainCapabilities?.outcome !== 'listed' || starttls?.outcome === 'not-offered') return null;
    if (!offeredBeforeTls(seen)) return say.pass();
    // Dovecot counts a client from its own address as secured and offers it what it denies to others.
    if (looksLikeDovecot(seen) && seen.connections.some(({ fromItself }) => fromItself))
      return say.notTested();
    const { mechanisms } = plainCapabilities;
    return say.because('offered-before-tls', { mechanisms: mechanisms.length > 0 ? mechanisms : ['LOGIN'] });
  },
});
