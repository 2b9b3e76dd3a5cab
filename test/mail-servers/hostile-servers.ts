/** Every server that means harm, for whoever measures what one of them costs. */
import { randomBytes } from 'node:crypto';
import type { Endpoint } from '../../src/diagnosis/endpoint.ts';
import { type AbsurdChain, writeAbsurdChain } from './absurd-chains.ts';
import { startScripted } from './dialogue.ts';
import { type Listening, startDrips, startEndless, startListener } from './sockets.ts';
import { startTlsDialogue } from './tls.ts';

const mb = 1024 * 1024;

const startLongLine = (bytes: number): Promise<Listening> =>
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
  });

const startCapabilities = (lines: string): Promise<Listening> =>
  startScripted({ greeting: '* OK ready\r\n', answers: [[/CAPABILITY/u, lines]] });

const startChain = async (folder: string, kind: AbsurdChain): Promise<Listening> =>
  startTlsDialogue({
    certificate: await writeAbsurdChain(folder, kind),
    dialogue: { greeting: '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n' },
  });

export type Hostile = {
  start(folder: string): Promise<Listening>;
  encryption: Endpoint['encryption'];
  /** What a check says of its IMAP side; nothing: it is like any other. */
  blockers: readonly string[];
};

const hostileAnswer = ['imap-smtp-supported hostile-answer'];

export const hostileServers = {
  'greets for ever': { start: () => startEndless(), encryption: 'starttls', blockers: hostileAnswer },
  'greets with one line of a gigabyte': {
    start: () => startLongLine(1024 * mb),
    encryption: 'starttls',
    blockers: hostileAnswer,
  },
  'greets with one line of a gigabyte on the TLS port': {
    start: () => startLongLine(1024 * mb),
    encryption: 'tls',
    blockers: ['imap-smtp-supported wrong-protocol-other'],
  },
  'sends a byte a second': {
    start: () => startDrips('* OK an endlessly slow greeting\r\n', 1_000),
    encryption: 'starttls',
    blockers: ['imap-smtp-supported no-greeting'],
  },
  'greets with a hundred empty lines a packet': {
    start: () => startEndless('\r\n'),
    encryption: 'starttls',
    blockers: ['imap-smtp-supported wrong-protocol-other'],
  },
  'lists megabytes of capabilities': {
    start: () => startCapabilities(`* CAPABILITY IMAP4rev1${' X-MORE'.repeat(2 * mb)}\r\n`),
    encryption: 'starttls',
    blockers: hostileAnswer,
  },
  'lists capabilities in a hundred thousand lines': {
    start: () => startCapabilities('* CAPABILITY IMAP4rev1\r\n'.repeat(100_000)),
    encryption: 'starttls',
    blockers: hostileAnswer,
  },
  'lists five thousand ways to log in': {
    start: () => {
      const line = (first: number): string =>
        Array.from({ length: 100 }, (_, index) => ` AUTH=X-${first + index}`).join('');
      const lines = Array.from({ length: 50 }, (_, index) => `* CAPABILITY${line(index * 100)}\r\n`);
      return startCapabilities(`${lines.join('')}{tag} OK\r\n`);
    },
    encryption: 'starttls',
    blockers: hostileAnswer,
  },
  'answers TLS with noise': {
    start: () => startListener((socket) => void socket.resume().write(randomBytes(mb))),
    encryption: 'tls',
    blockers: [],
  },
  'sends thirty-one authorities of one name': {
    start: (folder) => startChain(folder, 'same-named'),
    encryption: 'tls',
    blockers: [],
  },
  'sends thirty-one authorities of one name, each with a usual key': {
    start: (folder) => startChain(folder, 'same-named-usual'),
    encryption: 'tls',
    // Whether one of them leads to a root that is trusted is not worked out, and nothing is said of it.
    blockers: ['cert-chain-complete not-measured'],
  },
  'sends a hundred certificates on a slow curve': {
    start: (folder) => startChain(folder, 'long'),
    encryption: 'tls',
    blockers: [],
  },
  'sends keys of 16384 bits': {
    start: (folder) => startChain(folder, 'giant-keys'),
    encryption: 'tls',
    blockers: ['cert-chain-complete missing-intermediate'],
  },
  'sends ten thousand names': {
    start: (folder) => startChain(folder, 'ten-thousand-names'),
    encryption: 'tls',
    blockers: [],
  },
} as const satisfies Record<string, Hostile>;

export type HostileName = keyof typeof hostileServers;
export const hostileNames = Object.keys(hostileServers) as HostileName[];
