/** When both servers show one and the same thing. */
import { describe, expect, it } from 'vitest';
import type { Evidence, Finding } from '../../src/diagnosis/finding.ts';
import { byCause } from '../../src/diagnosis/one-cause.ts';
import type { RequirementId } from '../../src/diagnosis/policy.ts';
import { finding } from '../conversation/fixtures.ts';

type At = { host?: string; evidence?: Evidence };
const at = (service: 'imap' | 'smtp', requirement: RequirementId, reason: string, more: At = {}): Finding => {
  const found = finding(requirement, reason, { service, evidence: more.evidence ?? {} });
  return {
    ...found,
    endpoint: found.endpoint && { ...found.endpoint, host: more.host ?? found.endpoint.host },
  };
};
const host = 'mail.firma.example';
const isOne = (imap: Finding, smtp: Finding): boolean => {
  const causes = [byCause([imap, smtp]), byCause([smtp, imap])];
  // Whichever was read first, IMAP's is the one that speaks.
  expect(causes.map(([one]) => one?.finding)).toEqual(
    causes.map((all) => (all.length === 1 ? imap : all[0]?.finding)),
  );
  return causes.every(({ length }) => length === 1);
};

describe('One cause on both servers', () => {
  it.each([
    [
      'a wrong password, whatever each server says to it',
      'login-accepted',
      'wrong-credentials',
      [{ reply: 'NO' }, { reply: '535 5.7.8 no' }],
    ],
    [
      'one certificate that has expired',
      'cert-validity',
      'expired',
      [
        { notAfter: 'x', days: 3 },
        { notAfter: 'x', days: 3 },
      ],
    ],
    [
      'the same old versions',
      'tls-min-version',
      'legacy-only',
      [{ versions: ['TLS 1.0'] }, { versions: ['TLS 1.0'] }],
    ],
  ] as const)('is %s', (_, requirement, reason, [one, other]) => {
    expect(
      isOne(
        at('imap', requirement, reason, { evidence: one }),
        at('smtp', requirement, reason, { evidence: other }),
      ),
    ).toBe(true);
  });

  it('is a host that answers on neither port, though the requirements have ids of their own', () => {
    const silent = (service: 'imap' | 'smtp', seconds: number): Finding =>
      at(service, `${service}-port-open`, 'timed-out', {
        host,
        evidence: { address: '203.0.113.5', seconds },
      });
    expect(isOne(silent('imap', 10), silent('smtp', 9))).toBe(true);
    const encryption = [
      at('imap', 'imap-encryption', 'starttls-broken'),
      at('smtp', 'smtp-tls', 'starttls-broken'),
    ] as const;
    expect(isOne(...encryption)).toBe(true);
  });

  it('is one name, which led to another of its addresses the second time', () => {
    const refused = (service: 'imap' | 'smtp', address: string) =>
      at(service, `${service}-port-open`, 'refused', { host, evidence: { address } });
    expect(isOne(refused('imap', '203.0.113.5'), refused('smtp', '203.0.113.6'))).toBe(true);
  });

  it('are servers of which none is known, since the account has no endpoint then', () => {
    const unknown = (service: 'imap' | 'smtp'): Finding => ({
      ...at(service, `${service}-port-open`, 'no-server-known', { evidence: { domain: 'firma.example' } }),
      endpoint: null,
    });
    expect(isOne(unknown('imap'), unknown('smtp'))).toBe(true);
  });
});

describe('Two causes', () => {
  it.each([
    [
      'certificates with other dates',
      'cert-validity',
      'expired',
      [
        { notAfter: 'x', days: 3 },
        { notAfter: 'y', days: 4 },
      ],
    ],
    [
      'certificates of other subjects',
      'cert-trusted',
      'self-signed',
      [{ subject: 'CN=a' }, { subject: 'CN=b' }],
    ],
    [
      'a fault at some addresses and at all',
      'cert-validity',
      'expired',
      [{ notAfter: 'x' }, { notAfter: 'x', affected: 1, addresses: 2, address: 'a' }],
    ],
  ] as const)('are %s', (_, requirement, reason, [one, other]) => {
    expect(
      isOne(
        at('imap', requirement, reason, { host, evidence: one }),
        at('smtp', requirement, reason, { host, evidence: other }),
      ),
    ).toBe(false);
  });

  it('are two hosts with nothing in common that are silent at other addresses', () => {
    const silent = (service: 'imap' | 'smtp', address: string) =>
      at(service, `${service}-port-open`, 'timed-out', { evidence: { address, seconds: 10 } });
    expect(isOne(silent('imap', '203.0.113.5'), silent('smtp', '198.51.100.7'))).toBe(false);
  });

  it('are the same reason, once proven and once not', () => {
    const [imap, smtp] = (['imap', 'smtp'] as const).map((service) =>
      at(service, 'auth-mechanism', 'oauth-only', { host }),
    );
    expect(imap && smtp && isOne({ ...imap, verdict: 'fail', severity: 'blocker' }, smtp)).toBe(false);
  });

  it('are two reasons, and two findings of one server', () => {
    expect(
      isOne(
        at('imap', 'cert-name', 'name-mismatch', { host }),
        at('smtp', 'cert-validity', 'expired', { host }),
      ),
    ).toBe(false);
    expect(
      byCause([at('imap', 'cert-strength', 'weak-key'), at('imap', 'cert-strength', 'weak-key')]),
    ).toHaveLength(2);
  });
});
