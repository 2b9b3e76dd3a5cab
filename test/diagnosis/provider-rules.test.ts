/** Requirements that rest on who the provider is, whose the mailbox is, and what the server calls itself. */
import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/diagnosis/account/account.ts';
import type { Endpoint } from '../../src/diagnosis/account/endpoint.ts';
import type { Provider } from '../../src/diagnosis/account/provider.ts';
import { assess } from '../../src/diagnosis/assess.ts';
import type { Observation } from '../../src/diagnosis/observed/observation.ts';
import type { Policy } from '../../src/diagnosis/target/hubspot/index.ts';
import { recogniseGreeting } from '../../src/probe/session/greeting.ts';
import { policyNotes } from '../../src/wording/findings/findings.ts';

const imapAt = (port: number): Endpoint => ({
  service: 'imap',
  host: 'imap.firma.test',
  asciiHost: 'imap.firma.test',
  port,
  encryption: port === 995 ? 'tls' : 'starttls',
});
const account = (given: Partial<Account> = {}): Account => ({
  address: 'jana.muster@firma.test',
  imap: imapAt(143),
  smtp: null,
  username: 'jana.muster@firma.test',
  smtpLogin: 'same',
  untrustedCertificateExpected: false,
  personalInbox: null,
  ...given,
});
const greeted = (line: string, port = 143): Observation[] => [
  {
    ...{ service: 'imap', at: 1, type: 'connection', address: '203.0.113.1', port },
    ...{ outcome: 'connected', fromItself: false, ms: 1 },
  },
  {
    ...{ service: 'imap', at: 2, type: 'greeting', layer: 'plain' },
    ...{ outcome: 'spoken', spoken: recogniseGreeting(line), ms: 1 },
  },
];
type Given = { seen?: Observation[]; policy?: Policy; provider?: Provider | null };
const judge = (
  of: string,
  who: Account,
  { seen = [], policy = 'hubspot-2017', provider = null }: Given = {},
) => {
  const { findings } = assess(who, seen, { now: 0, policy, provider });
  const finding = findings.find(({ requirement }) => requirement === of);
  if (!finding) throw new Error(`expected a finding of ${of}`);
  return finding;
};
const said = (...given: Parameters<typeof judge>) => {
  const { verdict, reason, actor } = judge(...given);
  return [verdict, reason, actor];
};
const provider = (native: Provider['native']): Provider => ({
  ...{ id: 'x', name: 'X', native, imap: true, password: 'usual', imapOffAtFirst: false },
});
const newer = { policy: 'hubspot-2024' } as const;

describe('native-connection-first', () => {
  it('warns of Google and Microsoft by name, in both policies, and of nobody else', () => {
    const google = judge('native-connection-first', account(), { provider: provider('google') });
    expect(google).toMatchObject({
      verdict: 'warn',
      actor: 'rep',
      evidence: { provider: 'Google' },
      endpoint: null,
    });
    expect(google.hubspotStep).toBeNull();
    expect(
      judge('native-connection-first', account(), { provider: provider('microsoft'), ...newer }),
    ).toMatchObject({
      verdict: 'warn',
      evidence: { provider: 'Microsoft 365' },
    });
    expect(said('native-connection-first', account(), { provider: provider(null) })[0]).toBe('pass');
    expect(said('native-connection-first', account())[0]).toBe('pass');
  });

  it('says that only a newer page has the rule', () => {
    const finding = judge('native-connection-first', account(), { provider: provider('google') });
    expect(policyNotes(finding, { policy: 'hubspot-2017', locale: 'en' })).toEqual([
      expect.stringContaining('27 February 2026'),
    ]);
  });
});

