/** Conversations in which everything that can be said is said, for previews and for the test of every payload. */
import {
  type Check,
  type Conversation,
  type Escalation,
  type Locale,
  newConversation,
  noticeKinds,
} from '../../src/conversation/state/conversation.ts';
import type { Evidence, Finding, OverallVerdict } from '../../src/diagnosis/finding.ts';
import {
  commonReasons,
  passEvidence,
  type RequirementId,
  requirementIds,
  rulings,
} from '../../src/diagnosis/policy.ts';
import { rule } from '../../src/diagnosis/rule.ts';
import { type Policy, policyIds } from '../../src/diagnosis/target/hubspot/index.ts';

export const moment = Date.UTC(2026, 10, 23, 9, 0, 0);

/** How long the words of others are. */
export type Size = { host: string; address: string; name: string; text: string; findings: number };

export const usual: Size = {
  host: 'mail.beispiel-firma.de',
  address: 'anna.beck@beispiel-firma.de',
  name: 'Anna Beck',
  text: 'Seit gestern geht es nicht mehr. Davor lief alles.',
  findings: 2,
};

const label = 'ein-name-mit-dreiundsechzig-zeichen-fuer-einen-einzigen-teil-00';
const marks = '<!channel> <@U1> *fett* _kursiv_ `code` ~weg~ :boom: &amp; <https://e.test|hier>';
export const longest: Size = {
  // RFC 1035 §2.3.4: a name has at most 255 octets, which are 253 characters as written.
  host: `${[label, label, label, label].join('.')}`.slice(0, 253),
  address: `${'a'.repeat(60)}@${`${label}.${label}.${label}`}.de`,
  name: `Dr. ${marks}`.slice(0, 80),
  text: `${marks}\n`.repeat(40).slice(0, 3000),
  findings: 12,
};

const evidenceFor = ({ host }: Size): Evidence => ({
  address: '203.0.113.25',
  addresses: ['10.0.0.25', 'fd00::25'],
  alive: ['203.0.113.25'],
  banner: `554 5.7.1 ${marks} Service unavailable`,
  commonName: host,
  days: 12,
  dead: ['2001:db8::25'],
  domain: 'beispiel-firma.de',
  issuer: 'CN=Beispiel CA',
  keyBits: 1024,
  keyType: 'RSA',
  mechanisms: ['PLAIN', 'LOGIN'],
  names: [host, `www.${host.slice(4)}`],
  notAfter: '2026-11-23T10:00:00.000Z',
  notBefore: '2026-12-01T10:00:00.000Z',
  reply: '454 4.7.0 TLS not available',
  seconds: 10,
  signature: 'sha1WithRSAEncryption',
  subject: `CN=${host}`,
  trustedBy: 'mozilla',
  version: 'TLS 1.3',
  versions: ['SSL 3.0', 'TLS 1.0'],
  works: 'STARTTLS',
});

const endpointOf = (service: 'imap' | 'smtp', { host }: Size) => ({
  service,
  host,
  asciiHost: host,
  port: service === 'imap' ? 993 : 465,
  encryption: 'tls' as const,
});

const reasonsOf = (id: RequirementId): (string | null)[] => [
  ...(id in passEvidence || id !== 'ip-allowlist' ? [null] : []),
  ...Object.keys(rulings[id]),
  ...commonReasons,
];

const findingOf = (
  id: RequirementId,
  reason: string | null,
  options: { size: Size; policy: Policy },
): Finding => {
  const service = id.startsWith('smtp') ? 'smtp' : 'imap';
  return {
    requirement: id,
    reason,
    ...rule(id, reason, { policy: options.policy, proven: true }),
    policiesDisagree: true,
    hubspotStep: `${service}-connect`,
    endpoint: endpointOf(service, options.size),
    evidence: reason === 'not-reached' ? { because: 'imap-port-open' } : evidenceFor(options.size),
  };
};

export const everyFinding = (size: Size): Finding[] =>
  policyIds.flatMap((policy) =>
    requirementIds.flatMap((id) => reasonsOf(id).map((reason) => findingOf(id, reason, { size, policy }))),
  );

const failing = (size: Size): Finding[] =>
  everyFinding(size)
    .filter(({ verdict, reason }) => verdict === 'fail' && reason !== null)
    .slice(0, size.findings);

const transcript = (size: Size) =>
  (['imap', 'smtp'] as const).map((service) => ({
    service,
    lines: Array.from({ length: size.findings * 8 }, (_, index) => ({
      from: index % 2 === 0 ? ('server' as const) : ('client' as const),
      text: `* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ${size.host} ${marks} ready \`\`\``,
    })),
  }));

