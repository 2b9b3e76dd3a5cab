/** Certificates that no authority would sign, written byte by byte: each makes its reader work as long as possible. */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from './certificates.ts';

const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const long = Buffer.from(
    length.toString(16).padStart(length > 0xffff ? 6 : length > 0xff ? 4 : 2, '0'),
    'hex',
  );
  const size = length < 0x80 ? Buffer.of(length) : Buffer.concat([Buffer.of(0x80 + long.length), long]);
  return Buffer.concat([Buffer.of(tag), size, body]);
};
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value));
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const yes = der(0x01, Buffer.of(0xff));

/** RFC 5758 §3.2 and RFC 8017 A.2.4. */
const algorithms = {
  ec: sequence(oid('2a8648ce3d040302')),
  rsa: sequence(oid('2a864886f70d01010b'), der(0x05)),
} as const;
const commonName = (name: string): Buffer => sequence(der(0x31, sequence(oid('550403'), text(0x0c, name))));
const extension = (id: string, value: Buffer): Buffer => sequence(oid(id), der(0x04, value));
const isAuthority = extension('551d13', sequence(yes));
const namesOf = (names: readonly string[]): Buffer =>
  extension('551d11', sequence(...names.map((name) => text(0x82, name)), der(0x87, Buffer.of(127, 0, 0, 1))));

type Pair = { publicKey: KeyObject; privateKey: KeyObject };
type Link = {
  name: string;
  issuer: string;
  key: KeyObject;
  /** Null: the signature is as long as it should be, and nonsense. */
  signer: KeyObject | null;
  extension: Buffer;
};

const written = ({ name, issuer, key, signer, extension: own }: Link): Buffer => {
  const algorithm = algorithms[signer ? 'ec' : 'rsa'];
  const year = new Date().getUTCFullYear() % 100;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)])),
    algorithm,
    commonName(issuer),
    sequence(text(0x17, `${year - 1}0101000000Z`), text(0x17, `${year + 1}0101000000Z`)),
    commonName(name),
    key.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(own)),
  );
  const signature = signer ? sign('sha256', body, signer) : Buffer.concat([Buffer.of(1), randomBytes(2047)]);
  return sequence(body, algorithm, der(0x03, Buffer.of(0), signature));
};

const pem = (certificate: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replaceAll(/.{64}(?=.)/gu, '$&\n')}\n-----END CERTIFICATE-----\n`;

const curve = (namedCurve: string): Pair => generateKeyPairSync('ec', { namedCurve });

/** An odd modulus of 16384 bits and an exponent of 64: nobody has its private key, and a client works all the same. */
const giantKey = (): KeyObject => {
  const modulus = Buffer.concat([Buffer.of(0xc1), randomBytes(2046), Buffer.of(0xf1)]);
  const exponent = Buffer.from('ffffffffffffffc5', 'hex');
  const [n, e] = [modulus, exponent].map((number) => number.toString('base64url'));
  return createPublicKey({ key: { kty: 'RSA', n: n ?? '', e: e ?? '' }, format: 'jwk' });
};

/** Leaf first: each is signed by the next one's key. */
const chainOf = (leaf: Pair, names: readonly string[], keys: readonly Pair[]): Buffer[] =>
  names.map((name, index) =>
    written({
      name,
      issuer: names[index + 1] ?? name,
      key: (index === 0 ? leaf : keys[index - 1])?.publicKey ?? leaf.publicKey,
      signer: (keys[index] ?? keys.at(-1))?.privateKey ?? leaf.privateKey,
      extension: index === 0 ? namesOf([]) : isAuthority,
    }),
  );

const numbered = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** One name for all: whoever looks for an issuer has to try each. The right one comes last. */
const sameNamed = (leaf: Pair, namedCurve: string): Buffer[] => {
  const keys = numbered(31).map(() => curve(namedCurve));
  const [first, ...others] = chainOf(leaf, ['leaf', ...keys.map(() => 'Same')], keys);
  return [...(first ? [first] : []), ...others.toReversed()];
};

const makers = {
  'same-named': (leaf: Pair) => sameNamed(leaf, 'sect571r1'),
  'same-named-usual': (leaf: Pair) => sameNamed(leaf, 'prime256v1'),
  /** As long as OpenSSL reads, on a curve for which it has no fast way. */
  long: (leaf: Pair) => {
    const keys = numbered(99).map(() => curve('sect571r1'));
    return chainOf(leaf, ['leaf', ...keys.map((_, index) => `Link ${index}`)], keys);
  },
  'giant-keys': (leaf: Pair) =>
    numbered(20).map((index) =>
      written({
        name: index === 0 ? 'leaf' : `Giant ${index}`,
        issuer: `Giant ${index + 1}`,
        key: index === 0 ? leaf.publicKey : giantKey(),
        signer: null,
        extension: index === 0 ? namesOf([]) : isAuthority,
      }),
    ),
  'ten-thousand-names': (leaf: Pair) => [
    written({
      name: 'leaf',
      issuer: 'leaf',
      key: leaf.publicKey,
      signer: leaf.privateKey,
      extension: namesOf(numbered(10_000).map((index) => `n${index}`)),
    }),
  ],
} as const satisfies Record<string, (leaf: Pair) => Buffer[]>;

export type AbsurdChain = keyof typeof makers;

/** Files for a server to send. */
export const writeAbsurdChain = async (folder: string, kind: AbsurdChain): Promise<Certificate> => {
  const leaf = curve('prime256v1');
  const [certFile, keyFile] = [join(folder, `${kind}.pem`), join(folder, `${kind}.key`)];
  await writeFile(certFile, makers[kind](leaf).map(pem).join(''));
  await writeFile(keyFile, leaf.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { certFile, keyFile };
};
