import { type Endpoint, encryptionOfPort, type Service } from '../diagnosis/account/endpoint.ts';
import { type Candidate, type Declined, endpointOf, type Mailbox } from './candidate.ts';

/** Best first: a name that says what it is for, then TLS from the first byte. */
const usualPlaces = {
  imap: { names: ['imap', 'mail'], ports: [993, 143] },
  smtp: { names: ['smtp', 'mail'], ports: [465, 587] },
} as const satisfies Record<Service, { names: readonly string[]; ports: readonly number[] }>;

type Surroundings = {
  /** The host that receives the domain's mail; where everything is on one machine it serves the mail as well. */
  mx: string | null;
  declined: Declined | undefined;
};

const places = (service: Service, mailbox: Mailbox, { mx, declined }: Surroundings): Endpoint[] => {
  const { names, ports } = usualPlaces[service];
  const { asciiDomain } = mailbox;
  const hosts = new Set([
    ...names.map((name) => `${name}.${asciiDomain}`),
    asciiDomain,
    ...(mx === null ? [] : [mx]),
  ]);
  return ports
    .filter((port) => !declined?.[service].some((way) => way === encryptionOfPort(port)))
    .flatMap((port) => [...hosts].flatMap((host) => endpointOf(service, { host, port }, mailbox) ?? []));
};

/** Where mail servers usually are. Nobody said so: only what answers counts. */
export const usualNames = (mailbox: Mailbox, surroundings: Surroundings): Candidate => ({
  source: 'probe',
  provider: null,
  imap: places('imap', mailbox, surroundings),
  smtp: places('smtp', mailbox, surroundings),
  username: null,
  hints: [],
  trust: 'guessed',
});
