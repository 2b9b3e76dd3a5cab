/** The reports that people are likeliest to get, each with what was seen. */
import type { Account } from '../../src/diagnosis/account/account.ts';
import type { Endpoint, Service } from '../../src/diagnosis/account/endpoint.ts';
import type { Provider } from '../../src/diagnosis/account/provider.ts';
import type { Observation } from '../../src/diagnosis/observed/observation.ts';
import { providers } from '../../src/discovery/providers/index.ts';
import type { PerLocale } from '../../src/language.ts';
import { certificates, mailHost, trusted } from './certificates.ts';
import type { Fact } from './facts.ts';
import * as seen from './facts.ts';

export type ReportCase = {
  name: PerLocale<string>;
  account: Account;
  observations: Observation[];
  provider: Provider | null;
};

type Encryption = 'tls' | 'starttls';
const endpoint = (
  service: Service,
  port: number,
  { host = mailHost, encryption = 'tls' as Encryption } = {},
): Endpoint => ({
  service,
  host,
  asciiHost: host,
  port,
  encryption,
});

const usual: Account = {
  address: 'anna.beck@beispiel-firma.de',
  imap: endpoint('imap', 993),
  smtp: endpoint('smtp', 465),
  username: 'anna.beck@beispiel-firma.de',
  smtpLogin: 'same',
  untrustedCertificateExpected: false,
  personalInbox: true,
};

const sound: Readonly<Record<Service, readonly Fact[]>> = {
  imap: seen.soundTls('imap', 993),
  smtp: seen.soundTls('smtp', 465),
};

type Told = {
  imap?: readonly Fact[];
  smtp?: readonly Fact[];
  account?: Partial<Account>;
  provider?: string;
};

const told = (
  de: string,
  en: string,
  { imap = sound.imap, smtp = sound.smtp, account = {}, provider }: Told,
): ReportCase => ({
  name: { de, en },
  account: { ...usual, ...account },
  observations: [...seen.seenAt('imap', imap), ...seen.seenAt('smtp', smtp)],
  provider: providers.find(({ id }) => id === provider) ?? null,
});

const withLogin: Readonly<Record<Service, readonly Fact[]>> = {
  imap: [...sound.imap, ...seen.behindLogin.imap],
  smtp: [...sound.smtp, ...seen.behindLogin.smtp],
};
const certificateOnBoth = (certificates: Partial<typeof trusted>) => ({
  imap: seen.but(sound.imap, 'certificates', certificates),
  smtp: seen.but(sound.smtp, 'certificates', certificates),
});
const unanswered = (port: number, outcome: 'refused' | 'timed-out'): Fact[] => [
  seen.resolved,
  seen.connection(port, outcome, outcome === 'timed-out' ? 10_000 : 20),
];
const refusedOnBoth = (
  imapReply: string,
  smtpReply: string,
  meaning: Parameters<typeof seen.refused>[2],
) => ({
  imap: [...sound.imap, seen.refused('imap', imapReply, meaning)],
  smtp: [...sound.smtp, seen.refused('smtp', smtpReply, meaning)],
});
const google = {
  address: 'anna.beck@gmail.com',
  username: 'anna.beck@gmail.com',
  imap: endpoint('imap', 993, { host: 'imap.gmail.com' }),
  smtp: endpoint('smtp', 465, { host: 'smtp.gmail.com' }),
};
const microsoft = {
  imap: endpoint('imap', 993, { host: 'outlook.office365.com' }),
  smtp: endpoint('smtp', 587, { host: 'smtp.office365.com', encryption: 'starttls' }),
};

