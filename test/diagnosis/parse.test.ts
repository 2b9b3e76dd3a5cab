/** What people type into the fields, and what becomes of it. */
import { describe, expect, it } from 'vitest';
import type { AccountError } from '../../src/diagnosis/account/account.ts';
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import { parseHost } from '../../src/diagnosis/account/host.ts';
import { parseAddress, parseEndpoint, parseServersForm } from '../../src/diagnosis/account/parse.ts';

const anyPort = { allowedPorts: null };
const mailPorts = { allowedPorts: [{ from: 993, to: 993 }] };
const label = 'a'.repeat(63);

describe('an address that was pasted', () => {
  it.each([
    ['a full stop behind it', 'rep@firma.test.', 'rep@firma.test'],
    ['a space that nobody sees', 're\u{200B}p@firma.test\u{FEFF}', 'rep@firma.test'],
    ['marks of direction', '\u{202A}rep@firma.test\u{202C}', 'rep@firma.test'],
    ['a soft hyphen', 'rep@fir\u{AD}ma.test', 'rep@firma.test'],
    ['the full stop of other scripts', 'rep@firma。test', 'rep@firma.test'],
    ['full-width signs', 'rep＠firma．test', 'rep@firma.test'],
    ['joiners where nothing is joined', 'rep\u{200D}@\u{200C}firma.test', 'rep@firma.test'],
    ['what comes with a link', ' mailto:rep@firma.test. ', 'rep@firma.test'],
  ])('loses %s', (_what, typed, value) => {
    expect(parseAddress(typed)).toEqual({ ok: true, value });
  });

  it('keeps the joiner that its script needs', () => {
    const typed = 'rep@نامه\u{200C}ای.test';
    expect(parseAddress(typed)).toEqual({ ok: true, value: typed });
  });

  it('stays wrong where more is wrong', () => {
    for (const typed of ['rep@firma.test..', 'rep@.', 'rep.@firma.test', '\u{200B}@firma.test'])
      expect(parseAddress(typed).ok, typed).toBe(false);
  });
});

describe('parseHost', () => {
  it.each([
    ['mail.example.test', 'mail.example.test', 'mail.example.test', null],
    ['  mail.example.test\n', 'mail.example.test', 'mail.example.test', null],
    ['mail.example.test.', 'mail.example.test', 'mail.example.test', null],
    ['mail.example.test:993', 'mail.example.test', 'mail.example.test', '993'],
    ['MAIL.Example.Test', 'MAIL.Example.Test', 'mail.example.test', null],
    ['[::1]:993', '::1', '::1', '993'],
    ['[::1]', '::1', '::1', null],
    ['2001:DB8:0::1', '2001:DB8:0::1', '2001:db8::1', null],
    ['mail.müller.example', 'mail.müller.example', 'mail.xn--mller-kva.example', null],
    ['2130706433', '2130706433', '127.0.0.1', null],
    ['0x7f.1', '0x7f.1', '127.0.0.1', null],
    [`${label}.test`, `${label}.test`, `${label}.test`, null],
  ])('%j', (typed, host, asciiHost, port) => {
    expect(parseHost(typed)).toEqual({ ok: true, value: { host, asciiHost, port } });
  });

  it.each<[string | null | undefined, AccountError]>([
    [null, { code: 'host-missing' }],
    [undefined, { code: 'host-missing' }],
    ['  ', { code: 'host-missing' }],
    [
      'imaps://mail.example.test',
      { code: 'host-with-scheme', params: { scheme: 'imaps://', host: 'mail.example.test' } },
    ],
    [
      'https://mail.example.test:8443/inbox?x#y',
      { code: 'host-with-scheme', params: { scheme: 'https://', host: 'mail.example.test' } },
    ],
    ['mail example test', { code: 'host-with-spaces' }],
    ['rep@example.test', { code: 'host-is-an-address', params: { domain: 'example.test' } }],
    ['<!channel>', { code: 'host-invalid' }],
    ['<b>mail</b>', { code: 'host-invalid' }],
    ['mail..example.test', { code: 'host-invalid' }],
    ['-mail.example.test', { code: 'host-invalid' }],
    [':993', { code: 'host-invalid' }],
    ['[mail]:993', { code: 'host-invalid' }],
    ['1:2:3', { code: 'host-invalid' }],
    [`${label}a.test`, { code: 'host-invalid' }],
    [`${`${label}.`.repeat(4)}test`, { code: 'host-too-long' }],
  ])('%j is refused', (typed, error) => {
    expect(parseHost(typed)).toEqual({ ok: false, error });
  });
});

