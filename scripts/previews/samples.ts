/** Values that fit what is said with them: each text can be proof-read as somebody would get it. */
import type { Notice } from '../../src/conversation/state/conversation.ts';
import type { Evidence } from '../../src/diagnosis/finding.ts';
import { passEvidence, type RequirementId, type Ruling, rulings } from '../../src/diagnosis/policy.ts';

/** How long the words of others are. `marks`: what a stranger writes to be taken for more than text; empty: nobody does. */
export type Size = {
  host: string;
  address: string;
  name: string;
  text: string;
  marks: string;
  findings: number;
};

const usualEvidence = ({ host, marks }: Size): Evidence => ({
  address: '203.0.113.25',
  addresses: ['10.0.0.25', 'fd00::25'],
  afterMs: 3400,
  alive: ['203.0.113.25'],
  answer: `554 5.7.1 ${marks}Access denied`,
  banner: `220 ${host} ${marks}ESMTP ready`,
  bits: 1024,
  by: 'idle',
  command: 'EHLO',
  commonName: host,
  days: 12,
  dead: ['2001:db8::25'],
  domain: 'beispiel-firma.de',
  folder: 'Gesendet',
  folders: ['Gesendet'],
  from: 'noreply@beispiel-firma.de',
  insists: false,
  issuer: 'C=DE, O=Beispiel GmbH, CN=Beispiel Root CA',
  keyBits: 1024,
  keyType: 'RSA',
  mechanism: 'PLAIN',
  mechanisms: ['PLAIN', 'LOGIN'],
  names: [host, `www.${host.slice(5)}`],
  notAfter: '2026-12-05T10:00:00.000Z',
  notBefore: '2026-12-01T10:00:00.000Z',
  opened: 5,
  provider: 'Google',
  reply: `NO ${marks}[AUTHENTICATIONFAILED] Authentication failed.`,
  seconds: 10,
  signature: 'sha1WithRSAEncryption',
  stated: true,
  status: '5.1.1',
  subject: `CN=${host}`,
  trustedBy: 'mozilla',
  version: 'TLS 1.3',
  versions: ['TLS 1.2', 'TLS 1.3'],
  wanted: 5,
  works: 'STARTTLS',
});

const past = { notAfter: '2026-11-11T10:00:00.000Z' };
const oauth = { mechanisms: ['XOAUTH2', 'OAUTHBEARER'] };
const junk = { folder: 'Spam' };