const connecting: ReportCase[] = [
  told('Alles in Ordnung, noch ohne Anmeldung', 'Everything is fine, before a login', {}),
  told('Alles in Ordnung, nach der Anmeldung', 'Everything is fine, after a login', withLogin),
  told('Der IMAP-Port ist geschlossen', 'The IMAP port is closed', { imap: unanswered(993, 'refused') }),
  told('Beide Ports antworten nicht', 'Neither port answers', {
    imap: unanswered(993, 'timed-out'),
    smtp: unanswered(465, 'timed-out'),
  }),
  told('Ein Tippfehler im Servernamen', 'A typo in the server name', {
    account: { imap: endpoint('imap', 993, { host: 'mial.beispiel-firma.de' }) },
    imap: [{ ...seen.resolved, outcome: 'unknown-name', addresses: [] }],
  }),
  told('Verschlüsselung verwechselt: STARTTLS auf Port 993', 'Encryption mixed up: STARTTLS on port 993', {
    account: { imap: endpoint('imap', 993, { encryption: 'starttls' }) },
    imap: [
      seen.resolved,
      seen.connection(993),
      { type: 'greeting', layer: 'plain', outcome: 'silent', ms: 4000 },
      {
        type: 'recognition',
        found: 'tls',
        spoken: { protocol: 'imap', state: 'ready', about: null, text: '* OK Dovecot ready.' },
      },
    ],
  }),
  told('Der Port von POP3 statt IMAP', 'The POP3 port instead of IMAP', {
    account: { imap: endpoint('imap', 995) },
    imap: [
      seen.resolved,
      seen.connection(995),
      seen.handshake,
      trusted,
      seen.greeting('imap', 'tls', { protocol: 'pop3', text: '+OK Dovecot ready.' }),
      ...seen.offers(['TLSv1.2', 'TLSv1.3']),
    ],
  }),
  told('Der IMAP-Server trennt sofort', 'The IMAP server drops the connection', {
    imap: [
      seen.resolved,
      seen.connection(993),
      { ...seen.handshake, outcome: 'reset', version: null, cipher: null, ms: 12 },
    ],
  }),
  told('Der SMTP-Server weist unsere Adresse ab', 'The SMTP server refuses our address', {
    account: { smtp: endpoint('smtp', 587, { encryption: 'starttls' }) },
    smtp: [
      seen.resolved,
      seen.connection(587),
      seen.greeting('smtp', 'plain', {
        state: 'refusing',
        about: 'addresses',
        text: '554 5.7.1 Client host rejected: Access denied for this IP address',
      }),
    ],
  }),
];

const encrypting: ReportCase[] = [
  told('IMAP bietet kein STARTTLS an', "IMAP doesn't offer STARTTLS", {
    account: { imap: endpoint('imap', 143, { encryption: 'starttls' }) },
    imap: seen.soundUnencrypted('imap', 143),
  }),
  told('SMTP verweigert STARTTLS', 'SMTP refuses STARTTLS', {
    account: { smtp: endpoint('smtp', 587, { encryption: 'starttls' }) },
    smtp: [
      ...seen
        .without(
          seen.soundStarttls('smtp', 587),
          ...(['starttls', 'handshake', 'certificates', 'version-offer'] as const),
        )
        .filter((fact) => fact.type !== 'capabilities' || fact.layer === 'plain'),
      { type: 'starttls', outcome: 'refused', reply: '454 4.7.0 TLS not available due to local problem' },
    ],
  }),
  told('Nur TLS 1.0, auf beiden Servern', 'TLS 1.0 only, on both servers', {
    imap: [
      ...seen.without(seen.but(sound.imap, 'handshake', { version: 'TLSv1' }), 'version-offer'),
      ...seen.offers(['TLSv1']),
    ],
    smtp: [
      ...seen.without(seen.but(sound.smtp, 'handshake', { version: 'TLSv1' }), 'version-offer'),
      ...seen.offers(['TLSv1']),
    ],
  }),
  told(
    'Selbst ausgestelltes Zertifikat',
    'A self-signed certificate',
    certificateOnBoth(certificates.selfSigned),
  ),
  told(
    'Zertifikat einer privaten Stelle',
    'A certificate of a private authority',
    certificateOnBoth(certificates.privateCa),
  ),
  told(
    'Abgelaufenes Zertifikat auf beiden Servern',
    'An expired certificate on both servers',
    certificateOnBoth(certificates.expired),
  ),
  told(
    'Das Zertifikat läuft bald ab',
    'The certificate expires soon',
    certificateOnBoth(certificates.expiresSoon),
  ),
  told(
    'Das Zertifikat gilt für einen anderen Namen',
    'The certificate is for another name',
    certificateOnBoth(certificates.otherName),
  ),
  told('Ein Zwischenzertifikat fehlt', 'An intermediate certificate is missing', {
    imap: seen.but(sound.imap, 'certificates', certificates.withoutIntermediate),
  }),
  told('Ein Zwischenzertifikat ist abgelaufen', 'An intermediate certificate has expired', {
    imap: seen.but(sound.imap, 'certificates', certificates.intermediateExpired),
  }),
  told('SMTP ohne Anmeldung', 'SMTP without login', {
    account: { smtp: endpoint('smtp', 587, { encryption: 'starttls' }) },
    smtp: seen
      .soundStarttls('smtp', 587)
      .map((fact) =>
        fact.type === 'capabilities' && fact.layer === 'tls'
          ? { ...fact, names: ['PIPELINING'], mechanisms: [] }
          : fact,
      ),
  }),
];

