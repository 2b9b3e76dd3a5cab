/** The real dnsmasq as the name server of an invented world. Names it does not know get NXDOMAIN. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dnsmasq } from '../../scripts/system-packages.ts';
import { freePort, inFolder, type Stoppable, startDaemon } from './processes.ts';
import type { Bind } from './sockets.ts';

export type DnsRecord =
  | { type: 'A' | 'AAAA'; name: string; address: string }
  | { type: 'MX'; name: string; exchange: string; priority?: number }
  | { type: 'SRV'; name: string; target: string; port: number; priority?: number; weight?: number }
  /** dnsmasq follows only to names among these records. */
  | { type: 'CNAME'; name: string; target: string }
  | { type: 'TXT'; name: string; text: string }
  /** The name exists and has no record of any kind asked for (NOERROR, no answer). */
  | { type: 'EMPTY'; name: string }
  /** The name and all below it fail so; `#` is every name without a record of its own. */
  | { type: 'FAILS'; name: string; how: 'SERVFAIL' | 'REFUSED' | 'silence' };

export type NameServer = Stoppable & { address: string; port: number; logFile: string };

const RCODES = { SERVFAIL: 2, REFUSED: 5 } as const;

/** Answers over UDP and TCP, by default on a free port of 127.0.0.1. */
export function startNameServer(records: readonly DnsRecord[], bind: Bind = {}): Promise<NameServer> {
  const program = dnsmasq();
  if (program === undefined) throw new Error('dnsmasq is missing: node scripts/system-packages.ts');
  return inFolder('dnsmasq', async (folder) => {
    const address = bind.address ?? '127.0.0.1';
    const port = bind.port ?? (await freePort(address));
    const failing = await startFailingServers(records);
    const logFile = join(folder.path, 'log');
    const config = join(folder.path, 'dnsmasq.conf');
    const everythingFails = records.some((record) => record.type === 'FAILS' && record.name === '#');
    const lines = records.map((record) => line(record, failing.ports));
    try {
      await writeFile(config, [...(everythingFails ? [] : ['local=/#/']), ...lines, ''].join('\n'));
      const daemon = await startDaemon({
        command: program.path,
        args: [
          ...[
            '--keep-in-foreground',
            '--log-facility=-',
            '--log-queries',
            `--conf-file=${config}`,
            '--pid-file=',
          ],
          ...['--no-resolv', '--no-hosts', '--no-poll', '--cache-size=0', '--user=root', '--group=root'],
          ...['--bind-interfaces', `--listen-address=${address}`, `--port=${port}`],
        ],
        env: program.env,
        logFile,
        ready: /started, version/,
      });
      const stop = () => Promise.all([daemon.stop(), failing.stop()]).then(() => undefined);
      return { address, port, logFile, stop };
    } catch (error) {
      await failing.stop();
      throw error;
    }
  });
}

type FailingPorts = ReadonlyMap<string, number>;

/** One line of dnsmasq.conf: only there do quotes keep a comma in a text together. */
function line(record: DnsRecord, failingPorts: FailingPorts): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return `host-record=${record.name},${record.address}`;
    case 'MX':
      return `mx-host=${record.name},${record.exchange},${record.priority ?? 10}`;
    case 'SRV':
      return `srv-host=${record.name},${record.target},${record.port},${record.priority ?? 0},${record.weight ?? 0}`;
    case 'CNAME':
      return `cname=${record.name},${record.target}`;
    case 'TXT':
      return `txt-record=${record.name},"${record.text.replaceAll('"', '\\"')}"`;
    case 'EMPTY':
      // A record of a type nobody asks a host name for makes the name exist.
      return `ptr-record=${record.name},${record.name}`;
    case 'FAILS':
      return `server=/${record.name}/127.0.0.1#${failingPorts.get(record.how) ?? 0}`;
    default:
      return record satisfies never;
  }
}

/** dnsmasq invents no failures, it passes them on: behind it stand servers that fail every question. */
async function startFailingServers(
  records: readonly DnsRecord[],
): Promise<Stoppable & { ports: FailingPorts }> {
  const kinds = new Set(records.flatMap((record) => (record.type === 'FAILS' ? [record.how] : [])));
  const sockets = await Promise.all(
    [...kinds].map(async (how) => {
      const socket = createSocket('udp4');
      socket.on('message', (question, from) => {
        if (how === 'silence') return;
        // RFC 1035 §4.1.1: the question comes back with QR set and the failure's code.
        const answer = Buffer.from(question);
        answer.writeUInt16BE((question.readUInt16BE(2) & 0x7900) | 0x8080 | RCODES[how], 2);
        socket.send(answer, from.port, from.address);
      });
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      return { how, socket };
    }),
  );
  return {
    ports: new Map(sockets.map(({ how, socket }) => [how, socket.address().port])),
    stop: async () => {
      await Promise.all(sockets.map(({ socket }) => new Promise<void>((done) => socket.close(() => done()))));
    },
  };
}