/** Where a reason has values of its own. */
const special: Readonly<Record<string, Readonly<Record<string, Evidence[string]>>>> = {
  'imap-port-open.too-many-connections': { banner: '* BYE Too many connections from your address' },
  'smtp-port-open.too-many-connections': { banner: '421 4.7.0 Too many concurrent SMTP connections' },
  'ip-allowlist.refused-by-banner': {
    banner: '554 5.7.1 Client host rejected: Access denied for this IP address',
  },
  'imap-smtp-supported.wrong-protocol-pop3': { banner: '+OK Dovecot ready.' },
  'imap-smtp-supported.wrong-protocol-imap': { banner: '* OK Dovecot ready.' },
  'imap-smtp-supported.wrong-protocol-other': { banner: 'SSH-2.0-OpenSSH_9.6' },
  'imap-smtp-supported.slow-greeting': { seconds: 14 },
  'imap-smtp-supported.our-name-refused': { banner: '550 5.7.1 Helo command rejected: Host not found' },
  'imap-smtp-supported.closed-with-message': { banner: '* BYE Temporarily out of order' },
  'imap-encryption.starttls-refused': { reply: 'NO TLS is not available' },
  'imap-encryption.preauth': { banner: '* PREAUTH IMAP4rev1 server ready, logged in as root' },
  'imap-encryption.no-server-certificate': { banner: '* BYE Connection is closed. 14' },
  'smtp-tls.starttls-refused': { reply: '454 4.7.0 TLS not available due to local problem' },
  'smtp-tls.starttls-hidden': { banner: '220 *******************************' },
  'tls-min-version.legacy-only': { versions: ['SSL 3.0', 'TLS 1.0'] },
  'tls-min-version.tls11-only': { versions: ['TLS 1.0', 'TLS 1.1'] },
  'cert-trusted.pass': { issuer: 'C=US, O=Internet Security Research Group, CN=ISRG Root X1' },
  'cert-trusted.intercepted-here': { issuer: 'CN=Avast Web/Mail Shield Root' },
  'cert-chain-complete.missing-intermediate': { issuer: 'C=US, O=Let’s Encrypt, CN=R11' },
  'cert-name.name-mismatch': { names: ['web7.hoster.example', 'www.hoster.example'] },
  'cert-validity.expired': past,
  'cert-validity.intermediate-expired': { ...past, subject: 'C=US, O=Let’s Encrypt, CN=R11' },
  'auth-mechanism.oauth-only': oauth,
  'auth-mechanism.challenge-only': { mechanisms: ['CRAM-MD5', 'DIGEST-MD5'] },
  'auth-mechanism.listed-but-refused': { reply: '504 5.5.4 Unrecognized authentication type' },
  'courier-imap.courier': { banner: '* OK [CAPABILITY IMAP4rev1 UIDPLUS] Courier-IMAP ready.' },
  'app-password.required': { reply: 'NO [ALERT] Application-specific password required' },
  'imap-enabled-account.imap-disabled': { reply: 'NO IMAP access is disabled for your account' },
  'imap-enabled-account.disabled-for-domain': { reply: 'NO IMAP access is disabled for your domain' },
  'same-credentials.smtp-refuses-imap-login': { reply: '535 5.7.8 Error: authentication failed' },
  'login-accepted.password-expired': { reply: 'NO [EXPIRED] Password has expired' },
  'login-accepted.web-login-required': { reply: 'NO [WEBALERT] Please log in via your web browser' },
  'login-accepted.locked': { reply: 'NO Account locked, too many failed logins' },
  'login-accepted.basic-auth-disabled': {
    reply: '535 5.7.139 SmtpClientAuthentication is disabled for the Tenant.',
  },
  'login-accepted.refused': { reply: 'NO Policy check failed' },
  'login-accepted.too-many-connections': { reply: 'NO [LIMIT] Too many connections' },
  'login-accepted.unavailable': { reply: 'NO [UNAVAILABLE] Temporary authentication failure' },
  'login-accepted.our-address-refused': {
    reply: '535 5.7.8 Your IP address is blocked after failed attempts',
  },
  'inbox-readable.inbox-refused': { reply: 'NO [SERVERBUG] Internal error occurred' },
  'concurrent-connections.limit-reached': {
    opened: 2,
    reply: 'NO [LIMIT] Maximum number of connections exceeded',
  },
  'sent-folder.not-marked': { folders: ['Gesendet', 'Sent'] },
  'sent-folder.folder-refused': { reply: 'NO [NOPERM] Permission denied' },
  'sent-folder.list-refused': { reply: 'NO [SERVERBUG] Internal error occurred' },
  'sent-folder.copy-refused': { reply: 'NO [OVERQUOTA] Not enough disk quota' },
  'smtp-send-as.sender-refused': { reply: '553 5.7.1 Sender address rejected: not owned by user' },
  'smtp-send-as.over-quota': { reply: '552 5.2.2 Mailbox full' },
  'smtp-send-as.try-later': { reply: '451 4.7.1 Please try again later' },
  'smtp-send-as.sending-suspended': { reply: '550 5.7.1 Outgoing mail for this account is suspended' },
  'smtp-send-as.limit-reached': { reply: '452 4.5.3 Daily sending limit exceeded' },
  'smtp-send-as.our-address-refused': { reply: '550 5.7.1 Service unavailable, client host blocked' },
  'smtp-send-as.content-refused': { reply: '554 5.7.1 Message rejected as spam' },
  'test-mail-arrives.bounced': { reply: '550 5.1.1 User unknown' },
  'test-mail-arrives.in-junk': junk,
  'test-mail-arrives.moved-by-rule': { folder: 'Kunden' },
  'test-mail-arrives.late': { seconds: 24 },
};

const passes: Partial<Record<RequirementId, readonly string[]>> = passEvidence;
const ruled: Record<RequirementId, Readonly<Record<string, Ruling>>> = rulings;

/** No more than this reason carries, each value such as it has. */
export const evidenceOf = (id: RequirementId, reason: string | null, size: Size): Evidence => {
  if (reason === 'not-reached') return { because: 'imap-port-open' };
  const names = reason === null ? (passes[id] ?? []) : (ruled[id][reason]?.evidence ?? []);
  // A stranger's words are tried everywhere, a fitting value where there are none.
  const own = size.marks === '' ? (special[`${id}.${reason ?? 'pass'}`] ?? {}) : {};
  const values = { ...usualEvidence(size), ...own };
  return Object.fromEntries(names.map((name) => [name, values[name] ?? null]));
};

/** What a person wrote, or what a notice is about. */
export const textOf = (kind: Notice['kind'], { address, text }: Size): string | null => {
  switch (kind) {
    case 'use-native-google':
    case 'use-native-microsoft':
    case 'no-public-imap':
      return address;
    case 'too-many-checks':
    case 'too-many-logins':
    case 'too-many-texts':
    case 'too-many-messages':
      return '4';
    case 'already-claimed':
      return 'Lena Vogel';
    case 'hubspot-said':
      return 'imap-login';
    default:
      return text;
  }
};
