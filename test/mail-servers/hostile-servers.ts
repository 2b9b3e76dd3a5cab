/** Every server that means harm, for whoever measures what one of them costs. */
import { randomBytes } from 'node:crypto';
import type { Endpoint } from '../../src/diagnosis/account/endpoint.ts';
import { type AbsurdChain, writeAbsurdChain } from './absurd-chains.ts';
import { startScripted } from './dialogue.ts';
import { type Bind, type Listening, startDrips, startEndless, startListener } from './sockets.ts';
import { startTlsDialogue } from './tls.ts';

const mb = 1024 * 1024;

/** Where it listens, and where it may keep its files. */
type Place = Bind & { folder: string };

const startLongLine = (bytes: number, bind?: Bind): Promise<Listening> =>
  startListener((socket) => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    const pour = (): void => {
      while (!socket.destroyed && sent < bytes) {
        sent += piece.length;
        if (!socket.write(piece)) return void socket.once('drain', pour);
      }
      socket.end('\r\n');
    };
    socket.resume();
    pour();
  }, bind);

const startCapabilities = (lines: string, bind?: Bind): Promise<Listening> =>
  startScripted({ greeting: '* OK ready\r\n', answers: [[/CAPABILITY/u, lines]] }, bind);

const startChain = async (kind: AbsurdChain, { folder, ...bind }: Place): Promise<Listening> =>
  startTlsDialogue({
    certificate: await writeAbsurdChain(folder, kind),
    dialogue: { greeting: '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n' },
    ...bind,
  });

export type Hostile = {
  start(place: Place): Promise<Listening>;
  encryption: Endpoint['encryption'];
  /** What a check says of its IMAP side; nothing: it is like any other. */
  blockers: readonly string[];
};

const hostileAnswer = ['imap-smtp-supported hostile-answer'];

export const hostileServers = {
  'greets for ever': {
    start: (place) => startEndless(undefined, place),
    encryption: 'starttls',
    blockers: hostileAnswer,
  },
  'greets with one line of a gigabyte': {
    start: (place) => startLongLine(1024 * mb, place),
    encryption: 'starttls',
    blockers: hostileAnswer,
  },
  'greets with one line of a gigabyte on the TLS port': {
    start: (place) => startLongLine(1024 * mb, place),
    encryption: 'tls',
    blockers: ['imap-smtp-supported wrong-protocol-other'],
  },
  'sends a byte a second': {
    start: (place) => startDrips('* OK an endlessly slow greeting\r\n', 1_000, place),
    encryption: 'starttls',
    blockers: ['imap-smtp-supported no-greeting'],
  },
  'greets with a hundred empty lines a packet': {
    start: (place) => startEndless('\r\n', place),
    encryption: 'starttls',
    blockers: ['imap-smtp-supported wrong-protocol-other'],
  },
  'lists megabytes of capabilities': {
    start: (place) => startCapabilities(`* CAPABILITY IMAP4rev1${' X-MORE'.repeat(2 * mb)}\r\n`, place),
    encryption: 'starttls',
    blockers: hostileAnswer,
  },
  'lists capabilities in a hundred thousand lines': {
    start: (place) => startCapabilities('* CAPABILITY IMAP4rev1\r\n'.repeat(100_000), place),
    encryption: 'starttls',
    blockers: hostileAnswer,
  },
  'lists five thousand ways to log in': {
    start: (place) => {
      const line = (first: number): string =>
        Array.from({ length: 100 }, (_, index) => ` AUTH=X-${first + index}`).join('');
      const lines = Array.from({ length: 50 }, (_, index) => `* CAPABILITY${line(index * 100)}\r\n`);
      return startCapabilities(`${lines.join('')}{tag} OK\r\n`, place);
    },
    encryption: 'starttls',
    blockers: hostileAnswer,
  },
  'answers TLS with noise': {
    start: (place) => startListener((socket) => void socket.resume().write(randomBytes(mb)), place),
    encryption: 'tls',
    blockers: [],
  },
  'sends thirty-one authorities of one name': {
    start: (place) => startChain('same-named', place),
    encryption: 'tls',
    blockers: [],
  },
  'sends thirty-one authorities of one name, each with a usual key': {
    start: (place) => startChain('same-named-usual', place),
    encryption: 'tls',
    // Whether one of them leads to a root that is trusted is not worked out, and nothing is said of it.
    blockers: ['cert-chain-complete not-measured'],
  },
  'sends a hundred certificates on a slow curve': {
    start: (place) => startChain('long', place),
    encryption: 'tls',
    blockers: [],
  },
  'sends keys of 16384 bits': {
    start: (place) => startChain('giant-keys', place),
    encryption: 'tls',
    blockers: ['cert-chain-complete missing-intermediate'],
  },
  'sends ten thousand names': {
    start: (place) => startChain('ten-thousand-names', place),
    encryption: 'tls',
    blockers: [],
  },
} as const satisfies Record<string, Hostile>;

export type HostileName = keyof typeof hostileServers;
export const hostileNames = Object.keys(hostileServers) as HostileName[];
