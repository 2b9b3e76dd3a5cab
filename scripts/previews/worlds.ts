/** Conversations in which everything that can be said is said, for previews and for the test of every payload. */
import { newCheck } from '../../src/conversation/state/check.ts';
import {
  type Check,
  type Conversation,
  type Escalation,
  type Locale,
  newConversation,
  noticeKinds,
} from '../../src/conversation/state/conversation.ts';
import { newEscalation } from '../../src/conversation/state/escalation.ts';
import type { Finding } from '../../src/diagnosis/finding.ts';
import { overall } from '../../src/diagnosis/overall.ts';
import { commonReasons, type RequirementId, requirementIds, rulings } from '../../src/diagnosis/policy.ts';
import { requirementsById } from '../../src/diagnosis/requirements/index.ts';
import { rule } from '../../src/diagnosis/rule.ts';
import { type Policy, policyIds } from '../../src/diagnosis/target/hubspot/index.ts';
import { evidenceOf, type Size, textOf } from './samples.ts';

export type { Size } from './samples.ts';

export const moment = Date.UTC(2026, 10, 23, 9, 0, 0);

export const usual: Size = {
  host: 'mail.beispiel-firma.de',
  address: 'anna.beck@beispiel-firma.de',
  name: 'Anna Beck',
  text: 'Seit gestern geht es nicht mehr. Davor lief alles.',
  marks: '',
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
  marks: `${marks} `,
  findings: 12,
};

const endpointOf = (service: 'imap' | 'smtp', { host }: Size) => ({
  service,
  host,
  asciiHost: host,
  port: service === 'imap' ? 993 : 465,
  encryption: 'tls' as const,
});

const reasonsOf = (id: RequirementId): (string | null)[] => [
  ...(requirementsById[id].shownBy === 'never' ? [] : [null]),
  ...Object.keys(rulings[id]),
  ...commonReasons,
];

const findingOf = (
  id: RequirementId,
  reason: string | null,
  options: { size: Size; policy: Policy },
): Finding => {
  const { scope, step } = requirementsById[id];
  const service = scope !== 'account' && scope.includes('imap') ? 'imap' : 'smtp';
  return {
    requirement: id,
    reason,
    ...rule(id, reason, { policy: options.policy, proven: true }),
    hubspotStep: step(service),
    endpoint: scope === 'account' ? null : endpointOf(service, options.size),
    evidence: evidenceOf(id, reason, options.size),
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
export const checkOf = (id: string, options: { size: Size; findings: Finding[] }): Check => {
  const { size, findings } = options;
  const verdict = overall(findings);
  const account: Check['account'] = {
    address: size.address,
    imap: endpointOf('imap', size),
    smtp: endpointOf('smtp', size),
    username: size.address,
    smtpLogin: 'same',
    untrustedCertificateExpected: true,
    personalInbox: true,
  };
  return {
    ...newCheck(id, account, moment),
    state: 'finished',
    foreignServers: [],
    durationMs: 4200,
    assessment: {
      verdict,
      policy: 'hubspot-2017',
      loginTested: findings.some(
        ({ requirement, verdict: own }) =>
          requirementsById[requirement].shownBy === 'login' && own !== 'not-applicable',
      ),
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
  };
};

const caseOf = (id: string, checkId: string, more: Partial<Escalation> & { size: Size }): Escalation => {
  const { size, ...changes } = more;
  return {
    ...newEscalation(id, { checkId, at: moment, comment: size.text }),
    delivery: 'arrived',
    ...changes,
  };
};

const jonas = { platform: 'slack', id: 'U2', name: 'Jonas Kern' };

const ofVerdict = (size: Size, wanted: Finding['verdict']): Finding[] =>
  everyFinding(size)
    .filter(({ verdict }) => verdict === wanted)
    .slice(0, size.findings);

/** A check with every verdict, and in every state. */
const checksOf = (size: Size): Check[] => {
  const check = (id: string, findings: Finding[]): Check => checkOf(id, { size, findings });
  const running: Check = { ...check('running', []), state: 'running', assessment: null };
  return [
    running,
    { ...running, id: 'failed', state: 'failed' },
    check('ready', []),
    check('warnings', ofVerdict(size, 'warn')),
    check('inconclusive', ofVerdict(size, 'unknown')),
    check(
      'everything',
      everyFinding(size).filter(({ reason }) => reason === null || reason === 'not-reached'),
    ),
    check('case', failing(size)),
  ];
};

/** Every state of a case, every notice, every verdict, each under an id that names it. */
export const worldOf = (locale: Locale, size: Size): Conversation => {
  const person = { platform: 'slack', id: 'U1', name: size.name };
  const begun = newConversation('conversation', { person, locale, at: moment, address: size.address });
  const named = { by: jonas.name, checkId: 'case', escalationId: 'waiting-for-rep' };
  return {
    ...begun,
    draft: {
      address: size.address,
      comment: size.text,
      reply: size.text,
      question: size.text,
      imapHost: size.host,
    },
    checks: checksOf(size),
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
      ...noticeKinds.rep.map((kind) => ({
        id: `rep-${kind}`,
        to: 'rep' as const,
        kind,
        ...named,
        text: textOf(kind, size),
      })),
      ...noticeKinds.thread.map((kind) => ({
        id: `thread-${kind}`,
        to: 'thread' as const,
        kind,
        ...named,
        text: textOf(kind, size),
        calls: jonas,
      })),
    ],
  };
};
