import type { BoundedSocket } from '../../net/bounded-socket.ts';

export type HelloAnswer =
  | { outcome: 'hello'; version: number; suite: number; asksForCertificate: boolean }
  | { outcome: 'alert'; alert: number }
  | { outcome: 'not-tls' | 'closed' | 'reset' | 'silent' };

const handshakeRecord = 22;
const alertRecord = 21;
const serverHelloMessage = 2;
const certificateRequestMessage = 13;
const serverHelloDoneMessage = 14;
const supportedVersionsExtension = 43;
const warningLevel = 1;
const closeNotifyAlert = 0;
const tls13 = 0x0304;
/** A ServerHello of an honest server has some hundred bytes. */
const longestHello = 4_096;
/** Certificates and all, for the messages up to ServerHelloDone, in bytes. */
const longestFlight = 64 * 1024;
/** Some servers warn before they answer, of an unknown name for one (RFC 6066 §3). */
const mostWarnings = 4;
const pieceBytes = 4_096;

/** RFC 8446 §4.1.3: version(2) random(32) session id(1+n) suite(2) compression(1) extensions(2+n). Null: malformed. */
const readServerHelloMessage = (hello: Buffer): { version: number; suite: number } | null => {
  if (hello.length < 38) return null;
  const legacy = hello.readUInt16BE(0);
  const afterSession = 35 + hello.readUInt8(34);
  if (afterSession + 3 > hello.length) return null;
  const suite = hello.readUInt16BE(afterSession);
  let at = afterSession + 5;
  while (at + 4 <= hello.length) {
    const type = hello.readUInt16BE(at);
    const length = hello.readUInt16BE(at + 2);
    if (type === supportedVersionsExtension && length === 2 && at + 6 <= hello.length)
      return { version: hello.readUInt16BE(at + 4), suite };
    at += 4 + length;
  }
  return { version: legacy, suite };
};

/** The bytes of the handshake messages, whatever records they are cut into. Null: they ended, or came too late. */
const messageBytes = (wire: BoundedSocket, inFirstRecord: number, withinMs: number) => {
  let left = inFirstRecord;
  let total = 0;
  const some = async (most: number): Promise<Buffer | null> => {
    while (left === 0) {
      const header = await wire.bytes(5, withinMs);
      if (header.outcome !== 'bytes' || header.bytes.readUInt8(0) !== handshakeRecord) return null;
      left = header.bytes.readUInt16BE(3);
      total += 5;
      if (total > longestFlight) return null;
    }
    const read = await wire.bytes(Math.min(most, left, pieceBytes), withinMs);
    if (read.outcome !== 'bytes') return null;
    left -= read.bytes.length;
    total += read.bytes.length;
    return total > longestFlight ? null : read.bytes;
  };
  return async (count: number): Promise<Buffer | null> => {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      const part = await some(missing);
      if (part === null) return null;
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  };
};

type Take = ReturnType<typeof messageBytes>;

const nextMessage = async (take: Take): Promise<{ type: number; body: Buffer } | null> => {
  const header = await take(4);
  if (header === null) return null;
  const body = await take(header.readUIntBE(1, 3));
  return body && { type: header.readUInt8(0), body };
};

/** Whether a CertificateRequest stands among the messages that follow a ServerHello (RFC 5246 §7.3). */
const isCertificateAsked = async (take: Take): Promise<boolean> => {
  for (;;) {
    const message = await nextMessage(take);
    if (message?.type === certificateRequestMessage) return true;
    if (message === null || message.type === serverHelloDoneMessage) return false;
  }
};

/** Skips warnings; a warning to close counts as closing. */
const readAlert = async (wire: BoundedSocket, withinMs: number): Promise<HelloAnswer | 'warning'> => {
  const read = await wire.bytes(2, withinMs);
  if (read.outcome !== 'bytes') return { outcome: 'closed' };
  const [level = 0, alert = 0] = read.bytes;
  if (alert === closeNotifyAlert) return { outcome: 'closed' };
  return level === warningLevel ? 'warning' : { outcome: 'alert', alert };
};

const readHello = async (
  wire: BoundedSocket,
  recordBytes: number,
  withinMs: number,
): Promise<HelloAnswer> => {
  const take = messageBytes(wire, recordBytes, withinMs);
  const header = await take(4);
  const length = header?.readUIntBE(1, 3) ?? 0;
  if (header?.readUInt8(0) !== serverHelloMessage || length > longestHello) return { outcome: 'not-tls' };
  const hello = await take(length);
  const chosen = hello && readServerHelloMessage(hello);
  if (chosen === null) return { outcome: 'not-tls' };
  const asksForCertificate = chosen.version < tls13 && (await isCertificateAsked(take));
  return { outcome: 'hello', ...chosen, asksForCertificate };
};

/**
 * Reads only as much of the answer to a ClientHello as tells the version and whether a certificate of ours is asked for.
 * `withinMs` covers each record.
 */
export const readServerHello = async (wire: BoundedSocket, withinMs: number): Promise<HelloAnswer> => {
  for (let warnings = 0; warnings <= mostWarnings; warnings += 1) {
    const header = await wire.bytes(5, withinMs);
    if (header.outcome !== 'bytes') {
      if (header.partial.length > 0 && ![alertRecord, handshakeRecord].includes(header.partial[0] ?? 0))
        return { outcome: 'not-tls' };
      return { outcome: header.outcome === 'too-long' ? 'not-tls' : header.outcome };
    }
    const type = header.bytes.readUInt8(0);
    const known = type === handshakeRecord || type === alertRecord;
    if (!known || header.bytes.readUInt8(1) !== 3) return { outcome: 'not-tls' };
    if (type === handshakeRecord) return readHello(wire, header.bytes.readUInt16BE(3), withinMs);
    const alert = await readAlert(wire, withinMs);
    if (alert !== 'warning') return alert;
  }
  return { outcome: 'not-tls' };
};
