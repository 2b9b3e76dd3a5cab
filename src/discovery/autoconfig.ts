import { z } from 'zod';
import {
  type Encryption,
  type Endpoint,
  encryptionOfPort,
  type Service,
} from '../diagnosis/account/endpoint.ts';
import { asciiName } from '../diagnosis/account/host.ts';
import { endpointOf, type Mailbox } from './candidate.ts';

/** What a configuration file says of one mailbox, best first; either half may be missing. */
export type Configured = {
  imap: readonly Endpoint[];
  smtp: readonly Endpoint[];
  /** What each of them takes; those with a name that only the person knows are left out. */
  usernames: ReadonlyMap<Endpoint, string>;
  /** What all of them take; null: they differ, or nothing is said. */
  username: string | null;
  /** Hosts of servers that take no password, as A-labels. */
  mentions: readonly string[];
  hints: readonly 'oauth-only'[];
};

/** In characters. The largest file of Thunderbird's directory has 8,000; reading one must not hold up everybody else. */
const longest = 64 * 1024;
/** Deeper than any honest file, in elements. */
const deepest = 16;
/** More servers than these say nothing more. */
const mostServers = 32;
const longestText = 320;

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** XML 1.0 §2.2, without what no name of a server or person holds: planes beyond the first, controls, surrogates. */
const isCharacter = (code: number): boolean =>
  code >= 0x20 && code <= 0xff_fd && !(code >= 0xd8_00 && code <= 0xdf_ff);

/**
 * The five entities of XML itself and references by number, each resolved once; a document that declares others is not
 * read at all.
 */
const withoutReferences = (raw: string): string =>
  raw.replaceAll(
    /&(?:(amp|lt|gt|quot|apos)|#0*(\d{1,6})|#x0*([\da-f]{1,6}));/giu,
    (whole, name: string | undefined, decimal: string | undefined, hexadecimal: string | undefined) => {
      if (name !== undefined) return predefined[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
      return isCharacter(code) ? String.fromCharCode(code) : whole;
    },
  );

const text = z.string().max(longestText).transform(withoutReferences);
/** Elements with attributes come as objects. */
const element = z.union([text, z.object({ '#text': text }).transform((found) => found['#text'])]);
/** `isArray` makes every element a list; the first of several counts. */
const one = z.tuple([element], z.unknown()).transform(([first]) => first);

const server = z.object({
  '@type': text,
  hostname: one,
  port: one,
  socketType: one,
  authentication: z.array(element.catch('')).default([]),
  username: one.nullable().catch(null).default(null),
});
type Server = z.infer<typeof server>;

/** A section that cannot be read is skipped, never the whole file (draft-ietf-mailmaint-autoconfig, XML validation). */
const sections = z
  .array(z.unknown())
  .catch([])
  .default([])
  .transform((all) =>
    all.slice(0, mostServers).flatMap((section) => {
      const read = server.safeParse(section);
      return read.success ? [read.data] : [];
    }),
  );

const document = z.object({
  clientConfig: z
    .array(
      z.object({
        emailProvider: z.array(z.object({ incomingServer: sections, outgoingServer: sections })).min(1),
      }),
    )
    .min(1),
});

const listed = [
  ...['clientConfig', 'emailProvider', 'incomingServer', 'outgoingServer'],
  ...['hostname', 'port', 'socketType', 'authentication', 'username'],
];

/** Most files are never fetched and most commands never fetch one, so the parser is loaded on first need. */
const parse = async (xml: string): Promise<unknown> => {
  const { XMLParser } = await import('fast-xml-parser');
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    processEntities: false,
    maxNestedTags: deepest,
    isArray: (name) => listed.includes(name),
  });
  return parser.parse(xml, true);
};

const encryptions: ReadonlyMap<string, Encryption> = new Map([
  ['ssl', 'tls'],
  ['tls', 'tls'],
  ['starttls', 'starttls'],
  ['plain', 'none'],
]);

const methodsOf = ({ authentication }: Server): string[] =>
  authentication.map((method) => method.trim().toLowerCase());

/** Lower is better. `plain` and `secure` are the words of the format's first version. Null: no password is taken. */
const passwordRank = (found: Server): number | null => {
  const words = methodsOf(found);
  if (words.length === 0 || words.includes('password-cleartext') || words.includes('plain')) return 0;
  return words.includes('password-encrypted') || words.includes('secure') ? 1 : null;
};

/** Draft, section Placeholders. What stays in percent signs is a placeholder that only the person could fill. */
const fill = (pattern: string, mailbox: Mailbox, domain: string): string | null => {
  const values = new Map([
    ['ADDRESS', mailbox.address],
    ['LOCALPART', mailbox.localPart],
    ['DOMAIN', domain],
  ]);
  const filled = pattern.replaceAll(
    /%EMAIL(ADDRESS|LOCALPART|DOMAIN)%/giu,
    (whole, what: string) => values.get(what.toUpperCase()) ?? whole,
  );
  const name = filled.trim();
  return /%[A-Z]+%/iu.test(name) || name === '' || /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name) ? null : name;
};

type Choice = { endpoint: Endpoint; username: string | null; rank: number };

