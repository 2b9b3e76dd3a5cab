import { blottedOut, lacksItsCertificate } from '../../observed/in-front.ts';
import {
  endedWordless,
  firstWords,
  type Seen,
  speaksOwnProtocol,
  turnedAway,
  versionName,
  versionsAnswered,
  wantsOurCertificate,
} from '../../observed/seen.ts';
import { type Judgement, requirement, type Say } from '../../requirement.ts';

/** RFC 8446 §6.2 and RFC 6066 §3. */
const alerts = {
  handshakeFailure: 40,
  insufficientSecurity: 71,
  unrecognisedName: 112,
  certificateRequired: 116,
} as const;

type Own = Say<'smtp-tls'>;

const judgeStarttls = ({ starttls }: Seen, say: Own): Judgement | null => {
  switch (starttls?.outcome) {
    case 'not-offered':
      return say.because('starttls-not-offered', {});
    case 'refused':
      return say.because('starttls-refused', { reply: starttls.reply });
    case 'injected':
      return say.because('starttls-injected', {});
    case 'silent':
    case 'closed':
    case 'reset':
    case 'too-long':
      return say.because('starttls-broken', {});
    case 'accepted':
    case undefined:
      return null;
  }
};

/**
 * The server answered our own hello, which lists everything, and chose each time what a real handshake does not offer.
 * SSL 3.0 is left out: OpenSSL 3 does not speak it, and that is the cause then.
 */
const choosesForeignCiphers = ({ handshake, offers }: Seen): boolean => {
  const chosen = offers.flatMap(({ version, outcome, suite }) =>
    outcome === 'selected' && version !== 'SSLv3' && suite !== null ? [suite] : [],
  );
  return chosen.length > 0 && chosen.every((suite) => handshake?.offered?.includes(suite) === false);
};

const wantsCertificate = (say: Own): Judgement =>
  say.because('client-certificate-required', { insists: true }, { proven: true });

const judgeAlert = (seen: Seen, alert: number | null, say: Own): Judgement | null => {
  if (alert === alerts.unrecognisedName) return say.because('name-not-recognised', {});
  if (alert === alerts.certificateRequired) return wantsCertificate(say);
  const answered = versionsAnswered(seen, 'yes');
  // OpenSSL 3 cannot speak SSL 3.0 at all: the version is the cause, and its requirement says so.
  if (answered.length > 0 && answered.every((version) => version === 'SSL 3.0')) return null;
  const cipher = alert === alerts.handshakeFailure || alert === alerts.insufficientSecurity;
  return say.because(cipher && answered.length > 0 ? 'no-common-cipher' : 'handshake-failed', {});
};

const judgeHandshake = (seen: Seen, say: Own): Judgement | null => {
  const { handshake, endpoint, encryption } = seen;
  if (wantsOurCertificate(seen)) return wantsCertificate(say);
  switch (handshake?.outcome) {
    case 'completed':
      if (endpoint?.encryption === 'none' && encryption)
        return say.because('tls-not-chosen', { works: encryption === 'tls' ? 'SSL/TLS' : 'STARTTLS' });
      if (handshake.withSmallHello) return say.because('large-hello-refused', {});
      // Some ask everybody and insist only later, at the login, which nothing shows before.
      return seen.offers.some(({ asksForCertificate }) => asksForCertificate)
        ? say.because('client-certificate-required', { insists: false })
        : say.pass({ version: versionName(handshake.version ?? '') });
    case 'alert':
    case 'failed':
      return judgeAlert(seen, handshake.alert, say);
    case 'closed':
    case 'reset':
    case 'silent':
    case 'too-long':
    case 'not-tls':
      if (choosesForeignCiphers(seen)) return say.because('no-common-cipher', {});
      if (encryption === 'starttls') return say.because('starttls-broken', {});
      if (handshake.outcome === 'silent' || endedWordless(seen) !== null) return null;
      return judgeAlert(seen, null, say);
    case undefined:
      return null;
  }
};

const judge = (seen: Seen, say: Own): Judgement | null => {
  const { recognition } = seen;
  if (recognition) {
    if (turnedAway(seen)) return null;
    if (!speaksOwnProtocol(seen, recognition.spoken)) return null;
    return say.because(recognition.found === 'tls' ? 'tls-on-plain-port' : 'plain-on-tls-port', {});
  }
  return judgeStarttls(seen, say) ?? judgeHandshake(seen, say);
};

export const imapEncryption = requirement('imap-encryption', {
  scope: ['imap'],
  step: 'connect',
  shownBy: 'outside',
  sources: ['requirements-2017'],
  gate: 'everything',
  neededForLogin: 'always',
  judge: (seen, say) => {
    const spoken = seen.greeting?.outcome === 'spoken' ? seen.greeting.spoken : null;
    // After PREAUTH there is neither a login nor STARTTLS (RFC 9051 §7.1.4, §11.1); inside TLS, too, nobody logs in as oneself.
    if (spoken?.state === 'preauth') return say.because('preauth', { banner: spoken.text });
    const words = firstWords(seen)?.text ?? '';
    return lacksItsCertificate(words)
      ? say.because('no-server-certificate', { banner: words })
      : judge(seen, say);
  },
});

export const smtpTls = requirement('smtp-tls', {
  scope: ['smtp'],
  step: 'connect',
  shownBy: 'outside',
  sources: ['requirements-2017'],
  gate: 'everything',
  neededForLogin: 'always',
  judge: (seen, say) => {
    const missing = seen.starttls?.outcome === 'not-offered' || seen.starttls?.outcome === 'refused';
    const banner = missing ? blottedOut(seen) : null;
    return banner === null ? judge(seen, say) : say.because('starttls-hidden', { banner });
  },
});
