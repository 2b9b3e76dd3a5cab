/**
 * A complete check against the tools of administrators, on the same servers in the same run.
 *
 *   node bench/diagnose.ts            everything (two to three minutes)
 *   node bench/diagnose.ts --quick    without testssl.sh
 *
 * Prints what was measured; ends with status 1 when a promised ratio is missed.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { countConnections } from './diagnose/counting.ts';
import { openFar } from './diagnose/far.ts';
import { type At, openPeers, type Peer, runPeer } from './diagnose/peers.ts';
import { endpoint, openServers, type Servers } from './diagnose/servers.ts';
import { expectation, heading, median, ms, report, row } from './figures.ts';

const run = promisify(execFile);
const quick = process.argv.includes('--quick');
const accounts = join(import.meta.dirname, 'diagnose', 'accounts.ts');
const cli = join(import.meta.dirname, '..', 'scripts', 'connect-email.mjs');

const answer = z.object({
  durations: z.array(z.number()),
  wallMs: z.number(),
  memoryMb: z.number(),
  verdicts: z.record(z.string(), z.number()),
  findings: z.number(),
});

type Plan = { checks: number; atOnce: number; imap: string; smtp: string; ca: string; dns: string };

const runChecks = async (
  plan: Plan,
  inside: (command: readonly string[]) => readonly string[] = (c) => c,
) => {
  const [program = '', ...args] = inside([process.execPath, accounts, JSON.stringify(plan)]);
  const { stdout } = await run(program, args, { maxBuffer: 16 * 1024 * 1024 });
  return answer.parse(JSON.parse(stdout));
};

const onSecure = ({ imaps, smtps, ca, dns }: Servers) => ({
  imap: endpoint(imaps, 'tls'),
  smtp: endpoint(smtps, 'tls'),
  ca,
  dns,
});
const onStarttls = ({ imap, smtp, ca, dns }: Servers) => ({
  imap: endpoint(imap, 'starttls'),
  smtp: endpoint(smtp, 'starttls'),
  ca,
  dns,
});

/** As an administrator types it; the compile cache is npm's, as `npm run connect-email` sets it. */
const terminal = async (servers: Servers): Promise<number> => {
  const started = performance.now();
  await run(
    process.execPath,
    [
      ...[cli, 'check', 'rep@example.test', '--json', '--dns', servers.dns, '--ca', servers.ca],
      ...['--imap', `mail.example.test:${servers.imaps}`, '--imap-encryption', 'tls'],
      ...['--smtp', `mail.example.test:${servers.smtp}`, '--smtp-encryption', 'starttls'],
      ...['--allow-network', '127.0.0.0/8'],
    ],
    { env: { ...process.env, NODE_COMPILE_CACHE: 'node_modules/.cache/node' } },
  );
  return performance.now() - started;
};

const repeat = async (times: number, once: () => Promise<number>): Promise<number> => {
  const all: number[] = [];
  for (let index = 0; index < times; index += 1) all.push(await once());
  return median(all);
};

const connectionsOf = async (
  target: { host: string; port: number },
  work: (port: number) => Promise<unknown>,
) => {
  const counter = await countConnections(target);
  await work(counter.port);
  const seen = counter.count();
  await counter.stop();
  return seen;
};

const peerOn = async (peer: Peer, at: At) => {
  const times = peer.name === 'testssl.sh' ? 1 : 3;
  const took = await repeat(times, async () => (await runPeer(peer, at)).ms);
  const { output } = await runPeer(peer, at);
  const connections = await connectionsOf(at, (port) => runPeer(peer, { ...at, port }));
  return { took, connections, lines: output.split('\n').filter((line) => line.trim() !== '').length };
};

/** The longest that the command may take, in times of a tool. */
const mostOf: Readonly<Record<string, number>> = { sslscan: 0.5, 'testssl.sh': 0.05 };

