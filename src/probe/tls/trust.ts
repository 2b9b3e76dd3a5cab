import { type KeyObject, X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

/** A bundled root as it lies in the program, in PEM and in DER; parsed when somebody names it. */
type Sealed = { pem: string; der: Buffer; opened?: X509Certificate };
let sealed: Sealed[] | null = null;

const openSealed = (): Sealed[] =>
  (sealed ??= rootCertificates.map((pem) => ({
    pem,
    der: Buffer.from(pem.replaceAll(/-----[A-Z ]+-----/gu, ''), 'base64'),
  })));

/** The last part of a name as it stands in DER; null where it may be written there in another way. */
const lastValue = (name: string): string | null => {
  const value =
    name
      .split('\n')
      .at(-1)
      ?.replace(/^[^=]+=/u, '') ?? '';
  return /^[A-Za-z0-9 .,()-]+$/u.test(value) ? value : null;
};

/** Mozilla's roots of this name. To parse all hundred and twenty would take longer than the handshake. */
const bundledRoots = (name: string): X509Certificate[] => {
  const value = lastValue(name);
  const candidates = openSealed().filter(({ der }) => value === null || der.includes(value));
  return candidates
    .map((one) => (one.opened ??= new X509Certificate(one.pem)))
    .filter(({ subject }) => subject === name);
};

/** CAs that are trusted besides Mozilla's. @throws Error when the text holds no certificate in PEM form */
export const parseAuthorities = (pem: string): X509Certificate[] => {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? [];
  if (blocks.length === 0) throw new Error('expected at least one certificate in PEM form');
  return blocks.map((block) => new X509Certificate(block));
};

/** So many signatures of one chain are verified: each is work of the server's choosing. Honest chains need two or three. */
const mostVerifications = 10;
const usualCurves: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/**
 * Keys that clients use. Of another a single verification may take longer than all else of a check: generic curves, a
 * modulus of 16384 bits, an exponent as long as its modulus.
 */
const isUsual = ({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): boolean => {
  const { modulusLength = Infinity, publicExponent = 0n, namedCurve = '' } = asymmetricKeyDetails;
  switch (asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return modulusLength <= 4096 && publicExponent < 2n ** 32n;
    case 'ec':
      return usualCurves.has(namedCurve);
    default:
      return asymmetricKeyType === 'ed25519';
  }
};

/** `unproven`: nobody verified it, since the key is unusual or too many had been verified already. */
type Vouched = 'yes' | 'no' | 'unproven';

export type Verifier = {
  /** Whether the signature on the certificate is by this issuer's key. A root of ours may have any kind of key. */
  vouch(certificate: X509Certificate, issuer: X509Certificate, isOurs?: boolean): Vouched;
  /** Something was left out because too many had been verified. */
  isSpent(): boolean;
};

/** For one chain: bounded, and the same signature by the same key once. */
export const createVerifier = (): Verifier => {
  const known = new Map<string, Vouched>();
  let left = mostVerifications;
  let isSpent = false;
  const verify = (certificate: X509Certificate, key: KeyObject, isOurs: boolean): Vouched => {
    if (!isOurs && !isUsual(key)) return 'unproven';
    if (left === 0) {
      isSpent = true;
      return 'unproven';
    }
    left -= 1;
    return certificate.verify(key) ? 'yes' : 'no';
  };
  return {
    vouch: (certificate, issuer, isOurs = false) => {
      try {
        const key = issuer.publicKey;
        const id = `${certificate.fingerprint256} ${key.export({ type: 'spki', format: 'der' }).toString('base64')}`;
        const vouched = known.get(id) ?? verify(certificate, key, isOurs);
        known.set(id, vouched);
        return vouched;
      } catch {
        // A key or signature that OpenSSL does not know vouches for nothing.
        return 'no';
      }
    },
    isSpent: () => isSpent,
  };
};

const hasKeyOf = (certificate: X509Certificate, other: X509Certificate): boolean => {
  try {
    return other.publicKey.equals(certificate.publicKey);
  } catch {
    return false;
  }
};

/**
 * Without `checkIssued`, which asks for the right to sign others: a self-signed leaf need not have it. An unusual key's
 * own word is taken: whoever signed it, no CA that is known did.
 */
export const isSelfSigned = (certificate: X509Certificate, verifier: Verifier): boolean =>
  certificate.subject === certificate.issuer && verifier.vouch(certificate, certificate) !== 'no';

const isInDate = ({ validFromDate, validToDate }: X509Certificate): boolean => {
  const now = Date.now();
  return validFromDate.getTime() <= now && now <= validToDate.getTime();
};

export type Trust = {
  /** Leaf first, each signed by the next. Certificates that lead nowhere are left out. */
  path: X509Certificate[];
  anchor: 'bundled' | 'local' | null;
  /** The trusted root itself, which servers need not send. */
  root: X509Certificate | null;
  /** A root may vouch for it, which was not worked out: more signatures, or stranger keys, than any client verifies. */
  isUnproven: boolean;
};

const rootOf = (
  certificate: X509Certificate,
  rootsOf: (name: string) => X509Certificate[],
  verifier: Verifier,
): X509Certificate | null => {
  const vouching = rootsOf(certificate.issuer).filter(
    (root) => certificate.checkIssued(root) && verifier.vouch(certificate, root, true) === 'yes',
  );
  const same = rootsOf(certificate.subject).filter((root) => hasKeyOf(certificate, root));
  const all = [...vouching, ...same];
  return all.find(isInDate) ?? all[0] ?? null;
};

/**
 * Who signed a certificate, among those that were sent. A renewed intermediate has the name and the key of the old one;
 * OpenSSL, too, takes the one that is in date. One whose word was not verified is followed only where no other is.
 */
const issuerOf = (
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  verifier: Verifier,
): { issuer: X509Certificate; vouched: Vouched } | null => {
  const named = others.filter((other) => certificate.checkIssued(other));
  const inOrder = [...named.filter(isInDate), ...named.filter((other) => !isInDate(other))];
  let unproven: X509Certificate | null = null;
  for (const issuer of inOrder) {
    const vouched = verifier.vouch(certificate, issuer);
    if (vouched === 'yes') return { issuer, vouched };
    if (vouched === 'unproven') unproven ??= issuer;
  }
  return unproven && { issuer: unproven, vouched: 'unproven' };
};

/**
 * Follows the signatures from the leaf through what the server sent up to a root. Dates only choose among several that
 * fit: an expired certificate is a finding of its own. Only signatures are checked, so a wrong issuer with the right name
 * does not pass.
 */
export const findTrust = (
  sent: readonly X509Certificate[],
  local: readonly X509Certificate[],
  verifier: Verifier,
): Trust => {
  const localRoots = (name: string): X509Certificate[] => local.filter(({ subject }) => subject === name);
  const path: X509Certificate[] = [];
  let current = sent[0];
  let isProven = true;
  while (current) {
    path.push(current);
    const bundled = rootOf(current, bundledRoots, verifier);
    const root = bundled ?? rootOf(current, localRoots, verifier);
    if (root && isProven) return { path, anchor: bundled ? 'bundled' : 'local', root, isUnproven: false };
    if (root) return { path, anchor: null, root: null, isUnproven: true };
    const found = issuerOf(
      current,
      sent.filter((one) => !path.includes(one)),
      verifier,
    );
    isProven &&= found?.vouched === 'yes';
    current = found?.issuer;
  }
  return { path, anchor: null, root: null, isUnproven: verifier.isSpent() };
};
