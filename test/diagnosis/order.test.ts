/** In which order people read what is unmet. */
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/diagnosis/finding.ts';
import { inReadingOrder } from '../../src/diagnosis/order.ts';
import { type RequirementId, requirementIds, rulings } from '../../src/diagnosis/policy.ts';
import { requirements } from '../../src/diagnosis/requirements/index.ts';
import { finding } from '../conversation/fixtures.ts';

const ofSmtp = (requirement: RequirementId, reason: string) =>
  finding(requirement, reason, { service: 'smtp' });
const ofAccount = (requirement: RequirementId, reason: string): Finding => ({
  ...finding(requirement, reason),
  endpoint: null,
});
const read = (...findings: Finding[]): string[] =>
  inReadingOrder(findings).map(
    ({ requirement, reason, endpoint }) => `${endpoint?.service ?? 'account'} ${requirement} ${reason}`,
  );

describe('what is unmet', () => {
  it('is read blockers first, and of these what is certain', () => {
    expect(
      read(
        finding('cert-validity', 'expires-soon'),
        finding('imap-port-open', 'name-server-failed'),
        ofSmtp('cert-validity', 'expired'),
      ),
    ).toEqual([
      'smtp cert-validity expired',
      'imap imap-port-open name-server-failed',
      'imap cert-validity expires-soon',
    ]);
  });

  it('is read by who can act first: the reader herself, then who manages HubSpot, then IT', () => {
    expect(
      read(finding('cert-validity', 'expired'), ofSmtp('smtp-tls', 'plain-on-tls-port')).map(
        (line) => line.split(' ')[0],
      ),
    ).toEqual(['smtp', 'imap']);
    expect(
      read(
        finding('plaintext-auth', 'offered-before-tls'),
        finding('cert-trusted', 'private-ca'),
        ofAccount('native-connection-first', 'use-native'),
      ),
    ).toEqual([
      'account native-connection-first use-native',
      'imap cert-trusted private-ca',
      'imap plaintext-auth offered-before-tls',
    ]);
  });

  it.each(['dropped', 'refused-by-banner'])(
    'has an address filter (%s) before what it hides, on each server',
    (sign) => {
      expect(
        read(
          finding('ip-allowlist', sign),
          ofSmtp('ip-allowlist', sign),
          finding('imap-smtp-supported', 'refused-from-here'),
          ofSmtp('imap-smtp-supported', 'refused-from-here'),
        ),
      ).toEqual([
        `imap ip-allowlist ${sign}`,
        'imap imap-smtp-supported refused-from-here',
        `smtp ip-allowlist ${sign}`,
        'smtp imap-smtp-supported refused-from-here',
      ]);
    },
  );

  it('of one server explains nothing at the other', () => {
    expect(
      read(ofSmtp('ip-allowlist', 'dropped'), finding('imap-smtp-supported', 'refused-from-here')),
    ).toEqual(['imap imap-smtp-supported refused-from-here', 'smtp ip-allowlist dropped']);
  });

  it('of the account explains both servers: the provider’s own connection comes before the password that it spares', () => {
    expect(
      read(
        finding('login-accepted', 'basic-auth-disabled'),
        ofSmtp('auth-mechanism', 'oauth-only'),
        ofAccount('native-connection-first', 'use-native'),
      )[0],
    ).toBe('account native-connection-first use-native');
  });

  it('names a port of POP3 before what came of it', () => {
    expect(read(finding('imap-port-open', 'refused'), finding('pop3-not-enough', 'pop3'))).toEqual([
      'imap pop3-not-enough pop3',
      'imap imap-port-open refused',
    ]);
  });

  it('has the untrusted certificate before the password that was not sent for it', () => {
    expect(
      read(finding('login-accepted', 'certificate-not-trusted'), finding('cert-trusted', 'self-signed')),
    ).toEqual(['imap cert-trusted self-signed', 'imap login-accepted certificate-not-trusted']);
  });

  it('is all there, and stays as it is where nothing speaks for another order', () => {
    const all = requirementIds.flatMap((id) => Object.keys(rulings[id]).map((reason) => finding(id, reason)));
    const ordered = inReadingOrder(all);
    expect(new Set(ordered)).toEqual(new Set(all));
    expect(ordered).toHaveLength(all.length);
    expect(inReadingOrder(ordered)).toEqual(ordered);
  });
});

it('nothing that explains another is explained by it in turn', () => {
  const position = (id: RequirementId) => requirementIds.indexOf(id);
  const causes = requirements.flatMap(({ id, explains = {} }) =>
    Object.keys(explains).map((effect) => ({ id, effect })),
  );
  const circles = causes.filter(({ id, effect }) =>
    causes.some((other) => other.id === effect && other.effect === id),
  );
  expect(causes.length).toBeGreaterThan(5);
  expect(circles.map(({ id }) => position(id))).toEqual([]);
});