/** `promised`: whether the ratios of this comparison are what was promised. */
const direct = async (servers: Servers, { promised }: { promised: boolean }): Promise<void> => {
  const [secure, starttls] = [
    await runChecks({ ...onSecure(servers), checks: 9, atOnce: 1 }),
    await runChecks({ ...onStarttls(servers), checks: 9, atOnce: 1 }),
  ];
  const command = await repeat(5, () => terminal(servers));
  const imaps = { host: servers.address, port: servers.imaps };
  const connections = await connectionsOf(imaps, (port) =>
    runChecks({ ...onSecure(servers), imap: endpoint(port, 'tls'), checks: 1, atOnce: 1 }),
  );
  row('here, 993 and 465', `${ms(median(secure.durations))}, ${secure.findings} findings`);
  row('here, 143 and 587', `${ms(median(starttls.durations))}, ${starttls.findings} findings`);
  row('connections to the IMAP port', `${connections / 2} a check`);
  row('terminal command, process start included', ms(command));
  const peers = await openPeers().catch((error: Error) => {
    row('peers', `left out, since they cannot be had here: ${error.message.split('\n')[0]}`);
    return [];
  });
  for (const peer of peers.filter(({ name }) => (promised && !quick) || name !== 'testssl.sh')) {
    const at = { ...imaps, starttls: null };
    const { took, connections: opened, lines } = await peerOn(peer, at);
    row(`${peer.name}, port 993 alone`, `${ms(took)}, ${opened} connections, ${lines} lines`);
    const most = mostOf[peer.name];
    if (promised && most) expectation(`terminal command / ${peer.name} on 993`, command / took, most);
    else row(`terminal command / ${peer.name} on 993`, (command / took).toFixed(3));
  }
};

const roundTripMs = 50;
/** DNS, TCP, greeting, EHLO, STARTTLS, handshake, EHLO. */
const longestChain = 7;

const delayed = async (): Promise<void> => {
  heading(`Behind a line of ${roundTripMs} ms a round trip`);
  const far = await openFar(roundTripMs).catch((error: Error) => {
    row('left out', `namespaces or TUN devices are not to be had here: ${error.message.split('\n')[0]}`);
    return null;
  });
  if (!far) return;
  try {
    for (const [name, plan] of [
      ['993 and 465', onSecure(far.servers)],
      ['143 and 587', onStarttls(far.servers)],
    ] as const) {
      const { durations } = await runChecks({ ...plan, checks: 7, atOnce: 1 }, far.near);
      const took = median(durations);
      row(name, `${ms(took)}, ${(took / roundTripMs).toFixed(1)} round trips`);
      expectation(`${name} / chain of ${longestChain} round trips`, took / (longestChain * roundTripMs), 1.5);
    }
  } finally {
    await far.stop();
  }
};

const crowd = async (servers: Servers): Promise<void> => {
  heading('Many accounts at once');
  const healthy = await runChecks({ ...onSecure(servers), checks: 200, atOnce: 200 });
  row('200 at once', `${ms(healthy.wallMs)}, ${(200_000 / healthy.wallMs).toFixed(0)} checks a second`);
  row('verdicts', JSON.stringify(healthy.verdicts));
  expectation('memory of 200 at once, in 300 MB', healthy.memoryMb / 300, 1);
  const silent = { ...onSecure(servers), imap: endpoint(servers.silent, 'tls') };
  const stuck = await runChecks({ ...silent, checks: 200, atOnce: 200 });
  row(
    '200 at once, IMAP silent',
    `slowest ${ms(Math.max(...stuck.durations))}, ${JSON.stringify(stuck.verdicts)}`,
  );
  expectation('slowest of them, in 30 s', Math.max(...stuck.durations) / 30_000, 1.02);
  expectation('their memory, in 300 MB', stuck.memoryMb / 300, 1);
};

const onServers = async (roomy: boolean, work: (servers: Servers) => Promise<void>): Promise<void> => {
  const { stop, ...servers } = await openServers('127.0.0.1', { roomy });
  try {
    await work(servers);
  } finally {
    await stop();
  }
};

heading('Healthy servers as Debian sets them up: one complete check of both services, without login');
await onServers(false, (servers) => direct(servers, { promised: true }));
await delayed();
await onServers(true, async (servers) => {
  heading('The same with login processes that stay, which suits those who open a hundred connections');
  await direct(servers, { promised: false });
  await crowd(servers);
});
report();
