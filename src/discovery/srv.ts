import {
  type Encryption,
  type Endpoint,
  encryptionOfPort,
  type Service,
  services,
} from '../diagnosis/account/endpoint.ts';
import type { Records, ServiceRecord } from '../net/records.ts';
import { type Candidate, endpointOf, type Mailbox } from './candidate.ts';

type Way = Exclude<Encryption, 'none'>;

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
} as const satisfies Record<Service, readonly (readonly [string, Way])[]>;

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

const mostTargets = 4;

type Asking = { records: Records; signal: AbortSignal };

const find = async (
  service: Service,
  mailbox: Mailbox,
  { records, signal }: Asking,
): Promise<{ endpoints: Endpoint[]; declined: Way[] }> => {
  const answers = await Promise.all(
    labels[service].map(async ([label, way]) => ({
      way,
      answer: await records.srv(`${label}.${mailbox.asciiDomain}`, signal),
    })),
  );
  const offers = answers.flatMap(({ way, answer }) =>
    (answer?.records ?? []).map((record): Offer => {
      // What a well-known port means is not for the label to say.
      const byPort = encryptionOfPort(record.port);
      return { ...record, encryption: byPort === 'auto' ? way : byPort };
    }),
  );
  return {
    endpoints: offers
      .toSorted(byPreference)
      .flatMap((offer) => endpointOf(service, offer, mailbox) ?? [])
      .slice(0, mostTargets),
    declined: answers.filter(({ answer }) => answer?.declined).map(({ way }) => way),
  };
};

/** What the domain says in its SRV records, and what it says is not there. */
export const fromSrv = async (mailbox: Mailbox, asking: Asking): Promise<Candidate | null> => {
  const [imap, smtp] = await Promise.all([find('imap', mailbox, asking), find('smtp', mailbox, asking)]);
  const found = { imap, smtp };
  const declinedAtAll = services.filter(
    (service) => found[service].declined.length === labels[service].length,
  );
  const saysAnything = services.some(
    (service) => found[service].endpoints.length > 0 || found[service].declined.length > 0,
  );
  if (!saysAnything) return null;
  return {
    source: 'srv',
    provider: null,
    imap: imap.endpoints,
    smtp: smtp.endpoints,
    username: null,
    hints: declinedAtAll.map((service) => `${service}-not-offered` as const),
    trust: 'doubtful',
    declined: { imap: imap.declined, smtp: smtp.declined },
  };
};
