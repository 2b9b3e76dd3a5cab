import type { Wire } from '../net/wire.ts';

export type HelloAnswer =
  | { outcome: 'hello'; version: number }
  | { outcome: 'alert'; alert: number }
  | { outcome: 'not-tls' | 'closed' | 'reset' | 'silent' };

const handshakeRecord = 22;
const alertRecord = 21;
const serverHelloMessage = 2;
const supportedVersionsExtension = 43;
/** A ServerHello of an honest server has some hundred bytes. */
const longestHello = 4_096;

/** RFC 8446 §4.1.3: version(2) random(32) session id(1+n) suite(2) compression(1) extensions(2+n). Null: malformed. */
const versionOfServerHello = (hello: Buffer): number | null => {
  if (hello.length < 38) return null;
  const legacy = hello.readUInt16BE(0);
  const afterSession = 35 + hello.readUInt8(34);
  if (afterSession + 3 > hello.length) return null;
  let at = afterSession + 5;
  while (at + 4 <= hello.length) {
    const type = hello.readUInt16BE(at);
    const length = hello.readUInt16BE(at + 2);
    if (type === supportedVersionsExtension && length === 2 && at + 6 <= hello.length)
      return hello.readUInt16BE(at + 4);
    at += 4 + length;
  }
  return legacy;
};

/** Reads only as much of the answer to a ClientHello as tells the version. `withinMs` covers the whole answer. */
export const readServerHello = async (wire: Wire, withinMs: number): Promise<HelloAnswer> => {
  const header = await wire.bytes(5, withinMs);
  if (header.outcome !== 'bytes') {
    if (header.partial.length > 0 && ![alertRecord, handshakeRecord].includes(header.partial[0] ?? 0))
      return { outcome: 'not-tls' };
    return { outcome: header.outcome === 'too-long' ? 'not-tls' : header.outcome };
  }
  const type = header.bytes.readUInt8(0);
  const known = type === handshakeRecord || type === alertRecord;
  if (!known || header.bytes.readUInt8(1) !== 3) return { outcome: 'not-tls' };
  if (type === alertRecord) {
    const alert = await wire.bytes(2, withinMs);
    return alert.outcome === 'bytes'
      ? { outcome: 'alert', alert: alert.bytes.readUInt8(1) }
      : { outcome: 'closed' };
  }
  const message = await wire.bytes(4, withinMs);
  if (message.outcome !== 'bytes' || message.bytes.readUInt8(0) !== serverHelloMessage)
    return { outcome: 'not-tls' };
  const length = message.bytes.readUIntBE(1, 3);
  if (length > longestHello) return { outcome: 'not-tls' };
  const hello = await wire.bytes(length, withinMs);
  const version = hello.outcome === 'bytes' ? versionOfServerHello(hello.bytes) : null;
  return version === null ? { outcome: 'not-tls' } : { outcome: 'hello', version };
};
