/** The command line as a rep's admin runs it, and the mail servers it is run against. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import {
  type Authority,
  type CertificateKind,
  type Dialogue,
  startDovecot,
  startPostfix,
  startScripted,
} from '../mail-servers/index.ts';
import type { Scope } from '../mail-servers/scope.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const endpoint = z.strictObject({
  host: z.string(),
  port: z.number(),
  encryption: z.enum(['tls', 'starttls', 'none']).nullable(),
});
const service = z.enum(['imap', 'smtp']);

/** `check --json` as the contract has it: no key less; `policiesDisagree` and `servers` are added. */
export const report = z.strictObject({
  verdict: z.enum(['ready', 'ready-with-warnings', 'blocked', 'inconclusive']),
  loginTested: z.boolean(),
  rehearsed: z.boolean(),
  policy: z.enum(['hubspot-2017', 'hubspot-2024']),
  account: z.strictObject({
    address: z.string(),
    imap: endpoint.nullable(),
    smtp: endpoint.nullable(),
    username: z.string(),
  }),
  findings: z.array(
    z.strictObject({
      requirement: z.string(),
      verdict: z.enum(['pass', 'warn', 'fail', 'unknown', 'not-applicable']),
      reason: z.string().nullable(),
      severity: z.enum(['blocker', 'warning', 'info']),
      actor: z.enum(['rep', 'it', 'hubspot-admin']),
      hubspotStep: z
        .enum(['imap-connect', 'imap-login', 'smtp-connect', 'smtp-login', 'test-mail'])
        .nullable(),
      endpoint: endpoint.extend({ service }).nullable(),
      evidence: z.record(z.string(), z.unknown()),
      policiesDisagree: z.boolean(),
      text: z.strictObject({ title: z.string().min(1), explanation: z.string(), remedy: z.string() }),
    }),
  ),
  observations: z.array(z.looseObject({})),
  durationMs: z.number().nonnegative(),
  settings: z
    .strictObject({
      email: z.string(),
      username: z.string(),
      imapHost: z.string(),
      imapPort: z.number(),
      imapEncryption: z.string(),
      smtpHost: z.string(),
      smtpPort: z.number(),
      smtpEncryption: z.string(),
      allowUntrustedCertificate: z.boolean(),
    })
    .nullable(),
  servers: z.array(z.looseObject({ service, software: z.string().nullable() })),
});
export type Report = z.infer<typeof report>;

export type Ran = { code: number | null; stdout: string; stderr: string };
export type Circumstances = {
  npm?: boolean;
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** Standard input; closed where nothing is given. */
  input?: string | Uint8Array;
};

/** Runs `connect-email` with these words. `npm`: by the documented command, else by what it starts. */
export async function connectEmail(
  words: readonly string[],
  { npm = false, env = {}, cwd = root, input }: Circumstances = {},
): Promise<Ran> {
  const [program, before] = npm
    ? ['npm', ['run', '-s', 'connect-email', '--']]
    : [process.execPath, [`${root}src/cli/index.ts`]];
  const { INIT_CWD: _, LC_ALL: __, LC_MESSAGES: ___, ...inherited } = process.env;
  const child = spawn(program, [...before, ...words], {
    cwd,
    env: { ...inherited, LANG: 'C', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that needs no input may be gone before it is written.
  child.stdin.on('error', () => undefined).end(input);
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { code: child.exitCode, stdout, stderr };
}

/** One server as it is typed. No encryption: not stated. */
export type Typed = { host: string; port?: number; encryption?: 'tls' | 'starttls' | 'none' };

export const words = (name: Service, { host, port, encryption }: Typed): string[] => [
  `--${name}`,
  port === undefined ? host : `${host}:${port}`,
  ...(encryption ? [`--${name}-encryption`, encryption] : []),
];

export type Seen = readonly [service: string, requirement: string, reason: string | null];

/** Everything a person must look at; an address filter that shows no sign is said of every account. */
export const unmet = ({ findings }: Report): Seen[] =>
  findings
    .filter(({ verdict, severity }) => ['fail', 'warn', 'unknown'].includes(verdict) && severity !== 'info')
    .map(({ endpoint: at, requirement, reason }) => [at?.service ?? 'account', requirement, reason] as const);

/** What is neither met nor a plain "cannot be seen from here", or without a login, at a healthy service. */
export const notPassed = ({ findings }: Report, of: Service): string[] =>
  findings
    .filter(({ endpoint: at, verdict }) => at?.service === of && verdict !== 'pass')
    .map(({ requirement, reason }) => `${requirement} ${reason}`)
    .filter((line) => line !== 'ip-allowlist no-sign' && !line.endsWith(' not-tested'));

export const portOpen = { imap: 'imap-port-open', smtp: 'smtp-port-open' } as const;
export const encryptionOf = { imap: 'imap-encryption', smtp: 'smtp-tls' } as const;

type Options = { kind?: CertificateKind; versions?: readonly ['TLSv1']; starttls?: false };

/** A real Dovecot or Postfix; `tls` and `starttls` are its two ports. */
export async function realServer(of: Service, servers: Scope, options: Options & { ca: Authority }) {
  const { ca, kind = 'good', ...rest } = options;
  const certificate = await ca.issue({ kind });
  const host = '127.0.0.1';
  if (of === 'imap') {
    const { imapsPort, imapPort } = await servers.start(startDovecot({ certificate, ...rest }));
    return { host, tls: imapsPort, starttls: imapPort };
  }
  const { smtpsPort, smtpPort } = await servers.start(startPostfix({ certificate, ...rest }));
  return { host, tls: smtpsPort, starttls: smtpPort };
}

const imapCapabilities = '* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n{tag} OK done\r\n';
const smtpCapabilities = '250-mail.example.test\r\n250 STARTTLS\r\n';

/** A server that is sound up to STARTTLS, and then `answer`s in its own way. */
export const startsTlsBadly = (of: Service, servers: Scope, answer: (go: string) => Dialogue['greeting']) =>
  servers.start(
    startScripted(
      of === 'imap'
        ? {
            greeting: '* OK ready\r\n',
            answers: [
              [/ CAPABILITY$/iu, imapCapabilities],
              [/ STARTTLS$/iu, answer('{tag} OK go\r\n')],
              [/ LOGOUT$/iu, { next: 'close' }],
            ],
          }
        : {
            greeting: '220 mail.example.test ESMTP\r\n',
            answers: [
              [/^EHLO /iu, smtpCapabilities],
              ['STARTTLS', answer('220 go\r\n')],
              ['QUIT', { next: 'close' }],
            ],
          },
    ),
  );
