import { afterAll, describe, expect, it } from 'vitest';
import { resolveHost } from '../../src/net/resolver.ts';
import { startFickleDns } from '../mail-servers/fickle-dns.ts';
import { scope } from '../mail-servers/index.ts';

const servers = scope();
afterAll(servers.stop);

describe('Given a name server that never answers a question for AAAA', () => {
  it('the address that it has given is kept, and the wait is short', async () => {
    const { address, port } = await servers.start(startFickleDns(() => '192.0.2.7', { onlyA: true }));
    const started = performance.now();
    const found = await resolveHost('mail.example.test', {
      nameServers: [`${address}:${port}`],
      signal: AbortSignal.timeout(10_000),
    });
    expect(found).toEqual({ via: 'name-server', outcome: 'resolved', addresses: ['192.0.2.7'] });
    expect(performance.now() - started).toBeLessThan(3_500);
  });
});

describe('Given a name server that fails for one kind of address and knows no such name for the other', () => {
  it('the server has failed, and the name is not called unknown', async () => {
    const { address, port } = await servers.start(startFickleDns(() => null, { contradicts: true }));
    const found = await resolveHost('mail.example.test', {
      nameServers: [`${address}:${port}`],
      signal: AbortSignal.timeout(10_000),
    });
    expect(found).toMatchObject({ outcome: 'server-failed', addresses: [] });
  });
});
