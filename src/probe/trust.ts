import { X509Certificate } from 'node:crypto';
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

/** A key or signature that OpenSSL does not know vouches for nothing. */
const verifies = (certificate: X509Certificate, issuer: X509Certificate): boolean => {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
};

const hasKeyOf = (certificate: X509Certificate, other: X509Certificate): boolean => {
  try {
    return other.publicKey.equals(certificate.publicKey);
  } catch {
    return false;
  }
};

const signedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && verifies(certificate, issuer);

/** Without `checkIssued`, which asks for the right to sign others: a self-signed leaf need not have it. */
export const isSelfSigned = (certificate: X509Certificate): boolean =>
  certificate.subject === certificate.issuer && verifies(certificate, certificate);

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
};

const rootOf = (
  certificate: X509Certificate,
  rootsOf: (name: string) => X509Certificate[],
): X509Certificate | null => {
  const vouching = rootsOf(certificate.issuer).filter((root) => signedBy(certificate, root));
  const same = rootsOf(certificate.subject).filter((root) => hasKeyOf(certificate, root));
  const all = [...vouching, ...same];
  return all.find(isInDate) ?? all[0] ?? null;
};

/**
 * Follows the signatures from the leaf through what the server sent up to a root. Dates only choose among several that
 * fit: an expired certificate is a finding of its own. Only signatures are checked, so a wrong issuer with the right name
 * does not pass.
 */
export const findTrust = (sent: readonly X509Certificate[], local: readonly X509Certificate[]): Trust => {
  const localRoots = (name: string): X509Certificate[] => local.filter(({ subject }) => subject === name);
  const path: X509Certificate[] = [];
  let current = sent[0];
  while (current) {
    path.push(current);
    const bundled = rootOf(current, bundledRoots);
    if (bundled) return { path, anchor: 'bundled', root: bundled };
    const given = rootOf(current, localRoots);
    if (given) return { path, anchor: 'local', root: given };
    const child: X509Certificate = current;
    const issuers = sent.filter((candidate) => !path.includes(candidate) && signedBy(child, candidate));
    // A renewed intermediate has the name and the key of the old one; OpenSSL, too, takes the one that is in date.
    current = issuers.find(isInDate) ?? issuers[0];
  }
  return { path, anchor: null, root: null };
};
