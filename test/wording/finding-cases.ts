import type { Account } from '../../src/diagnosis/account/account.ts';
import type { Evidence, Finding } from '../../src/diagnosis/finding.ts';
import {
  commonReasons,
  passEvidence,
  type RequirementId,
  type Ruling,
  requirementIds,
  rulings,
} from '../../src/diagnosis/policy.ts';
import { requirementsById } from '../../src/diagnosis/requirements/index.ts';

export const account: Account = {
  address: 'jana.muster@beispiel-firma.de',
  imap: null,
  smtp: null,
  username: 'jana.muster@beispiel-firma.de',
  smtpLogin: 'same',
  untrustedCertificateExpected: false,
  personalInbox: true,
};

const usual: Evidence = {
  address: '203.0.113.25',
  addresses: ['10.0.0.25', 'fd00::25'],
  afterMs: 640,
  alive: ['203.0.113.25'],
  answer: '554 5.7.1 Service unavailable',
  banner: '554 5.7.1 Service unavailable',
  bits: 1024,
  by: 'idle',
  command: 'EHLO',
  commonName: 'mail.beispiel-firma.de',
  days: 12,
  dead: ['2001:db8::25'],
  domain: 'beispiel-firma.de',
  folder: 'Archiv',
  folders: ['Gesendet'],
  from: 'postmaster@beispiel-firma.de',
  insists: false,
  issuer: 'CN=Beispiel CA',
  keyBits: 1024,
  keyType: 'RSA',
  mechanism: 'PLAIN',
  mechanisms: ['PLAIN', 'LOGIN'],
  names: ['www.beispiel-firma.de', 'beispiel-firma.de'],
  notAfter: '2026-11-23T10:00:00.000Z',
  notBefore: '2026-12-01T10:00:00.000Z',
  opened: 2,
  provider: 'Google',
  reply: '454 4.7.0 TLS not available',
  seconds: 10,
  status: '5.2.2',
  signature: 'sha1WithRSAEncryption',
  stated: false,
  subject: 'CN=mail.beispiel-firma.de',
  trustedBy: 'mozilla',
  version: 'TLS 1.3',
  versions: ['SSL 3.0', 'TLS 1.0'],
  wanted: 5,
  works: 'STARTTLS',
};

/** One reason of one requirement, with the names of the values that it carries; no reason is a pass. */
export type Case = { requirement: RequirementId; reason: string | null; evidence: readonly string[] };
const allRulings: Record<RequirementId, Readonly<Record<string, Ruling>>> = rulings;
const passes: Partial<Record<RequirementId, readonly string[]>> = passEvidence;
export const own: Case[] = requirementIds.flatMap((requirement) => [
  ...(requirementsById[requirement].shownBy === 'never'
    ? []
    : [{ requirement, reason: null, evidence: passes[requirement] ?? [] }]),
  ...Object.entries(allRulings[requirement]).map(([reason, { evidence }]) => ({
    requirement,
    reason,
    evidence,
  })),
]);
export const shared: Case[] = requirementIds.flatMap((requirement) =>
  commonReasons.map((reason) => ({
    requirement,
    reason,
    evidence: reason === 'not-reached' ? ['because'] : [],
  })),
);

export const findingOf = (
  { requirement, reason, evidence }: Case,
  service: 'imap' | 'smtp',
  host: string,
): Finding => ({
  requirement,
  reason,
  verdict: 'fail',
  severity: 'blocker',
  actor: 'it',
  hubspotStep: `${service}-connect`,
  endpoint: { service, host, port: service === 'imap' ? 993 : 587, encryption: 'tls' },
  evidence: Object.fromEntries(
    evidence.map((name) => [name, name === 'because' ? 'imap-port-open' : (usual[name] ?? null)]),
  ),
  policiesDisagree: true,
});
