import type { Encryption, Endpoint, Service } from '../diagnosis/account/endpoint.ts';
import type { Records, ServiceRecord } from '../net/records.ts';
import { type Candidate, endpointOf, type Mailbox } from './candidate.ts';

/** RFC 6186 §3, and RFC 8314 §5.1 for `_submissions`. */
const labels = {
  imap: [
    ['_imaps._tcp', 'tls'],
    ['_imap._tcp', 'starttls'],
  ],
  smtp: [
    ['_submissions._tcp', 'tls'],
    ['_submission._tcp', 'starttls'],
  ],
} as const satisfies Record<Service, readonly (readonly [string, Encryption])[]>;

type Offer = ServiceRecord & { encryption: Encryption };

/**
 * The domain's own priority comes first, across both labels of a service (RFC 6186 §3.4); among equals TLS from the
 * first byte (RFC 8314 §3). RFC 2782 draws by weight; a proposal that changed from time to time would puzzle, so the
 * heaviest is taken.
 */
const byPreference = (one: Offer, other: Offer): number =>
  one.priority - other.priority ||
  Number(one.encryption !== 'tls') - Number(other.encryption !== 'tls') ||
  other.weight - one.weight;

const find = async (
  service: Service,
  mailbox: Mailbox,
  { records, signal }: { records: Records; signal: AbortSignal },
): Promise<Endpoint | null> => {
  const offers = await Promise.all(
    labels[service].map(async ([label, encryption]): Promise<Offer[]> => {
      const found = await records.srv(`${label}.${mailbox.asciiDomain}`, signal);
      return (found ?? []).map((record) => ({ ...record, encryption }));
    }),
  );
  const usable = offers.flat().toSorted(byPreference);
  return (
    usable.map((offer) => endpointOf(service, offer, mailbox)).find((endpoint) => endpoint !== null) ?? null
  );
};

/** What the domain says in its SRV records. */
export const fromSrv = async (
  mailbox: Mailbox,
  asking: { records: Records; signal: AbortSignal },
): Promise<Candidate | null> => {
  const [imap, smtp] = await Promise.all([find('imap', mailbox, asking), find('smtp', mailbox, asking)]);
  if (!imap && !smtp) return null;
  return { source: 'srv', provider: null, imap, smtp, username: null, hints: [], authentic: false };
};
