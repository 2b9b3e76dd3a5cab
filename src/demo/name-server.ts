import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** In seconds: as long as nobody waits for a change. */
const ttl = 60;
const types = { A: 1, MX: 15, SRV: 33 } as const;
const noSuchName = 3;

export type DnsRecord =
  | { type: 'A'; address: string }
  | { type: 'MX'; host: string }
  | { type: 'SRV'; host: string; port: number };
export type Zone = Readonly<Record<string, readonly DnsRecord[]>>;

const word = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

/** Uncompressed labels (RFC 1035 3.1). */
const nameBytes = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1')),
    Buffer.from([0]),
  ]);

const dataOf = (record: DnsRecord): Buffer => {
  switch (record.type) {
    case 'A':
      return Buffer.from(record.address.split('.').map(Number));
    case 'MX':
      return Buffer.concat([word(10), nameBytes(record.host)]);
    case 'SRV':
      return Buffer.concat([word(0), word(1), word(record.port), nameBytes(record.host)]);
    default:
      return record satisfies never;
  }
};

const questionIn = (query: Buffer): { name: string; type: number; bytes: Buffer } => {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += length + 1;
  }
  return { name: labels.join('.'), type: query.readUInt16BE(at + 1), bytes: query.subarray(12, at + 5) };
};

/** One question, one answer (RFC 1035 4.1). Names that are not in the zone do not exist. */
const answerTo = (query: Buffer, zone: Zone): Buffer => {
  const { name, type, bytes } = questionIn(query);
  const known = zone[name];
  const found = (known ?? []).filter((record) => types[record.type] === type);
  // A response, authoritative, with recursion as far as anybody needs it.
  const flags = 0x8580 | (known ? 0 : noSuchName);
  const header = [query.readUInt16BE(0), flags, 1, found.length, 0, 0].map(word);
  const answers = found.map((record) => {
    const data = dataOf(record);
    return [word(0xc00c), word(type), word(1), word(0), word(ttl), word(data.length), data];
  });
  return Buffer.concat([...header, bytes, ...answers.flat()]);
};

/** On loopback, over UDP. What is no question gets no answer. */
export const startNameServer = async (zone: Zone): Promise<{ port: number; stop(): void }> => {
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    try {
      socket.send(answerTo(query, zone), port, address);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, stop: () => void socket.close() };
};
