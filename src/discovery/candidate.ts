import {
  type Encryption,
  type Endpoint,
  encryptionOfPort,
  type Service,
} from '../diagnosis/account/endpoint.ts';
import { asciiName } from '../diagnosis/account/host.ts';
import { type PortRange, parseEndpoint } from '../diagnosis/account/parse.ts';
import type { HintId, ProposalSource, Provider } from '../diagnosis/account/provider.ts';

/** The mailbox for which settings are sought. */
export type Mailbox = {
  /** As typed. */
  address: string;
  localPart: string;
  /** As typed, and as A-labels: only these go over the wire. */
  domain: string;
  asciiDomain: string;
  /** Null: any port may be proposed. */
  allowedPorts: readonly PortRange[] | null;
};

/**
 * How far a source's word goes. `known`: our own table, taken as it is. `authentic`: over https from a name that follows
 * from the address, so that nobody on the way could change it. `doubtful`: anyone on the way could have. `guessed`:
 * nobody said it; only what answers counts.
 */
type Trust = 'known' | 'authentic' | 'doubtful' | 'guessed';

/** Ways that the domain says it does not offer: a target of "." (RFC 6186 §3.4). */
export type Declined = Readonly<Record<Service, readonly Exclude<Encryption, 'none'>[]>>;

/** What one source says; either half may be missing, and where both are, it says only what its hints say. */
export type Candidate = {
  source: ProposalSource;
  provider: Provider | null;
  /** Best first. */
  imap: readonly Endpoint[];
  smtp: readonly Endpoint[];
  /** Null: the source says nothing about it, or not the same of all its servers. */
  username: string | null;
  /** What single servers take. */
  usernames?: ReadonlyMap<Endpoint, string>;
  /** Names of servers that take no password: not to be proposed, but they tell whose the mailbox is. */
  mentions?: readonly string[];
  declined?: Declined;
  hints: readonly HintId[];
  trust: Trust;
};

/** Both halves are named, by whomever, or it is known that there are none. */
export const isComplete = (candidates: readonly Candidate[]): boolean =>
  (candidates.some(({ imap }) => imap.length > 0) && candidates.some(({ smtp }) => smtp.length > 0)) ||
  candidates.some(({ provider }) => provider?.imap === false);

/** Null where the address is none, or its domain has no A-label form. */
export const mailboxOf = (address: string, allowedPorts: readonly PortRange[] | null): Mailbox | null => {
  const text = address.trim();
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1);
  const asciiDomain = asciiName(domain);
  if (at < 1 || asciiDomain === null) return null;
  return { address: text, localPart: text.slice(0, at), domain, asciiDomain, allowedPorts };
};

/** Found hosts are read as typed ones are; what cannot be used is dropped. */
export const endpointOf = (
  service: Service,
  found: { host: string; port: number; encryption?: Encryption },
  { allowedPorts }: Mailbox,
): Endpoint | null => {
  const parsed = parseEndpoint(
    service,
    {
      host: found.host,
      port: String(found.port),
      encryption: found.encryption ?? encryptionOfPort(found.port).replace('auto', ''),
    },
    { allowedPorts },
  );
  return parsed.ok ? parsed.value : null;
};
