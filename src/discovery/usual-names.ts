import type { Endpoint, Service } from '../diagnosis/account/endpoint.ts';
import { type Candidate, endpointOf, type Mailbox } from './candidate.ts';

/** Whether a server of the right kind greets there. Handed in, since looking at mail servers is for the probes. */
export type Answers = (endpoint: Endpoint, signal: AbortSignal) => Promise<boolean>;

/** Best first: a name that says what it is for, then TLS from the first byte. */
const usualPlaces = {
  imap: { names: ['imap', 'mail'], ports: [993, 143] },
  smtp: { names: ['smtp', 'mail'], ports: [465, 587] },
} as const satisfies Record<Service, { names: readonly string[]; ports: readonly number[] }>;

const places = (service: Service, mailbox: Mailbox): Endpoint[] => {
  const { names, ports } = usualPlaces[service];
  return ports.flatMap((port) =>
    names.flatMap(
      (name) => endpointOf(service, { host: `${name}.${mailbox.asciiDomain}`, port }, mailbox) ?? [],
    ),
  );
};

/** The best place that answered, as soon as no better one can. When time is over, the best so far. */
const firstAnswering = async (
  candidates: readonly Endpoint[],
  answers: Answers,
  signal: AbortSignal,
): Promise<Endpoint | null> => {
  const asked = candidates.map((endpoint) =>
    answers(endpoint, signal).then(
      (yes) => (yes ? endpoint : null),
      () => null,
    ),
  );
  for (const one of asked) {
    const found = await one;
    if (found) return found;
  }
  return null;
};

export const fromUsualNames = async (
  mailbox: Mailbox,
  { answers, signal }: { answers: Answers; signal: AbortSignal },
): Promise<Candidate | null> => {
  const [imap = null, smtp = null] = await Promise.all(
    (['imap', 'smtp'] as const).map((service) => firstAnswering(places(service, mailbox), answers, signal)),
  );
  if (!imap && !smtp) return null;
  return { source: 'probe', provider: null, imap, smtp, username: null, hints: [], authentic: false };
};
