/** What IT reads about a real server: its versions, its certificate, a command that shows the same, a setting to begin with. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { newCheck } from '../../src/conversation/state/check.ts';
import type { FinishedCheck } from '../../src/conversation/state/selectors.ts';
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import { parseAuthorities } from '../../src/probe/tls/trust.ts';
import { evidenceContent } from '../../src/wording/findings/evidence.ts';
import { closedPort, scope, startDovecot, startExim } from '../mail-servers/index.ts';
import { accountOf, check, type Typed } from './look.ts';

const servers = scope();
afterAll(servers.stop);

const looked = async (typed: Record<Service, Typed>, caFile: string): Promise<FinishedCheck> => {
  const account = accountOf(typed);
  const authorities = parseAuthorities(await readFile(caFile, 'utf8'));
  const { assessment, transcripts, durationMs } = await check(account, { authorities });
  const ended = { state: 'finished', assessment, transcripts, durationMs } as const;
  return { ...newCheck('c1', account, 0), ...ended, foreignServers: [] };
};

/** As an administrator would: pasted into a shell, with nothing more to say. */
const pasted = (command: string): Promise<string> =>
  new Promise((done) => {
    const child = execFile('sh', ['-c', command], { timeout: 5_000 }, (_, stdout, stderr) =>
      done(stdout + stderr),
    );
    child.stdin?.end();
  });

const closed = async (): Promise<Typed> => ({ ...(await closedPort()), encryption: 'tls' });

it('given an Exim with TLS 1.0 only, then IT sees it in every way, and the command shows the same', async () => {
  const ca = await servers.authority();
  const certificate = await ca.issue();
  const priority = 'LEGACY:-VERS-ALL:+VERS-TLS1.0';
  const exim = await servers.start(startExim({ certificate, priority }));
  const smtp = { host: exim.host, port: exim.smtpPort, encryption: 'starttls' } as const;
  const found = await looked({ imap: await closed(), smtp }, ca.caFile);
  const { blocks } = evidenceContent(found, 'smtp', 'en');
  const codes = blocks.flatMap((block) => (block.type === 'code' ? [block] : []));
  const versions = blocks.find((block) => block.type === 'values');
  expect(versions?.rows).toEqual([
    { label: 'SSL 3.0', value: expect.stringContaining('refused') },
    { label: 'TLS 1.0', value: 'accepted' },
    { label: 'TLS 1.1', value: 'refused' },
    { label: 'TLS 1.2', value: 'refused' },
    { label: 'TLS 1.3', value: 'refused' },
  ]);
  const fix = codes.find(({ label }) => label.startsWith('Suggestion for Exim: switch on TLS 1.2'));
  expect(fix?.text).toContain('tls_require_ciphers');
  expect(codes.find(({ label }) => label === 'Certificates as the server sends them')?.text).toMatch(
    /CN=localhost(?:.|\n)*SHA-256 [0-9A-F:]{95}/u,
  );
  const [openssl = '', swaks] =
    codes.find(({ label }) => label.startsWith('See for yourself'))?.text.split('\n') ?? [];
  expect(swaks).toBe(`swaks --server '127.0.0.1' --port '${exim.smtpPort}' --tls --quit-after EHLO`);
  expect(await pasted(openssl)).toMatch(/Protocol *: TLSv1$/mu);
});

it('given a current Dovecot, then the command of IT opens a session', async () => {
  const ca = await servers.authority();
  const dovecot = await servers.start(startDovecot({ certificate: await ca.issue({ kind: 'expired' }) }));
  const imap = { host: dovecot.host, port: dovecot.imapPort, encryption: 'auto' } as const;
  const found = await looked({ imap, smtp: await closed() }, ca.caFile);
  const { blocks } = evidenceContent(found, 'imap', 'de');
  const code = (label: string) =>
    blocks.flatMap((one) => (one.type === 'code' && one.label.startsWith(label) ? [one.text] : []));
  expect(await pasted(code('Selbst nachsehen')[0] ?? '')).toMatch(/^New, TLSv1\.3, Cipher is/mu);
  expect(code('Vorschlag für Dovecot: Zertifikat')[0]).toContain('ssl_cert =');
});