const choices = (service: Service, servers: readonly Server[], mailbox: Mailbox): Choice[] =>
  servers.flatMap((found): Choice[] => {
    const password = passwordRank(found);
    const encryption = encryptions.get(found.socketType.trim().toLowerCase());
    if (found['@type'].toLowerCase() !== service || password === null || !encryption) return [];
    const host = fill(found.hostname, mailbox, mailbox.asciiDomain);
    if (host === null || !/^\d{1,5}$/u.test(found.port.trim())) return [];
    const port = Number(found.port);
    const asWritten = endpointOf(service, { host, port, encryption }, mailbox);
    // A well-known port that is said to be secured in the other way is secured in its own, almost always.
    const usually = encryptionOfPort(port);
    const isOdd = encryption !== 'none' && usually !== 'auto' && usually !== encryption;
    const asUsual = isOdd ? endpointOf(service, { host, port }, mailbox) : null;
    const username = found.username === null ? null : fill(found.username, mailbox, mailbox.domain);
    // Without TLS only where nothing else is offered; then a plain password; then TLS from the first byte.
    const weak = (encryption === 'none' ? 4 : 0) + password * 2;
    return [asUsual, asWritten]
      .filter((endpoint) => endpoint !== null)
      .map((endpoint, _, [best]) => ({
        ...{ endpoint, username },
        rank: weak + (best?.encryption === 'starttls' ? 1 : 0),
      }));
  });

/**
 * The provider's own order decides among equals. `usernames`: of the other service; HubSpot takes one for both, so a
 * server that takes none of these comes last.
 */
const byRank = (found: readonly Choice[], usernames: readonly (string | null)[]): Choice[] => {
  const isOpen = usernames.every((username) => username === null);
  const takesAnother = ({ username }: Choice): number =>
    Number(!isOpen && username !== null && !usernames.includes(username));
  return found.toSorted((one, other) => takesAnother(one) - takesAnother(other) || one.rank - other.rank);
};

const mostAlternatives = 4;
const endpointsOf = (found: readonly Choice[]): Endpoint[] => found.map(({ endpoint }) => endpoint);

/** OAuth2 is the format's word; some write the mechanism's. */
const oauth = ['oauth2', 'xoauth2', 'oauthbearer'];

/** There are servers of this kind, and all of them want OAuth. */
const isOAuthOnly = (service: Service, servers: readonly Server[]): boolean => {
  const own = servers.filter((found) => found['@type'].toLowerCase() === service);
  const wantsOAuth = (found: Server): boolean =>
    passwordRank(found) === null && methodsOf(found).some((method) => oauth.includes(method));
  return own.length > 0 && own.every(wantsOAuth);
};

/** Nothing to propose, but they tell at whose servers the mailbox is. */
const withoutPassword = (servers: readonly Server[], mailbox: Mailbox): string[] =>
  servers.flatMap((found) => {
    const host = passwordRank(found) === null ? fill(found.hostname, mailbox, mailbox.asciiDomain) : null;
    const name = host === null ? null : asciiName(host);
    return name === null ? [] : [name];
  });

/**
 * Reads a configuration file (draft-ietf-mailmaint-autoconfig). Null where it is none or says nothing of use. The
 * text is hostile until shown otherwise: no document type that declares anything, bounded depth. Never throws.
 */
export const readAutoconfig = async (xml: string, mailbox: Mailbox): Promise<Configured | null> => {
  // A document type that only names the root declares nothing.
  const plain = xml.replace(/<!DOCTYPE\s+clientConfig\s*>/u, '');
  if (xml.length > longest || !plain.includes('<clientConfig') || /<!(?:DOCTYPE|ENTITY)/iu.test(plain))
    return null;
  const parsed = await parse(plain).catch(() => null);
  const read = document.safeParse(parsed);
  const provider = read.data?.clientConfig[0]?.emailProvider[0];
  if (!provider) return null;
  const { incomingServer, outgoingServer } = provider;
  const incoming = choices('imap', incomingServer, mailbox);
  const outgoing = choices('smtp', outgoingServer, mailbox);
  const namesOf = (found: readonly Choice[]) => found.map(({ username }) => username);
  const imap = byRank(incoming, namesOf(outgoing)).slice(0, mostAlternatives);
  const smtp = byRank(outgoing, namesOf(imap.slice(0, 1))).slice(0, mostAlternatives);
  const mentions = withoutPassword([...incomingServer, ...outgoingServer], mailbox);
  const onlyOAuth = isOAuthOnly('imap', incomingServer) || isOAuthOnly('smtp', outgoingServer);
  if (imap.length + smtp.length + mentions.length === 0 && !onlyOAuth) return null;
  const usernames = new Map(
    [...imap, ...smtp].flatMap(({ endpoint, username }) => (username === null ? [] : [[endpoint, username]])),
  );
  const [username, ...others] = new Set(usernames.values());
  return {
    imap: endpointsOf(imap),
    smtp: endpointsOf(smtp),
    usernames,
    username: others.length === 0 ? (username ?? null) : null,
    mentions,
    hints: onlyOAuth ? ['oauth-only'] : [],
  };
};
