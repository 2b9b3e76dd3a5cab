import { newCheck } from '../../conversation/state/check.ts';
import type {
  Check,
  Conversation,
  Escalation,
  Locale,
  Transcript,
} from '../../conversation/state/conversation.ts';
import { newConversation } from '../../conversation/state/conversation.ts';
import { newEscalation } from '../../conversation/state/escalation.ts';
import type { Endpoint, Service } from '../../diagnosis/account/endpoint.ts';
import type { Assessment, Finding } from '../../diagnosis/finding.ts';
import type { ServerFacts } from '../../diagnosis/observed/server-facts.ts';
import { rule } from '../../diagnosis/rule.ts';
import { translator } from '../catalogue/catalogue.ts';

/** Names that lead nowhere (RFC 2606 §3). */
const host = 'mail.example.com';
const address = 'erika.muster@example.com';

const day = 24 * 60 * 60_000;
const policy = 'hubspot-2017';

const endpointOf = (service: Service): Endpoint & { encryption: 'tls' } => ({
  service,
  host,
  asciiHost: host,
  port: service === 'imap' ? 993 : 465,
  encryption: 'tls',
});

type Period = { from: number; until: number };

const expired = ({ until }: Period, at: number): Finding => ({
  requirement: 'cert-validity',
  reason: 'expired',
  ...rule('cert-validity', 'expired', { policy, proven: true }),
  hubspotStep: 'imap-connect',
  endpoint: { service: 'imap', host, port: 993, encryption: 'tls' },
  evidence: {
    subject: `CN=${host}`,
    notAfter: new Date(until).toISOString(),
    days: Math.round((at - until) / day),
  },
});

const versions: ServerFacts['versions'] = [
  { version: 'TLSv1.3', answer: 'yes', alert: null },
  { version: 'TLSv1.2', answer: 'yes', alert: null },
];

const factsOf = (service: Service, period: Period): ServerFacts => ({
  service,
  software: null,
  versions,
  certificates: [
    {
      subject: `CN=${host}`,
      issuer: 'CN=Example CA',
      names: [host],
      notBefore: period.from,
      notAfter: period.until,
      key: 'RSA 2048',
      signature: 'sha256WithRSAEncryption',
      fingerprint256: Array.from({ length: 32 }, () => '00').join(':'),
    },
  ],
});

const transcriptOf = (service: Service): Transcript => ({
  service,
  lines: [{ from: 'server', text: service === 'imap' ? '* OK IMAP4rev1' : `220 ${host} ESMTP` }],
});

const assessmentAt = (at: number): Assessment => {
  const over = { from: at - 95 * day, until: at - 5 * day };
  return {
    verdict: 'blocked',
    policy,
    loginTested: false,
    findings: [expired(over, at)],
    settings: null,
    servers: [factsOf('imap', over), factsOf('smtp', { from: at - 10 * day, until: at + 80 * day })],
  };
};

const account: Check['account'] = {
  address,
  imap: endpointOf('imap'),
  smtp: endpointOf('smtp'),
  username: address,
  smtpLogin: 'same',
  untrustedCertificateExpected: false,
  personalInbox: true,
};

const checkAt = (at: number): Check => ({
  ...newCheck('check', account, at),
  state: 'finished',
  durationMs: 4200,
  assessment: assessmentAt(at),
  transcripts: [transcriptOf('imap'), transcriptOf('smtp')],
  foreignServers: [],
});

const escalationAt = (at: number, comment: string, claimedBy: Escalation['claimedBy']): Escalation => ({
  ...newEscalation('case', { checkId: 'check', at, comment }),
  state: claimedBy ? 'claimed' : 'open',
  claimedBy,
  delivery: 'arrived',
});

/** A case of nobody, as a real one would be kept. `at`: milliseconds since the epoch; `claimedBy`: a name, null: nobody. */
export const sampleCase = (locale: Locale, at: number, claimedBy: string | null) => {
  const t = translator(locale);
  const platform = '';
  const person = { platform, id: 'sample', name: t('views:test-case.rep') };
  const check = checkAt(at);
  const claimer = claimedBy === null ? null : { platform, id: 'it', name: claimedBy };
  const escalation = escalationAt(at, t('views:test-case.comment'), claimer);
  const conversation: Conversation = {
    ...newConversation('sample', { person, locale, at, address }),
    checks: [check],
    escalations: [escalation],
  };
  return { conversation, escalation, check };
};