/** One finished check; `id` names it. */
export const checkOf = (
  id: string,
  options: { size: Size; verdict: OverallVerdict; findings: Finding[] },
): Check => {
  const { size, verdict, findings } = options;
  return {
    id,
    account: {
      address: size.address,
      imap: endpointOf('imap', size),
      smtp: endpointOf('smtp', size),
      username: size.address,
      smtpLogin: 'same',
      untrustedCertificateExpected: true,
      personalInbox: true,
    },
    startedAt: moment,
    state: 'finished',
    foreignServers: [],
    durationMs: 4200,
    assessment: {
      verdict,
      policy: 'hubspot-2017',
      loginTested: false,
      findings,
      settings:
        verdict === 'blocked'
          ? null
          : {
              email: size.address,
              username: size.address,
              imapHost: size.host,
              imapPort: 993,
              imapEncryption: 'tls',
              smtpHost: size.host,
              smtpPort: 465,
              smtpEncryption: 'tls',
              allowUntrustedCertificate: true,
            },
    },
    transcripts: transcript(size),
    detailsShown: false,
    forCase: null,
    byWatch: false,
    withLogin: false,
  };
};

const caseOf = (id: string, checkId: string, more: Partial<Escalation> & { size: Size }): Escalation => {
  const { size, ...changes } = more;
  return {
    id,
    checkId,
    openedAt: moment,
    state: 'open',
    comment: size.text,
    claimedBy: null,
    resolvedBy: null,
    resolvedAt: null,
    question: null,
    delivery: 'arrived',
    before: 'open',
    thread: null,
    joinedTo: null,
    watch: null,
    retry: null,
    reportDue: false,
    relapse: null,
    outcome: null,
    ...changes,
  };
};

const jonas = { platform: 'slack', id: 'U2', name: 'Jonas Kern' };

/** Every state of a case, every notice, every verdict, each under an id that names it. */
export const worldOf = (locale: Locale, size: Size): Conversation => {
  const findings = failing(size);
  const check = (id: string, verdict: OverallVerdict, found: Finding[]): Check =>
    checkOf(id, { size, verdict, findings: found });
  const running: Check = { ...check('running', 'ready', []), state: 'running', assessment: null };
  const finished = check('case', 'blocked', findings);
  const person = { platform: 'slack', id: 'U1', name: size.name };
  const begun = newConversation('conversation', { person, locale, at: moment, address: size.address });
  const named = { by: jonas.name, text: size.text, checkId: finished.id, escalationId: 'waiting-for-rep' };
  return {
    ...begun,
    draft: {
      address: size.address,
      comment: size.text,
      reply: size.text,
      question: size.text,
      imapHost: size.host,
    },
    checks: [
      running,
      { ...running, id: 'failed', state: 'failed' },
      check('ready', 'ready', []),
      check(
        'warnings',
        'ready-with-warnings',
        everyFinding(size)
          .filter(({ verdict }) => verdict === 'warn')
          .slice(0, size.findings),
      ),
      check(
        'inconclusive',
        'inconclusive',
        everyFinding(size)
          .filter(({ verdict }) => verdict === 'unknown')
          .slice(0, size.findings),
      ),
      check(
        'everything',
        'blocked',
        everyFinding(size).filter(({ reason }) => reason === null || reason === 'not-reached'),
      ),
      finished,
    ],
    escalations: [
      caseOf('open', 'case', { size }),
      caseOf('pending', 'case', { size, delivery: 'pending' }),
      caseOf('failed', 'case', { size, delivery: 'failed' }),
      caseOf('claimed', 'case', { size, state: 'claimed', claimedBy: jonas }),
      caseOf('waiting-for-rep', 'case', {
        size,
        state: 'waiting-for-rep',
        claimedBy: jonas,
        question: size.text,
      }),
      caseOf('resolved', 'case', { size, state: 'resolved', resolvedBy: jonas.name, resolvedAt: moment }),
      caseOf('withdrawn', 'case', { size, state: 'withdrawn' }),
    ],
    notices: [
      ...noticeKinds.rep.map((kind) => ({ id: `rep-${kind}`, to: 'rep' as const, kind, ...named })),
      ...noticeKinds.thread.map((kind) => ({ id: `thread-${kind}`, to: 'thread' as const, kind, ...named })),
    ],
  };
};