describe('parseAddress', () => {
  it.each([
    ['rep@example.test', 'rep@example.test'],
    [' rep@example.test ', 'rep@example.test'],
    ['mailto:rep@example.test', 'rep@example.test'],
    ['rep+crm@müller.example', 'rep+crm@müller.example'],
    [`${'a'.repeat(64)}@example.test`, `${'a'.repeat(64)}@example.test`],
  ])('%j', (typed, value) => expect(parseAddress(typed)).toEqual({ ok: true, value }));

  it.each<[string | null | undefined, string]>([
    [null, 'address-missing'],
    [undefined, 'address-missing'],
    [' ', 'address-missing'],
    ['rep.example.test', 'address-no-at'],
    ['rep@', 'address-no-domain'],
    ['jörg@example.test', 'address-local-part-not-ascii'],
    ['@example.test', 'address-invalid'],
    ['a..b@example.test', 'address-invalid'],
    ['a b@example.test', 'address-invalid'],
    ['rep@exam ple.test', 'address-invalid'],
    ['rep@example.test:25', 'address-invalid'],
    ['<!channel>', 'address-no-at'],
    ['<!channel>@example.test', 'address-invalid'],
    [`${'a'.repeat(65)}@example.test`, 'address-too-long'],
  ])('%j is refused', (typed, code) => {
    expect(parseAddress(typed)).toMatchObject({ ok: false, error: { code } });
  });
});

describe('parseEndpoint', () => {
  it.each<[Service, string, string | null, string | null, number, string]>([
    ['imap', 'h.test', null, null, 993, 'tls'],
    ['smtp', 'h.test', null, null, 465, 'tls'],
    ['imap', 'h.test', '', '', 993, 'tls'],
    ['imap', 'h.test:993', null, null, 993, 'tls'],
    ['imap', 'h.test', ' 143 ', null, 143, 'starttls'],
    ['smtp', 'h.test', '465', null, 465, 'tls'],
    ['smtp', 'h.test', '587', null, 587, 'starttls'],
    ['smtp', 'h.test', '25', null, 25, 'starttls'],
    ['smtp', 'h.test', '2525', null, 2525, 'starttls'],
    ['imap', 'h.test', '1143', null, 1143, 'auto'],
    ['imap', 'h.test', null, 'starttls', 143, 'starttls'],
    ['smtp', 'h.test', null, 'starttls', 587, 'starttls'],
    ['imap', 'h.test', null, 'none', 143, 'none'],
    ['smtp', 'h.test', null, 'none', 587, 'none'],
    ['imap', 'h.test', '993', 'starttls', 993, 'starttls'],
    ['imap', 'h.test:993', '993', 'tls', 993, 'tls'],
  ])('%s %j port %j encryption %j → %i %s', (service, host, port, chosen, usedPort, encryption) => {
    expect(parseEndpoint(service, { host, port, encryption: chosen }, anyPort)).toEqual({
      ok: true,
      value: { service, host: 'h.test', asciiHost: 'h.test', port: usedPort, encryption },
    });
  });

  it.each<[string | null, string | null, string | null, object]>([
    ['h.test:993', '143', null, { host: { code: 'port-twice', params: { one: 993, other: 143 } } }],
    ['h.test', '0', null, { port: { code: 'port-out-of-range' } }],
    ['h.test', '-1', null, { port: { code: 'port-out-of-range' } }],
    ['h.test', '70000', null, { port: { code: 'port-out-of-range' } }],
    ['h.test', 'abc', null, { port: { code: 'port-not-a-number' } }],
    ['h.test', '99.3', null, { port: { code: 'port-not-a-number' } }],
    ['h.test:70000', null, null, { host: { code: 'port-out-of-range' } }],
    ['h.test', null, 'ssl', { encryption: { code: 'choice-missing' } }],
    [
      null,
      'abc',
      'ssl',
      {
        host: { code: 'host-missing' },
        port: { code: 'port-not-a-number' },
        encryption: { code: 'choice-missing' },
      },
    ],
  ])('%j port %j encryption %j is refused', (host, port, encryption, errors) => {
    expect(parseEndpoint('imap', { host, port, encryption }, anyPort)).toEqual({ ok: false, errors });
  });

  it('a port that is not tested here is refused at the field where it was typed', () => {
    const error = { code: 'port-not-tested-here', params: { port: 143 } };
    const blank = { port: null, encryption: null };
    expect(parseEndpoint('imap', { ...blank, host: 'h.test:143' }, mailPorts)).toEqual({
      ok: false,
      errors: { host: error },
    });
    expect(parseEndpoint('imap', { ...blank, host: 'h.test', port: '143' }, mailPorts)).toEqual({
      ok: false,
      errors: { port: error },
    });
    expect(parseEndpoint('imap', { ...blank, host: 'h.test:993' }, mailPorts)).toMatchObject({ ok: true });
  });
});

