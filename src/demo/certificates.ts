import { generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import {
  bits,
  implicitText,
  integer,
  objectId,
  octets,
  sequence,
  set,
  tagged,
  utcTime,
  utf8,
  yes,
} from './der.ts';

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));
const dayMs = 24 * 60 * 60 * 1000;

type Issuer = { name: string; key: KeyObject };
/** In days from now; negative: in the past. */
type Validity = { from: number; until: number };
export type Certificate = { cert: string; key: string };

const nameOf = (common: string): Buffer => sequence(set(sequence(objectId('2.5.4.3'), utf8(common))));

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(objectId(id), ...(critical ? [yes] : []), octets(value));

const extensionsOfAuthority = [
  extension('2.5.29.19', true, sequence(yes)),
  // keyCertSign and cRLSign (RFC 5280 4.2.1.3).
  extension('2.5.29.15', true, Buffer.from([0x03, 0x02, 0x01, 0x06])),
];

const extensionsOfServer = (host: string): Buffer[] => [
  extension('2.5.29.19', true, sequence()),
  extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1'))),
  extension('2.5.29.17', false, sequence(implicitText(2, host))),
];

type Subject = { name: string; key: KeyObject; validity: Validity; extensions: readonly Buffer[] };

/** RFC 5280 4.1. */
const certify = (subject: Subject, issuer: Issuer): string => {
  const { from, until } = subject.validity;
  const at = (days: number): Buffer => utcTime(new Date(Date.now() + days * dayMs));
  const toBeSigned = sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(Buffer.from([0x01]), randomBytes(15)),
    ecdsaWithSha256,
    nameOf(issuer.name),
    sequence(at(from), at(until)),
    nameOf(subject.name),
    subject.key.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...subject.extensions)),
  );
  const signature = sign('sha256', toBeSigned, { key: issuer.key, dsaEncoding: 'der' });
  return new X509Certificate(sequence(toBeSigned, ecdsaWithSha256, bits(signature))).toString();
};

/** An authority of its own for each start: whoever trusts it trusts nothing that outlives the process. */
export const createAuthority = () => {
  const name = 'connect-email sample authority';
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name, key: privateKey };
  const validity = { from: -400, until: 30 };
  return {
    /** PEM. */
    certificate: certify({ name, key: publicKey, validity, extensions: extensionsOfAuthority }, issuer),
    issue: (host: string, until: number): Certificate => {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const extensions = extensionsOfServer(host);
      const subject = { name: host, key: own.publicKey, validity: { from: -90, until }, extensions };
      return {
        cert: certify(subject, issuer),
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
};
