/** What the words of a refusal are taken for, and what is never guessed. */
import { describe, expect, it } from 'vitest';
import type { Spoken } from '../../src/diagnosis/observed/observation.ts';
import { recogniseGreeting } from '../../src/probe/session/greeting.ts';

type Meaning = Spoken['about'] | 'later';
const meaning = ({ state, about }: Spoken): Meaning => (state === 'busy' ? 'later' : about);

/** As servers and their administrators write them: Postfix, Exim, Dovecot, Courier, Exchange, large providers. */
const greetings: readonly (readonly [line: string, means: Meaning])[] = [
  ['554 5.7.1 <unknown[203.0.113.9]>: Client host rejected: Access denied', 'addresses'],
  ['554 5.7.1 Access denied', 'addresses'],
  ['554 Connection refused', 'addresses'],
  ['550 Not allowed', 'addresses'],
  ['* BYE Access denied', 'addresses'],
  ['* BYE Zugriff verweigert', 'addresses'],
  ['* BYE Accès refusé', 'addresses'],
  ['554 5.7.1 Access from this network denied', 'addresses'],
  ['* BYE Not on the access list', 'addresses'],
  ['554 5.7.1 Su dirección no está permitida', 'addresses'],
  ['554 5.7.1 Accesso non consentito da questo indirizzo', 'addresses'],
  ['554 5.7.1 Ten adres IP jest niedozwolony', 'addresses'],
  ['* BYE Connections from your network are not permitted', 'addresses'],
  ['550 Your IP address is not authorized to use this service', 'addresses'],
  ['554 Connections are only accepted from trusted hosts', 'addresses'],
  ['* BYE Zugriff von dieser Adresse ist nicht erlaubt', 'addresses'],
  ['554 5.7.1 Accès non autorisé depuis cette adresse', 'addresses'],
  ['554 5.7.1 Service unavailable; Client host [203.0.113.9] blocked using zen.spamhaus.org', 'our-address'],
  ['554-Bad DNS PTR resource record.', 'our-address'],
  ['550 5.7.25 The IP address sending this message does not have a PTR record', 'our-address'],
  ['450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.9]', 'our-address'],
  ['554 Your access to this mail system has been rejected due to poor reputation', 'our-address'],
  ['* BYE [ALERT] Your IP has been blocked due to too many failed logins', 'our-address'],
  ['421 4.7.0 203.0.113.9 is temporarily banned after failed authentication attempts', 'our-address'],
  ['550 Ihre IP-Adresse wurde gesperrt', 'our-address'],
  ['554 5.7.1 Votre adresse IP est bloquée', 'our-address'],
  ['421 4.7.1 [203.0.113.9]: your host name cannot be resolved', 'our-address'],
  ['421 4.3.2 Service not available', 'later'],
  ['421 4.7.0 Too many concurrent SMTP connections from this IP address; please try again later', 'later'],
  ['421 host is not allowed to connect', 'later'],
  ['* BYE [UNAVAILABLE] Temporary authentication failure.', 'later'],
  ['* BYE Too many connections from your IP(s).', 'later'],
  ['554 Server busy', 'later'],
  ['* BAD Server too busy, try again later', 'later'],
  ['* NO Server is overloaded', 'later'],
  ['554 5.7.1 Policy violation', null],
  ['* BAD Fatal error', null],
  ['* BYE Disconnected: Auth process broken', null],
  ['* BYE Internal error occurred. Refer to server log for more information.', null],
  ['* BYE Connection is closed. 13', null],
  ['554 No SMTP service here', null],
  ['554 5.3.2 mail system is down for maintenance', null],
  ['550 SSL is required', null],
  ['* BYE License expired', null],
  ['* BYE Login not allowed: account disabled', null],
];

describe('A greeting that sends us away', () => {
  it.each(greetings)('%s: %s', (line, means) => {
    expect(meaning(recogniseGreeting(line))).toBe(means);
  });
});

describe('A greeting of another service on a port for mail', () => {
  it.each([
    '220 ProFTPD Server (Debian) [::ffff:203.0.113.9]',
    '220 (vsFTPd 3.0.3)',
    '220 Microsoft FTP Service',
    '220-FileZilla Server 1.8.0',
    '530 Pure-FTPd: you are not allowed here',
    '220 mail.example.test LMTP Postfix',
    '220 mail.example.test Cyrus LMTP v2.4.17 server ready',
  ])('%s: neither SMTP nor IMAP', (line) => {
    expect(recogniseGreeting(line).protocol).toBe('other');
  });

  it('of several lines is known by any of them', () => {
    const more = ['220 You will be disconnected after 15 minutes of inactivity.'];
    expect(recogniseGreeting('220-Welcome to Pure-FTPd', { more }).protocol).toBe('other');
  });

  it.each(['220 ftp.example.test ready', '220 lmtp-1.example.test ESMTP', '220 ftp ESMTP Postfix'])(
    '%s: a host is not what it is called',
    (line) => {
      expect(recogniseGreeting(line).protocol).toBe('smtp');
    },
  );
});

describe('An answer to the name that we give', () => {
  it.each([
    ['550 HELO IP literal does not match your IP address', 'our-name'],
    ['501 Syntactically invalid EHLO argument(s)', 'our-name'],
    ['550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)', 'our-name'],
    ['504 5.5.2 <[203.0.113.9]>: Helo command rejected: need fully-qualified hostname', 'our-name'],
    ['501 5.5.4 Invalid domain name', 'our-name'],
    ['550 5.7.1 Access denied', 'addresses'],
    ['550 5.7.1 Access denied for 203.0.113.9', 'addresses'],
    ['421 4.7.1 [203.0.113.9]: your host name cannot be resolved, closing', 'our-name'],
    ['554 5.7.1 blocked using bl.example.org: 203.0.113.9', 'our-address'],
    ['421 4.7.0 try again later', 'later'],
  ] as const)('%s: %s', (line, means) => {
    expect(meaning(recogniseGreeting(line, { asked: true }))).toBe(means);
  });
});

describe('A greeting of several lines', () => {
  it('that refuses us is quoted by the line with the reason', () => {
    const more = ['554-No SMTP service', '554-Bad DNS PTR resource record.', '554 See https://example.org/'];
    const spoken = recogniseGreeting('554-mx.example.test Nemesis ESMTP Service not available', { more });
    expect(spoken).toMatchObject({ state: 'refusing', about: 'our-address' });
    expect(spoken.text).toBe('554 Bad DNS PTR resource record.');
  });

  it('that gives no reason is quoted as a whole, and nothing is guessed', () => {
    const spoken = recogniseGreeting('554-mx.example.test', { more: ['554 out of order'] });
    expect(spoken).toMatchObject({
      state: 'refusing',
      about: null,
      text: '554-mx.example.test out of order',
    });
  });

  it('that welcomes us is kept, and the code of its last line counts', () => {
    const welcome = recogniseGreeting('220-mx.example.test Exim 4.96', {
      more: ['220 no spam, blocked hosts'],
    });
    expect(welcome).toMatchObject({ state: 'ready', about: null });
    expect(welcome.text).toBe('220-mx.example.test Exim 4.96 no spam, blocked hosts');
    expect(recogniseGreeting('220-wait', { more: ['554 5.3.0 changed our mind'] }).state).toBe('refusing');
  });
});
