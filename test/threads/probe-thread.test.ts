/** What a server makes us do must not keep the bot from answering people. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckSurroundings, runCheck } from '../../src/check.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { Secret } from '../../src/secret.ts';
import { createProbeThread } from '../../src/threads/probe-thread.ts';
import { startHostilePark } from '../mail-servers/hostile-park.ts';
import {
  type Hostile,
  type HostileName,
  hostileNames,
  hostileServers,
} from '../mail-servers/hostile-servers.ts';
import { REP, scope, startDovecot, startMailbox, startPostfix } from '../mail-servers/index.ts';
import { accountOf, unmetAt } from '../matrix/look.ts';
import { longestBlock } from './longest-block.ts';

const host = '127.0.0.1';
const ports = [{ from: 1, to: 65_535 }];
const servers = scope();
const thread = createProbeThread({
  allowNetworks: ['127.0.0.0/8'],
  allowPorts: ports,
  nameServers: [],
  authorities: [],
  proposedPorts: ports,
});
let park: Awaited<ReturnType<typeof startHostilePark>>;
beforeAll(async () => {
  thread.warm();
  park = await startHostilePark();
});
afterAll(async () => {
  await thread.stop();
  await park.stop();
  await servers.stop();
});

const parts: CheckSurroundings = {
  network: createNetwork({
    guard: createGuard({ restricted: true, allowNetworks: ['127.0.0.0/8'], allowPorts: ports }),
    nameServers: [],
  }),
  authorities: [],
  policy: 'hubspot-2017',
  now: Date.now,
  probe: thread.probe,
};

const hostileAccount = (name: HostileName) => {
  const { encryption }: Hostile = hostileServers[name];
  const at = { host, port: park.ports[name], encryption };
  return { ...accountOf({ imap: at, smtp: at }), smtp: null };
};

describe('Given every hostile server there is', () => {
  it('when all are checked at once, then this thread is never kept busy for a tenth of a second', async () => {
    // What is compiled and loaded once in a process's life is not what a server costs.
    await runCheck(hostileAccount('sends ten thousand names'), { ...parts, timeoutMs: 2_000 }, {});
    const block = longestBlock();
    const checks = hostileNames.map((name) =>
      runCheck(hostileAccount(name), { ...parts, timeoutMs: 10_000 }, {}),
    );
    const results = await Promise.all(checks);
    expect(block()).toBeLessThan(100);
    expect(results.map(({ assessment }) => assessment.verdict)).not.toContain('ready');
    for (const { durationMs } of results) expect(durationMs).toBeLessThan(11_000);
  });

  it('when a honest server is checked beside them, then nothing is said of it that is not so', async () => {
    const authority = await servers.authority();
    const certificate = await authority.issue({ kind: 'self-signed' });
    const [imap, smtp] = await Promise.all([
      servers.start(startDovecot({ certificate })),
      servers.start(startPostfix({ certificate })),
    ]);
    const account = accountOf({
      imap: { host, port: imap.imapsPort, encryption: 'tls' },
      smtp: { host, port: smtp.smtpsPort, encryption: 'tls' },
    });
    const alone = await runCheck(account, parts, {});
    const hostile = hostileNames.map((name) =>
      runCheck(hostileAccount(name), { ...parts, timeoutMs: 10_000 }, {}),
    );
    const beside = await runCheck(account, parts, {});
    await Promise.all(hostile);
    expect(unmetAt(beside, 'imap')).toEqual(unmetAt(alone, 'imap'));
    expect(unmetAt(beside, 'smtp')).toEqual(unmetAt(alone, 'smtp'));
  });

  it('when its time is over, then the check ends even if its thread is held up', async () => {
    const name = 'sends a hundred certificates on a slow curve';
    const held = Array.from({ length: 12 }, () =>
      runCheck(hostileAccount(name), { ...parts, timeoutMs: 1_000 }, {}),
    );
    const results = await Promise.all(held);
    for (const { durationMs } of results) expect(durationMs).toBeLessThan(2_000);
    const said = results.flatMap(({ assessment }) => assessment.findings.map(({ reason }) => reason));
    expect(said).toContain('not-measured');
  });

  it('when somebody calls it off, then it ends at once', async () => {
    const called = new AbortController();
    const name = 'sends a byte a second';
    const check = runCheck(hostileAccount(name), parts, { signal: called.signal });
    await sleep(200);
    called.abort();
    expect((await check).durationMs).toBeLessThan(3_000);
  });
});

describe('Given a password for a login', () => {
  it('then it reaches the server as it was typed', async () => {
    const password = 'umläut-5';
    const authority = await servers.authority();
    const certificate = await authority.issue({ kind: 'self-signed' });
    const imap = await servers.start(
      startDovecot({ certificate, users: [{ name: 'rep@example.test', password }] }),
    );
    const at = { host, port: imap.imapsPort, encryption: 'tls' } as const;
    const account = {
      ...accountOf({ imap: at, smtp: at }),
      smtp: null,
      untrustedCertificateExpected: true,
    };
    const { observations } = await runCheck(account, parts, { secret: new Secret(password) });
    expect(observations.find(({ type }) => type === 'login')).toMatchObject({ outcome: 'accepted' });
  });
});

describe('Given consent to a test mail', () => {
  /** Nothing has reached the mail server that could become a mail. */
  const isSilent = async (logFile: string): Promise<boolean> =>
    !/cleanup\[|qmgr\[\d+\]: [0-9A-F]+: from=/u.test(await readFile(logFile, 'utf8'));

  it('then it goes out once its name is kept, and not before; given nobody who could keep it, it never does', async () => {
    const authority = await servers.authority();
    const certificate = await authority.issue({ kind: 'self-signed' });
    const { imap, smtp } = await servers.start(startMailbox({ certificate }));
    const account = {
      ...accountOf({
        imap: { host, port: imap.imapsPort, encryption: 'tls' },
        smtp: { host, port: smtp.smtpsPort, encryption: 'tls' },
      }),
      untrustedCertificateExpected: true,
    };
    const rehearse = async (keep: (calledOff: AbortController) => Promise<void>) => {
      const calledOff = new AbortController();
      const { observations } = await runCheck(account, parts, {
        secret: new Secret(REP.password),
        rehearsal: { patienceMs: 8_000 },
        signal: calledOff.signal,
        onObservation: async (seen) => {
          if (seen.type === 'test-mail' && seen.phase === 'sending') await keep(calledOff);
        },
      });
      return observations.flatMap((seen) => (seen.type === 'test-mail' ? [seen.phase] : []));
    };

    const unkept = await rehearse(async (calledOff) => calledOff.abort());
    expect(unkept).toEqual(['sending', 'cleared']);
    expect(await isSilent(smtp.logFile)).toBe(true);

    let wasSilent = false;
    const kept = await rehearse(async () => {
      await sleep(500);
      wasSilent = await isSilent(smtp.logFile);
    });
    expect(wasSilent).toBe(true);
    expect(kept).toEqual(['sending', 'taken', 'cleared']);
  });
});