describe('parseServersForm', () => {
  const address = 'rep@example.test';
  const missing = { code: 'host-missing' };

  it('an empty form errs at both hosts, whether left out, null or blank', () => {
    const errors = { imapHost: missing, smtpHost: missing };
    expect(parseServersForm({ address }, anyPort)).toEqual({ ok: false, errors });
    const nulls = { imapHost: null, imapPort: null, imapEncryption: null, smtpHost: null, username: null };
    expect(parseServersForm({ address, ...nulls }, anyPort)).toEqual({ ok: false, errors });
    expect(parseServersForm({ address, imapHost: ' ', smtpHost: '\t' }, anyPort)).toEqual({
      ok: false,
      errors,
    });
    expect(parseServersForm({}, anyPort)).toEqual({
      ok: false,
      errors: { ...errors, address: { code: 'address-missing' } },
    });
  });

  it('every wrong field has its own error', () => {
    const values = {
      imapHost: '<!channel>',
      imapPort: '0',
      smtpHost: 'a b',
      smtpPort: 'x',
      username: 'a\u0000',
    };
    const parsed = parseServersForm({ address: 'rep', ...values }, anyPort);
    expect(parsed).toEqual({
      ok: false,
      errors: {
        address: { code: 'address-no-at' },
        imapHost: { code: 'host-invalid' },
        imapPort: { code: 'port-out-of-range' },
        smtpHost: { code: 'host-with-spaces' },
        smtpPort: { code: 'port-not-a-number' },
        username: { code: 'username-invalid' },
      },
    });
  });

  it('two hosts are enough; what was not said stays unsaid', () => {
    const parsed = parseServersForm({ address, imapHost: 'i.test', smtpHost: 's.test:587' }, anyPort);
    expect(parsed).toEqual({
      ok: true,
      value: {
        account: {
          address,
          imap: { service: 'imap', host: 'i.test', asciiHost: 'i.test', port: 993, encryption: 'tls' },
          smtp: { service: 'smtp', host: 's.test', asciiHost: 's.test', port: 587, encryption: 'starttls' },
          username: address,
          smtpLogin: 'same',
          untrustedCertificateExpected: false,
          personalInbox: null,
        },
        portTyped: { imap: false, smtp: true },
      },
    });
  });

  it('a port behind the host counts where nobody touched the port field, and is a contradiction where somebody did', () => {
    const values = { address, imapHost: 'i.test:1993', imapPort: '993', smtpHost: 's.test', smtpPort: '465' };
    expect(parseServersForm(values, { ...anyPort, untouchedPorts: ['imap', 'smtp'] })).toMatchObject({
      ok: true,
      value: {
        account: { imap: { port: 1993 }, smtp: { port: 465 } },
        portTyped: { imap: true, smtp: false },
      },
    });
    expect(parseServersForm(values, anyPort)).toEqual({
      ok: false,
      errors: { imapHost: { code: 'port-twice', params: { one: 1993, other: 993 } } },
    });
  });

  it('the answers to the questions are kept', () => {
    const hosts = { address, imapHost: 'i.test', smtpHost: 's.test' };
    const answers = {
      username: ' rep ',
      smtpLogin: 'different',
      untrustedCertificate: 'yes',
      personalInbox: 'no',
    };
    expect(parseServersForm({ ...hosts, ...answers }, anyPort)).toMatchObject({
      ok: true,
      value: {
        account: {
          username: 'rep',
          smtpLogin: 'different',
          untrustedCertificateExpected: true,
          personalInbox: false,
        },
      },
    });
  });
});
