import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { CertificateFacts, ObservationOf } from '../../diagnosis/observed/observation.ts';
import { mostCertificates } from '../../net/tls.ts';
import { clean } from '../session/clean.ts';
import { createVerifier, findTrust, isSelfSigned, type Verifier } from './trust.ts';

/** RFC 5280 §4.2.1.12: serverAuth, and anyExtendedKeyUsage. */
const serverPurposes = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];
const mostNames = 50;

/** Node prints one attribute a line; people write them with commas. */
const oneLine = (name: string): string => clean(name.replaceAll('\n', ', '));

const commonName = ({ subject }: X509Certificate): string | null => {
  const found = /^CN=(.*)$/mu.exec(subject);
  return found?.[1] === undefined ? null : clean(found[1]);
};

/** An address among the DNS names counts for nobody (RFC 9525 §6.4), so it is shown with the field it stands in. */
const shownName = (kind: string | undefined, name: string): string =>
  kind === 'DNS' && isIP(name) ? `DNS:${name}` : name;

/** Node quotes what could be taken for the next name. */
const alternativeNames = ({ subjectAltName }: X509Certificate): string[] => {
  const names: string[] = [];
  const written = /(?<=^|, )([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)/gu;
  for (const [, kind, name] of (subjectAltName ?? '').matchAll(written)) {
    if ((kind === 'DNS' || kind === 'IP Address') && name) names.push(clean(shownName(kind, name)));
    // A certificate may hold as many as a hostile server likes.
    if (names.length === mostNames) break;
  }
  return names;
};

type Key = { keyType: string; keyBits: number | null };

const keyOf = (certificate: X509Certificate): Key => {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails = {} } = certificate.publicKey;
    const { modulusLength, namedCurve } = asymmetricKeyDetails;
    const curveBits = /(\d{3})/u.exec(namedCurve ?? '')?.[1];
    return {
      keyType: (asymmetricKeyType ?? 'unknown').toUpperCase(),
      keyBits: modulusLength ?? (curveBits === undefined ? null : Number(curveBits)),
    };
  } catch {
    // A kind of key that OpenSSL does not know.
    return { keyType: 'UNKNOWN', keyBits: null };
  }
};

/** A date that cannot be read is as good as the beginning of time. */
const time = (date: Date): number => (Number.isNaN(date.getTime()) ? 0 : date.getTime());

const facts = (certificate: X509Certificate, verifier: Verifier): CertificateFacts => ({
  subject: oneLine(certificate.subject),
  issuer: oneLine(certificate.issuer),
  commonName: commonName(certificate),
  names: alternativeNames(certificate),
  notBefore: time(certificate.validFromDate),
  notAfter: time(certificate.validToDate),
  ...keyOf(certificate),
  signature: clean(certificate.signatureAlgorithm ?? 'unknown'),
  selfSigned: isSelfSigned(certificate, verifier),
  forServers: !certificate.keyUsage || certificate.keyUsage.some((oid) => serverPurposes.includes(oid)),
  fingerprint256: certificate.fingerprint256,
});

const nameMatch = (leaf: X509Certificate, host: string): 'san' | 'common-name' | 'none' => {
  if (isIP(host)) return leaf.checkIP(host) === undefined ? 'none' : 'san';
  if (leaf.checkHost(host, { subject: 'never' }) !== undefined) return 'san';
  // The common name counts only where no DNS name stands beside it (RFC 6125 §6.4.4).
  return leaf.checkHost(host, { subject: 'default' }) === undefined ? 'none' : 'common-name';
};

/** What the certificates say that a server has sent; null where it sent none. */
export const describeCertificates = (
  sent: readonly X509Certificate[],
  options: { host: string; authorities: readonly X509Certificate[] },
): Omit<ObservationOf<'certificates'>, 'service' | 'at'> | null => {
  const [leaf] = sent;
  if (!leaf) return null;
  const verifier = createVerifier();
  const { path, anchor, root, isUnproven } = findTrust(sent, options.authorities, verifier);
  const chain = path.map((one) => facts(one, verifier));
  return {
    type: 'certificates',
    chain,
    anchor,
    root: root && facts(root, createVerifier()),
    endsInSelfSigned: chain.at(-1)?.selfSigned ?? false,
    // What was not read any more may lead on.
    isUnproven: isUnproven || (anchor === null && sent.length >= mostCertificates),
    nameMatch: nameMatch(leaf, options.host),
  };
};
