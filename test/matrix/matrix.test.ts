/** Every fault on one service beside a healthy other one: one root cause, and nobody else is blamed. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import { parseAuthorities } from '../../src/probe/tls/trust.ts';
import { type Authority, type Make, makes, type Ports, scope, startMake } from '../mail-servers/index.ts';
import { everyFault } from './every-fault.ts';
import { alwaysSaid } from './faults.ts';
import { accountOf, check, expectHealthy, expectWords, judgedAnew, type Typed, unmetAt } from './look.ts';

const servers = scope();
let ca: Authority;
let authorities: ReturnType<typeof parseAuthorities>;
let good: Record<Service, Ports>;

beforeAll(async () => {
  ca = await servers.authority();
  authorities = parseAuthorities(await readFile(ca.caFile, 'utf8'));
  const certificate = await ca.issue();
  const [imap, smtp] = await Promise.all([
    startMake('dovecot', servers, { certificate }),
    startMake('postfix', servers, { certificate }),
  ]);
  good = { imap, smtp };
});
afterAll(servers.stop);

const healthy = (service: Service): Typed => ({
  host: good[service].host,
  port: good[service].tls,
  encryption: 'tls',
});
const otherThan = (service: Service): Service => (service === 'imap' ? 'smtp' : 'imap');

describe('Given a healthy server', () => {
  const sound = (['dovecot', 'courier', 'cyrus', 'postfix', 'exim'] satisfies Make[]).flatMap((make) =>
    (['tls', 'starttls', 'auto'] as const).map((encryption) => ({ make, encryption })),
  );
  it.concurrent.each(sound)('$make, $encryption: all is met', async ({ make, encryption }) => {
    const ports = await startMake(make, servers, { certificate: await ca.issue() });
    const service = makes[make];
    const typed: Typed = {
      host: ports.host,
      port: encryption === 'tls' ? ports.tls : ports.starttls,
      encryption,
    };
    const account = accountOf({ imap: healthy('imap'), smtp: healthy('smtp'), [service]: typed });
    const result = await check(account, { authorities });
    const said = alwaysSaid(make);
    expectHealthy(result, otherThan(service));
    expectHealthy(result, service, said);
    expect(result.assessment.verdict).toBe(said.length > 0 ? 'ready-with-warnings' : 'ready');
    const facts = result.assessment.servers?.find((one) => one.service === service);
    expect(facts?.software).toBe(make);
  });
});

describe('Given one service with a fault and a healthy other one', () => {
  it.concurrent.each(everyFault)('$service: $given', async (fault) => {
    const { service, finds, findsAnew = finds, timeoutMs } = fault;
    await using own = scope();
    const world = { ca, servers: own };
    const typed = await fault.server(world);
    const account = accountOf({ imap: healthy('imap'), smtp: healthy('smtp'), [service]: typed });
    const nameServers = (await fault.nameServers?.(world)) ?? [];
    const result = await check(account, { authorities, nameServers, ...(timeoutMs ? { timeoutMs } : {}) });
    expect(unmetAt(result, service)).toEqual(finds);
    expectHealthy(result, otherThan(service));
    expectWords(account, result);

    // Asked for with another policy, the same is found, and at most its weight differs.
    const anew = judgedAnew(account, result);
    expect(unmetAt(anew, service)).toEqual(findsAnew);
    expectHealthy(anew, otherThan(service));
    expectWords(account, anew);
  });
});
