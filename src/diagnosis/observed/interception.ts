import type { CertificateFacts, ObservationOf } from './observation.ts';
import type { Seen } from './seen.ts';

/**
 * Programs and devices that open the encryption on our side and show a certificate of their own: antivirus programs, web
 * and mail filters, tools for looking into connections. By the names that they give their authorities.
 */
const products: readonly RegExp[] = [
  /\b(?:avast|avg|kaspersky|bitdefender|avira|g ?data|dr\.? ?web|bullguard|ad-?guard|adaware|norton|mcafee|f-secure)\b/iu,
  /\beset\b.*\bfilter|panda (?:security|dome)|trend ?micro|quick ?heal|\bk7 ?(?:computing|total)/iu,
  /\b(?:zscaler|netskope|iboss|sonicwall|watchguard|sophos|forcepoint|websense|smoothwall|securly|untangle|lightspeed)\b/iu,
  /\bforti(?:gate|guard|proxy|client)\b|palo ?alto|check ?point|blue ?coat|umbrella|cloudflare.*(?:gateway|zero trust)/iu,
  /\b(?:squid|mitmproxy|fiddler|burp|portswigger)\b|charles proxy/iu,
  /(?:ssl|tls|https?|mail|web|traffic)[ -](?:inspection|interception|scann\w*|filter\w*|shield|proxy|decrypt\w*)/iu,
  /(?:inspection|interception|decryption)[ -](?:ca|root|authority|proxy)|anti-?virus/iu,
];

/**
 * Makers of gateways whose authorities are often called by nothing but a serial number or a host name: FortiGate's own by
 * that of the box. A mail appliance as it leaves the factory shows a certificate that names its maker as its owner, too.
 */
const makers =
  /(?:^|, )O="?(fortinet|palo alto networks|check ?point|sonicwall|watchguard|barracuda|stormshield|zyxel|hillstone|sangfor|clavister|forcepoint|trellix|cato networks|menlo security|lightspeed|cisco umbrella)(?![a-z])/iu;

const isMadeBy = (issuer: string, owner: string): boolean => {
  const maker = makers.exec(issuer)?.[1]?.toLowerCase();
  return maker !== undefined && !owner.toLowerCase().includes(maker);
};

/** The names by which two servers have one owner: all labels but those of the end. */
const labels = (host: string): string[] => host.toLowerCase().split('.').slice(0, -1);
const usualLabels: ReadonlySet<string> = new Set([
  'imap',
  'smtp',
  'mail',
  'pop',
  'mx',
  'www',
  'co',
  'com',
  'net',
  'org',
]);

const areUnrelated = ({ account: { imap, smtp } }: Seen): boolean => {
  if (!imap || !smtp || imap.asciiHost === smtp.asciiHost) return false;
  const others = new Set(labels(smtp.asciiHost));
  return !labels(imap.asciiHost).some((label) => others.has(label) && !usualLabels.has(label));
};

const issuers = (chain: readonly CertificateFacts[]): string[] => chain.map(({ issuer }) => issuer);
const isUnknown = ({ anchor, chain }: ObservationOf<'certificates'>): boolean =>
  anchor === null && chain[0] !== undefined && !chain[0].selfSigned;

/**
 * Who answers in the server's place; null: nothing speaks for that. Known by name, or for standing behind the certificates
 * of servers that have nothing to do with one another.
 */
export const interceptor = (seen: Seen): string | null => {
  const { certificates, everyCertificates } = seen;
  if (!certificates || !isUnknown(certificates)) return null;
  const owner = certificates.chain[0]?.subject ?? '';
  const named = issuers(certificates.chain).find(
    (issuer) => products.some((product) => product.test(issuer)) || isMadeBy(issuer, owner),
  );
  if (named !== undefined) return named;
  const other = everyCertificates.find(({ service }) => service !== seen.service);
  if (!other || !isUnknown(other) || !areUnrelated(seen)) return null;
  return issuers(certificates.chain).find((issuer) => issuers(other.chain).includes(issuer)) ?? null;
};