const loggingIn: ReportCase[] = [
  told('Falsches Passwort auf beiden Servern', 'A wrong password on both servers', {
    ...refusedOnBoth(
      'NO [AUTHENTICATIONFAILED] Authentication failed.',
      '535 5.7.8 Error: authentication failed',
      'wrong-credentials',
    ),
    account: {
      imap: endpoint('imap', 993, { host: 'imap.beispiel-firma.de' }),
      smtp: endpoint('smtp', 465, { host: 'smtp.beispiel-firma.de' }),
    },
  }),
  told('Verlangt wird ein App-Passwort', 'An app password is required', {
    ...refusedOnBoth(
      'NO [ALERT] Application-specific password required',
      '534-5.7.9 Application-specific password required',
      'app-password',
    ),
  }),
  told('IMAP ist im Postfach ausgeschaltet', 'IMAP is switched off in the mailbox', {
    imap: [
      ...sound.imap,
      seen.refused('imap', 'NO IMAP access is disabled for your account', 'imap-disabled'),
    ],
    smtp: withLogin.smtp,
  }),
  told(
    'Das Konto ist gesperrt',
    'The account is locked',
    refusedOnBoth(
      'NO [AUTHENTICATIONFAILED] Account locked, too many failed logins',
      '535 5.7.8 Account locked, too many failed logins',
      'locked',
    ),
  ),
  told('Verschiedene Anmeldedaten sind angegeben', 'Different logins are stated', {
    account: { smtpLogin: 'different' },
  }),
  told('SMTP lehnt die Anmeldedaten von IMAP ab', 'SMTP refuses the login of IMAP', {
    imap: withLogin.imap,
    smtp: [
      ...sound.smtp,
      seen.refused('smtp', '535 5.7.8 Error: authentication failed', 'wrong-credentials'),
    ],
  }),
  told('Ein Postfach bei Gmail', 'A mailbox with Gmail', { account: google, provider: 'google' }),
  told('Microsoft 365 mit Passwort', 'Microsoft 365 with a password', {
    account: microsoft,
    provider: 'microsoft-365',
    imap: [
      ...sound.imap.map((fact) =>
        fact.type === 'capabilities' ? { ...fact, mechanisms: ['XOAUTH2'] } : fact,
      ),
      seen.refused('imap', 'NO LOGIN failed.', 'wrong-credentials'),
    ],
    smtp: [
      ...seen
        .soundStarttls('smtp', 587)
        .map((fact) =>
          fact.type === 'capabilities' && fact.layer === 'tls'
            ? { ...fact, mechanisms: ['XOAUTH2', 'LOGIN'] }
            : fact,
        ),
      seen.refused(
        'smtp',
        '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
        'basic-auth-disabled',
      ),
    ],
  }),
];

const mailing: ReportCase[] = [
  told('Der Ordner „Gesendet“ fehlt', 'There is no sent folder', {
    ...withLogin,
    imap: seen.but(withLogin.imap, 'sent-folder', { marked: null, named: [], opened: null }),
  }),
  told('Der Ordner „Gesendet“ ist nicht gekennzeichnet', 'The sent folder is not marked', {
    ...withLogin,
    imap: seen.but(withLogin.imap, 'sent-folder', { marked: null, named: ['Gesendet', 'Sent'] }),
  }),
  told('Der Absender wird abgelehnt', 'The sender is refused', {
    ...withLogin,
    smtp: seen.but(withLogin.smtp, 'envelope', {
      outcome: 'refused',
      code: '553 5.7.1',
      reply: '553 5.7.1 Sender address rejected: not owned by user anna.beck',
    }),
  }),
  told('Ein Team-Postfach', 'A team mailbox', {
    account: {
      address: 'vertrieb@beispiel-firma.de',
      username: 'vertrieb@beispiel-firma.de',
      personalInbox: false,
    },
  }),
];

export const reportCases: readonly ReportCase[] = [...connecting, ...encrypting, ...loggingIn, ...mailing];
