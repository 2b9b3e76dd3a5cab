/** Accounts whose login is tested, and servers that answer it in one given way. */

import { type CheckResult, readAuthorities, runCheck } from '../../src/check.ts';
import type { Account } from '../../src/diagnosis/account/account.ts';
import type { Endpoint, Service } from '../../src/diagnosis/account/endpoint.ts';
import type { Provider } from '../../src/diagnosis/account/provider.ts';
import { assess } from '../../src/diagnosis/assess.ts';
import type { Finding } from '../../src/diagnosis/finding.ts';
import type { Observation } from '../../src/diagnosis/observed/observation.ts';
import type { StepProgress } from '../../src/diagnosis/progress.ts';
import type { Policy } from '../../src/diagnosis/target/hubspot/index.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { Secret } from '../../src/secret.ts';
import {
  type Action,
  type Authority,
  type Certificate,
  type Dialogue,
  REP,
  startTlsDialogue,
} from '../mail-servers/index.ts';
import type { Scope } from '../mail-servers/scope.ts';

const host = '127.0.0.1';

export type At = { port: number; encryption?: Endpoint['encryption'] };
export type Given = {
  imap: At;
  smtp: At;
  ca: Authority;
  /** Default: the password of `REP`. Null: nobody logs in. */
  password?: string | null;
  account?: Partial<Account>;
  policy?: Policy;
  timeoutMs?: number;
  /** Given: there is consent to a rehearsal. In milliseconds. */
  patienceMs?: number;
  signal?: AbortSignal;
  onObservation?: (seen: Observation) => void;
  /** The certificate that an earlier check has seen, by service. */
  pinned?: Partial<Record<Service, string>>;
  onProgress?: (steps: readonly StepProgress[]) => void;
};

const endpoint = (service: Service, { port, encryption = 'tls' }: At): Endpoint => ({
  service,
  host,
  asciiHost: host,
  port,
  encryption,
});

export const accountOf = ({ imap, smtp, account }: Pick<Given, 'imap' | 'smtp' | 'account'>): Account => ({
  address: REP.name,
  imap: endpoint('imap', imap),
  smtp: endpoint('smtp', smtp),
  username: REP.name,
  smtpLogin: 'same',
  untrustedCertificateExpected: false,
  personalInbox: null,
  ...account,
});

const network = createNetwork({
  guard: createGuard({ restricted: false, allowNetworks: ['127.0.0.0/8'], allowPorts: [] }),
  nameServers: [],
});

/** One whole check with a login, in this process. */
export const check = async (given: Given): Promise<CheckResult> => {
  const {
    ca,
    password = REP.password,
    policy = 'hubspot-2017',
    timeoutMs = null,
    pinned,
    onProgress,
    patienceMs,
    signal,
    onObservation,
  } = given;
  const authorities = await readAuthorities(ca.caFile);
  return runCheck(
    accountOf(given),
    { network, authorities, policy, now: Date.now, timeoutMs },
    {
      ...(password === null ? {} : { secret: new Secret(password) }),
      ...(pinned ? { pinned } : {}),
      ...(onProgress ? { onProgress } : {}),
      ...(patienceMs === undefined ? {} : { rehearsal: { patienceMs } }),
      ...(signal ? { signal } : {}),
      ...(onObservation ? { onObservation } : {}),
    },
  );
};

/** The same observations, judged as if the account were with this provider. */
export const withProvider = (given: Given, { observations }: CheckResult, password: Provider['password']) =>
  assess(accountOf(given), observations, {
    now: Date.now(),
    policy: 'hubspot-2017',
    provider: { id: 'example', name: 'Example', native: null, imap: true, password, imapOffAtFirst: false },
  }).findings;

/** What a person must look at: service, requirement, reason. */
export const unmet = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ verdict, severity }) => ['fail', 'warn', 'unknown'].includes(verdict) && severity !== 'info')
    .map(({ endpoint: at, requirement, reason }) => `${at?.service ?? 'account'} ${requirement} ${reason}`);

/** What is neither met nor a plain "cannot be seen from here". */
export const notPassed = (findings: readonly Finding[], of: Service): string[] =>
  findings
    .filter(({ endpoint: at, verdict }) => at?.service === of && verdict !== 'pass')
    .map(({ requirement, reason }) => `${requirement} ${reason}`)
    .filter(
      (line) =>
        ![
          'ip-allowlist no-sign',
          'plaintext-auth not-tested',
          'concurrent-connections not-tested',
          'test-mail-arrives not-tested',
        ].includes(line),
    );

const imapAnswers: Dialogue['answers'] = [
  [/ EXAMINE /iu, '* 0 EXISTS\r\n{tag} OK [READ-ONLY] done\r\n'],
  [/ LIST \(SPECIAL-USE\)/iu, '* LIST (\\Sent) "/" Sent\r\n{tag} OK done\r\n'],
  [/ LOGOUT$/iu, { next: 'close' }],
];
const smtpAnswers: Dialogue['answers'] = [
  [/^EHLO /iu, '250-mail.example.test\r\n250-SIZE 1000\r\n250 AUTH PLAIN LOGIN\r\n'],
  [/^(?:MAIL|RCPT|RSET)/iu, '250 2.0.0 Ok\r\n'],
  ['QUIT', { next: 'close' }],
];

export const imapAccepts = '{tag} OK [CAPABILITY IMAP4rev1 SPECIAL-USE] Logged in\r\n';
export const smtpAccepts = '235 2.7.0 Accepted\r\n';

const login = { imap: /^\S+ (?:AUTHENTICATE|LOGIN)\b/iu, smtp: /^AUTH\b/iu } as const;
export const attempts = (of: Service, received: readonly string[]): number =>
  received.filter((line) => login[of].test(line)).length;

export type Scripted = {
  certificate: Certificate;
  answer: Action;
  before?: Dialogue['answers'];
  offers?: string;
};

/** A sound server behind TLS that answers a login with these bytes; `before` answers other lines first. */
export const startAnswering = (of: Service, servers: Scope, scripted: Scripted) => {
  const { certificate, answer, before = [], offers = 'SASL-IR AUTH=PLAIN' } = scripted;
  const dialogue: Dialogue =
    of === 'imap'
      ? {
          greeting: `* OK [CAPABILITY IMAP4rev1 ${offers}] ready\r\n`,
          answers: [...before, [login.imap, answer], ...(imapAnswers ?? [])],
        }
      : {
          greeting: '220 mail.example.test ESMTP\r\n',
          answers: [...before, [login.smtp, answer], ...(smtpAnswers ?? [])],
        };
  return servers.start(startTlsDialogue({ certificate, dialogue }));
};
