import { randomBytes } from 'node:crypto';
import type { ProtocolVersion } from '../../diagnosis/observed/observation.ts';

/** Version numbers on the wire: RFC 6101 §5.2.1, RFC 2246, RFC 4346, RFC 5246, RFC 8446 §4.1.2. */
export const wireVersions = {
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
} as const satisfies Record<ProtocolVersion, number>;

const suites13 = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];
/**
 * Wide on purpose: a refusal shall speak of the version, not of the cipher. After what is in use come old, odd, anonymous,
 * pre-shared-key and unencrypted suites, so that a server that knows nothing else is heard to say so. Nothing is ever sent
 * through them. The last is RFC 5746's SCSV.
 */
const suites12 = [
  0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc023, 0xc027, 0xc024, 0xc028, 0xc009, 0xc013, 0xc00a,
  0xc014, 0x009e, 0x009f, 0xccaa, 0x0067, 0x006b, 0x0033, 0x0039, 0x0032, 0x0038, 0x009c, 0x009d, 0x003c,
  0x003d, 0x002f, 0x0035, 0x0041, 0x0084, 0x0045, 0x0088, 0xc012, 0xc008, 0x0016, 0x0013, 0x000a, 0xc011,
  0xc007, 0x0005, 0x0004, 0x0015, 0x0009, 0xc09c, 0xc09d, 0xc09e, 0xc09f, 0xc0ac, 0xc0ad, 0xc050, 0xc051,
  0xc05c, 0xc05d, 0xc060, 0xc061, 0x00ba, 0x00be, 0x00c0, 0x00c4, 0xc072, 0xc073, 0xc076, 0xc077, 0x0044,
  0x0087, 0x0040, 0x006a, 0x00a2, 0x00a3, 0x0096, 0x0099, 0x009a, 0x0007, 0x0018, 0x001b, 0x0034, 0x003a,
  0x006c, 0x006d, 0x00a6, 0x00a7, 0xc015, 0xc016, 0xc017, 0xc018, 0xc019, 0x008a, 0x008b, 0x008c, 0x008d,
  0x00a8, 0x00a9, 0x00ae, 0x00af, 0xc035, 0xc036, 0xccab, 0x0003, 0x0006, 0x0008, 0x0014, 0x0001, 0x0002,
  0x003b, 0xc006, 0xc010, 0x00ff,
];

const u8 = (value: number) => Buffer.from([value]);
const u16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const u24 = (value: number) => Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff]);
const list8 = (body: Buffer) => Buffer.concat([u8(body.length), body]);
const list16 = (body: Buffer) => Buffer.concat([u16(body.length), body]);
const numbers = (values: readonly number[]) => Buffer.concat(values.map(u16));
const extension = (type: number, body: Buffer) => Buffer.concat([u16(type), list16(body)]);

const serverName = (name: string) =>
  extension(0, list16(Buffer.concat([u8(0), list16(Buffer.from(name, 'ascii'))])));
/** x25519, P-256, P-384, P-521, x448, the brainpool curves (RFC 7027, RFC 8734), secp256k1, ffdhe2048 to 8192. */
const supportedGroups = extension(
  10,
  list16(
    numbers([
      0x001d, 0x0017, 0x0018, 0x0019, 0x001e, 0x001a, 0x001b, 0x001c, 0x001f, 0x0020, 0x0021, 0x0016, 0x0100,
      0x0101, 0x0102, 0x0103, 0x0104,
    ]),
  ),
);
const pointFormats = extension(11, list8(u8(0)));
/** With RSA-PSS for certificates of either kind (RFC 8446 §4.2.3), and with SHA-1, for the servers that this exists to find. */
const signatureAlgorithms = extension(
  13,
  list16(
    numbers([
      0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0807, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601,
      0x0203, 0x0201, 0x0202,
    ]),
  ),
);
const supportedVersions = extension(43, list8(u16(wireVersions['TLSv1.3'])));
const pskModes = extension(45, list8(u8(1)));
/** Any 32 bytes are a valid x25519 share (RFC 7748 §5); the handshake is never finished. */
const keyShare = () => extension(51, list16(Buffer.concat([u16(0x001d), list16(randomBytes(32))])));

const extensionsFor = (version: ProtocolVersion, name: string | null): Buffer => {
  const sni = name === null ? [] : [serverName(name)];
  if (version === 'SSLv3') return Buffer.alloc(0);
  if (version === 'TLSv1.3')
    return list16(
      Buffer.concat([...sni, supportedGroups, signatureAlgorithms, supportedVersions, pskModes, keyShare()]),
    );
  const signatures = version === 'TLSv1.2' ? [signatureAlgorithms] : [];
  return list16(Buffer.concat([...sni, supportedGroups, pointFormats, ...signatures]));
};

/** A ClientHello record that offers exactly one protocol version. `name` null: no server name (address literals). */
export const clientHello = (version: ProtocolVersion, name: string | null): Buffer => {
  const only13 = version === 'TLSv1.3';
  const body = Buffer.concat([
    u16(only13 ? wireVersions['TLSv1.2'] : wireVersions[version]),
    randomBytes(32),
    list8(only13 ? randomBytes(32) : Buffer.alloc(0)),
    // The old suites too: a stack that knows no TLS 1.3 then answers with its own version instead of a vague alert.
    list16(numbers(only13 ? [...suites13, ...suites12] : suites12)),
    list8(u8(0)),
    extensionsFor(version, name),
  ]);
  const handshake = Buffer.concat([u8(1), u24(body.length), body]);
  const record = version === 'SSLv3' ? wireVersions.SSLv3 : wireVersions.TLSv1;
  return Buffer.concat([u8(22), u16(record), list16(handshake)]);
};

/** Leaves an unfinished handshake in order (RFC 8446 §6.1: close_notify), since silent hang-ups fill the logs of daemons. */
export const closeNotify = (version: ProtocolVersion): Buffer =>
  Buffer.concat([
    u8(21),
    u16(version === 'SSLv3' ? wireVersions.SSLv3 : wireVersions.TLSv1),
    list16(Buffer.from([1, 0])),
  ]);
