/** A name server that changes its mind, as one does that rebinds names; dnsmasq is too honest for that. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Stoppable } from './processes.ts';

export type FickleDns = Stoppable & { address: string; port: number; asked: readonly string[] };

const A = 1;

/** RFC 1035 §4.1: the header, the question as it came, and one address record or none. */
const reply = (question: Buffer, end: number, address: string | null): Buffer => {
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(address === null ? 0 : 1, 6);
  header.writeUInt32BE(0, 8);
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(A, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt16BE(4, 10);
  record.set((address ?? '0.0.0.0').split('.').map(Number), 12);
  return Buffer.concat([header, question.subarray(12, end), ...(address === null ? [] : [record])]);
};

/**
 * `addressFor`: the address of a name when it is asked for the `time`th time (from 1); null: it has none. `onlyA`: any other
 * question stays without an answer, as with name servers from before IPv6. `contradicts`: it fails for A (SERVFAIL) and knows no
 * such name for anything else (NXDOMAIN), as some load balancers do (RFC 4074 §4.2).
 */
export async function startFickleDns(
  addressFor: (name: string, time: number) => string | null,
  { onlyA = false, contradicts = false } = {},
): Promise<FickleDns> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (question, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
      labels.push(question.toString('latin1', at + 1, at + 1 + length));
      at += length + 1;
    }
    const name = labels.join('.');
    const type = question.readUInt16BE(at + 1);
    asked.push(`${type} ${name}`);
    if (onlyA && type !== A) return;
    if (contradicts) {
      const failure = reply(question, at + 5, null);
      failure.writeUInt16BE(0x8180 | (type === A ? 2 : 3), 2);
      socket.send(failure, from.port, from.address);
      return;
    }
    const time = asked.filter((one) => one === `${A} ${name}`).length;
    socket.send(reply(question, at + 5, type === A ? addressFor(name, time) : null), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { address, port } = socket.address();
  const stop = () => new Promise<void>((done) => socket.close(() => done()));
  return { address, port, asked, stop };
}
