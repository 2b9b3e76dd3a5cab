/** The hand-written listeners send what they say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Authority,
  closedPort,
  scope,
  startClosesAtOnce,
  startDrips,
  startEndless,
  startHttp,
  startResetsAtOnce,
  startSays,
  startScripted,
  startSilent,
  startTlsDialogue,
} from './index.ts';
import { handshake, insideTls, talk } from './peers.ts';

const servers = scope();
let authority: Authority;

beforeAll(async () => {
  authority = await servers.authority();
});
afterAll(() => servers.stop());

describe('bytes no honest server sends', () => {
  it('silence, close, reset, greetings, endless lines, nobody', async () => {
    const greeting = '+OK POP3 ready\r\n';
    expect(await talk(await servers.start(startSilent()))).toEqual({ said: '', end: 'open' });
    expect(await talk(await servers.start(startClosesAtOnce()))).toEqual({ said: '', end: 'closed' });
    expect(await talk(await servers.start(startResetsAtOnce()))).toEqual({ said: '', end: 'reset' });
    const says = await servers.start(startSays(greeting, { afterMs: 50, thenClose: true }));
    expect(await talk(says)).toEqual({ said: greeting, end: 'closed' });
    const drips = await servers.start(startDrips('* OK', 20));
    expect(await talk(drips)).toEqual({ said: '* OK', end: 'open' });
    const endless = await servers.start(startEndless());
    expect((await talk(endless, '', 100)).said.length).toBeGreaterThan(100_000);
    expect((await talk(await closedPort())).end).toBe('refused');
  });

  it('STARTTLS refused, promised and cut, injected, and kept', async () => {
    const certificate = await authority.issue();
    const greeting = '* OK ready\r\n';
    const starttls = /^\S+ STARTTLS$/i;
    const refused = await servers.start(
      startScripted({ greeting, answers: [[starttls, '{tag} NO not now\r\n']] }),
    );
    expect((await talk(refused, 'x STARTTLS\r\n')).said).toBe(`${greeting}x NO not now\r\n`);
    expect(refused.received).toEqual(['x STARTTLS']);
    const cut = { say: '{tag} OK go\r\n', next: 'close' } as const;
    const closes = await servers.start(startScripted({ greeting, answers: [[starttls, cut]] }));
    expect(await talk(closes, 'x STARTTLS\r\n')).toEqual({ said: `${greeting}x OK go\r\n`, end: 'closed' });
    const upgrade = { say: '{tag} OK go\r\n', next: 'tls', certificate } as const;
    const inject = { ...upgrade, inject: 'y OK injected\r\n' };
    const injects = await servers.start(startScripted({ greeting, answers: [[starttls, inject]] }));
    expect((await talk(injects, 'x STARTTLS\r\n')).said).toContain('go\r\ny OK injected');
    const capability = '* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK\r\n';
    const answers = [
      [starttls, upgrade],
      [/ CAPABILITY$/, capability],
      [/ LOGOUT$/, { next: 'close' }],
    ] as const;
    const honest = await servers.start(startScripted({ greeting, answers }));
    expect((await handshake(honest, '-starttls', 'imap', '-CAfile', authority.caFile)).output).toContain(
      'Verify return code: 0 (ok)',
    );
  });

  it('TLS dialogue: versions, SNI and client certificates', async () => {
    const certificate = await authority.issue();
    const dialogue = { greeting: '* PREAUTH hello\r\n', answers: [[/ LOGOUT$/, { next: 'close' }]] } as const;
    const base = { certificate, dialogue };
    const plain = await servers.start(startTlsDialogue(base));
    expect(await insideTls(plain, ['a LOGOUT'])).toContain('* PREAUTH hello');
    const old = await servers.start(
      startTlsDialogue({ ...base, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }),
    );
    expect((await handshake(old, '-tls1_1')).ok).toBe(true);
    expect((await handshake(old, '-tls1_2')).ok).toBe(false);
    const named = await servers.start(startTlsDialogue({ ...base, sniOnly: 'mail.example.test' }));
    expect((await handshake(named, '-servername', 'mail.example.test')).ok).toBe(true);
    expect((await handshake(named, '-servername', 'other.example.test')).ok).toBe(false);
    expect((await handshake(named, '-noservername')).ok).toBe(false);
    const asking = await servers.start(startTlsDialogue({ ...base, requestClientCertificate: true }));
    expect((await handshake(asking, '-tls1_2')).ok).toBe(false);
  });

  it('a web server waits for a request', async () => {
    const http = await servers.start(startHttp());
    expect((await talk(http, '', 100)).said).toBe('');
    expect((await talk(http, 'GET / HTTP/1.0\r\n\r\n')).said).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});
