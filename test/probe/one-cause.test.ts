/** What goes on beside a session, or comes late, must not change the one cause that is named. */
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readAuthorities } from '../../src/check.ts';
import {
  type Authority,
  type Dialogue,
  scope,
  startDovecot,
  startHttp,
  startNameServer,
  startSays,
  startScripted,
} from '../mail-servers/index.ts';
import { accountOf, check, insideAddress, unmetAt } from '../matrix/look.ts';
import { startLine } from '../matrix/ways-in.ts';
import { beside } from '../support/side-by-side.ts';

const servers = scope();
const host = '127.0.0.1';
let ca: Authority;
beforeAll(async () => {
  ca = await servers.authority();
});
afterAll(servers.stop);

const silent = { host, port: 1, encryption: 'tls' } as const;
const dialogue = (answer: Dialogue['greeting']): Dialogue => ({
  greeting: '220 mail.example.test ESMTP\r\n',
  answers: [
    [/^EHLO/u, '250-mail.example.test\r\n250 STARTTLS\r\n'],
    [/^STARTTLS/u, answer],
  ],
});

beside('Given STARTTLS that is listed and then not granted', () => {
  it.each([
    ['454 4.7.0 TLS not available\r\n', 'smtp-tls starttls-refused'],
    [{ next: 'close' }, 'smtp-tls starttls-broken'],
    [{ next: 'silence' }, 'smtp-tls starttls-broken'],
  ] as const)('%o: that is the one cause, and no version is spoken of', async (answer, cause) => {
    const { port } = await servers.start(startScripted(dialogue(answer)));
    const account = accountOf({ imap: silent, smtp: { host, port, encryption: 'starttls' } });
    const result = await check(account, { authorities: [] });
    expect(unmetAt(result, 'smtp')).toEqual([cause]);
    expect(result.observations.filter(({ type }) => type === 'version-offer')).toEqual([]);
    expect(result.durationMs).toBeLessThan(12_000);
  });
});

beside('Given a greeting that is late', () => {
  it('after 20 s: it is slow and not missing, and the whole ends in time', async () => {
    const late = await servers.start(startSays('220 mail.example.test ESMTP\r\n', { afterMs: 20_000 }));
    const account = accountOf({ imap: silent, smtp: { host, port: late.port, encryption: 'starttls' } });
    const result = await check(account, { authorities: [] });
    expect(result.observations).toContainEqual(
      expect.objectContaining({ service: 'smtp', type: 'greeting', outcome: 'spoken' }),
    );
    expect(unmetAt(result, 'smtp')).not.toContain('imap-smtp-supported no-greeting');
    expect(result.durationMs).toBeLessThan(30_500);
  }, 40_000);
});

beside('Given a name that leads to a sound server outside and to another one inside', () => {
  it('only where it leads is said, whichever answers first', async () => {
    const name = 'mail.example.test';
    const imap = await servers.start(startDovecot({ certificate: await ca.issue() }));
    await servers.start(startHttp({ address: insideAddress, port: imap.imapsPort }));
    const dns = await servers.start(
      startNameServer([
        { type: 'A', name, address: insideAddress },
        { type: 'A', name, address: host },
      ]),
    );
    const account = accountOf({
      imap: { host: name, port: imap.imapsPort, encryption: 'tls' },
      smtp: silent,
    });
    const authorities = await readAuthorities(ca.caFile);
    const nameServers = [`${dns.address}:${dns.port}`];
    const result = await check(account, { authorities, nameServers });
    expect(unmetAt(result, 'imap')).toEqual(['public-address private-address']);
  });
});

beside('Given TLS 1.3, and no answer to anything older', () => {
  it('whether TLS 1.2 is allowed stays open, and the server is ready all the same', async () => {
    const certificate = await ca.issue();
    const { imapsPort } = await servers.start(startDovecot({ certificate }));
    const line = await startLine({ ca, servers }, { host, port: imapsPort }, async (socket) => {
      await once(socket, 'readable');
      const hello: unknown = socket.read();
      if (!Buffer.isBuffer(hello)) return false;
      socket.unshift(hello);
      // RFC 8446 §4.2.1: only a client of TLS 1.3 lists its versions in extension 43.
      if (hello.includes(Buffer.of(0, 43))) return true;
      socket.resetAndDestroy();
      return false;
    });
    const account = accountOf({ imap: { host, port: line.port, encryption: 'tls' }, smtp: silent });
    const result = await check(account, { authorities: await readAuthorities(ca.caFile) });
    const { findings } = result.assessment;
    expect(unmetAt(result, 'imap')).toEqual([]);
    expect(
      findings.find(
        ({ endpoint, requirement }) => endpoint?.service === 'imap' && requirement === 'tls13-only',
      ),
    ).toMatchObject({ verdict: 'unknown', severity: 'info', reason: 'undecided' });
  });
});