describe('personal-inbox', () => {
  it('is a warning by the older page and a failure by the newer where the owner says so', () => {
    const team = account({ personalInbox: false });
    expect(said('personal-inbox', team)).toEqual(['warn', 'team-inbox', 'rep']);
    expect(said('personal-inbox', team, newer)).toEqual(['fail', 'team-inbox', 'rep']);
    const notes = policyNotes(judge('personal-inbox', team), { policy: 'hubspot-2017', locale: 'de' });
    expect(notes).toEqual([expect.stringContaining('nur auf einer neueren')]);
    expect(policyNotes(judge('personal-inbox', team, newer), { ...newer, locale: 'de' })).toEqual([]);
  });

  it.each(['info', 'Sales', 'support2', 'office-berlin', 'buchhaltung', 'kontakt'])(
    'suspects %s@ unless told',
    (local) => {
      const address = `${local}@firma.test`;
      expect(said('personal-inbox', account({ address }))).toEqual(['warn', 'team-inbox', 'rep']);
      expect(said('personal-inbox', account({ address }), newer)[0]).toBe('warn');
      expect(said('personal-inbox', account({ address, personalInbox: true }))[0]).toBe('pass');
    },
  );

  it.each(['jana.muster', 'infante', 'salesman', 'teamo.meyer', 'jobs.steve', 'hrabal', 'helpmann'])(
    'does not suspect %s@',
    (local) => {
      expect(said('personal-inbox', account({ address: `${local}@firma.test` }))[0]).toBe('pass');
    },
  );
});

describe('courier-imap', () => {
  const line =
    '* OK [CAPABILITY IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE ' +
    'AUTH=CRAM-MD5 AUTH=CRAM-SHA1 AUTH=CRAM-SHA256 AUTH=PLAIN ACL ACL2=UNION STARTTLS] Courier-IMAP ready. ' +
    'Copyright 1998-2018 Double Precision, Inc.  See COPYING for distribution information.';

  it('is seen behind a long list of capabilities; only the newer page forbids it', () => {
    expect(said('courier-imap', account(), { seen: greeted(line) })).toEqual(['warn', 'courier', 'it']);
    expect(said('courier-imap', account(), { seen: greeted(line), ...newer })).toEqual([
      'fail',
      'courier',
      'it',
    ]);
    const banner = judge('courier-imap', account(), { seen: greeted(line) }).evidence.banner;
    expect(banner).toContain('Courier-IMAP ready');
  });

  it.each([
    '* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ STARTTLS] Dovecot (Debian) ready.',
    '* OK courier.firma.test Cyrus IMAP 3.6.1 server ready',
    '* OK IMAP4rev1 courier-imap.firma.test',
  ])('is not seen in %s', (other) => {
    expect(said('courier-imap', account(), { seen: greeted(other) })[0]).toBe('pass');
  });

  it('is not judged where no IMAP server greeted', () => {
    expect(said('courier-imap', account({ imap: null }))).toEqual(['not-applicable', 'not-reached', 'it']);
    expect(said('courier-imap', account(), { seen: greeted('+OK Courier POP3 ready') })[1]).toBe(
      'not-reached',
    );
  });
});

describe('pop3-not-enough', () => {
  const refused: Observation[] = [
    {
      ...{ service: 'imap', at: 1, type: 'connection', address: '203.0.113.1', port: 995 },
      ...{ outcome: 'refused', fromItself: false, ms: 1 },
    },
  ];

  it('names the port of POP3 where no IMAP server is behind it', () => {
    for (const policy of ['hubspot-2017', 'hubspot-2024'] as const)
      expect(said('pop3-not-enough', account({ imap: imapAt(995) }), { seen: refused, policy })).toEqual([
        'warn',
        'pop3',
        'rep',
      ]);
  });

  it('leaves a POP3 greeting to the requirement that has seen it: one cause, one finding', () => {
    for (const port of [110, 995, 2143]) {
      const who = account({ imap: imapAt(port) });
      const seen = greeted('+OK POP3 ready', port);
      expect(said('imap-smtp-supported', who, { seen })).toEqual(['fail', 'wrong-protocol-pop3', 'rep']);
      const finding = judge('pop3-not-enough', who, { seen });
      expect([finding.reason, finding.evidence.because]).toEqual(['not-reached', 'imap-smtp-supported']);
    }
  });

  it('is met by any IMAP server, whatever its port', () => {
    expect(
      said('pop3-not-enough', account({ imap: imapAt(110) }), { seen: greeted('* OK ready', 110) })[0],
    ).toBe('pass');
    expect(said('pop3-not-enough', account(), { seen: greeted('* OK ready') })[0]).toBe('pass');
  });
});
