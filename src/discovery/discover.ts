import type { X509Certificate } from 'node:crypto';
import type { Account } from '../diagnosis/account/account.ts';
import type { Endpoint, Service } from '../diagnosis/account/endpoint.ts';
import type { PortRange } from '../diagnosis/account/parse.ts';
import type { Proposal } from '../diagnosis/account/provider.ts';
import type { Observation } from '../diagnosis/observed/observation.ts';
import type { Network } from '../net/network.ts';
import { askAll } from './ask-all.ts';
import { type Candidate, type Mailbox, mailboxOf } from './candidate.ts';
import { type Choice, choose } from './choose.ts';
import { combine } from './combine.ts';
import type { Asking } from './documents.ts';
import { accountFor, type Glance, glanceOf } from './glance.ts';
import { askingOnce } from './once.ts';
import { fromTable, rowOfDomain } from './table.ts';

export type DiscoverOptions = {
  network: Network;
  /** Trusted besides Mozilla's roots. */
  authorities: readonly X509Certificate[];
  /** One session with the one server of an account, without a login. Handed in: looking at mail servers is for the probes. */
  look(account: Account, asking: Asking): Promise<readonly Observation[]>;
  /** Null: any port may be proposed. */
  allowedPorts: readonly PortRange[] | null;
  signal?: AbortSignal;
  /** Ends with what is known by then, in milliseconds; 2.7 seconds unless said. */
  withinMs?: number;
};

/** Of three seconds that a person waits, the start of a process takes some. In milliseconds. */
const longest = 2_700;
/** The sources are told to end a little before the answer is due, so that what they have is in it. In milliseconds. */
const lastWords = 150;

const nothing: Proposal = { provider: null, source: null, imap: null, smtp: null, username: null, hints: [] };

const silence: Glance = { answer: 'silent', nameFits: false, names: [], addresses: [] };

/** Looks at each place once, whoever names it. A look that fails for a reason of ours says nothing. */
const createGlance = (mailbox: Mailbox, asking: Asking, look: DiscoverOptions['look']) => {
  const known = new Map<string, Promise<Glance>>();
  return (endpoint: Endpoint): Promise<Glance> => {
    const { service, asciiHost, port, encryption } = endpoint;
    const key = `${service} ${asciiHost} ${port} ${encryption}`;
    const account = accountFor(endpoint, mailbox.address);
    const glance =
      known.get(key) ??
      look(account, asking).then(
        (seen) => glanceOf(endpoint, account, seen),
        () => silence,
      );
    known.set(key, glance);
    return glance;
  };
};

/** What the table says of its own address domains; nobody is asked. */
const fromTableAlone = (candidate: Candidate, mailbox: Mailbox): Promise<Proposal> => {
  const first = (service: Service): Choice | null => {
    const [endpoint] = candidate[service];
    return endpoint ? { endpoint, candidate, isOtherName: false, username: candidate.username } : null;
  };
  return combine([candidate], { imap: first('imap'), smtp: first('smtp') }, mailbox);
};

const search = async (
  mailbox: Mailbox,
  asking: Asking,
  { look, over }: Pick<DiscoverOptions, 'look'> & { over: Promise<void> },
): Promise<Proposal> => {
  const sources = askAll(mailbox, asking);
  const known: (Candidate | null | undefined)[] = sources.map(() => undefined);
  for (const [rank, source] of sources.entries())
    void source.then((candidate) => {
      known[rank] = candidate;
    });
  const glance = createGlance(mailbox, asking, look);
  const choosing = { network: asking.network, glance, signal: asking.signal, over };
  const [imap, smtp] = await Promise.all([
    choose('imap', sources, choosing),
    choose('smtp', sources, choosing),
  ]);
  const candidates = known.flatMap((candidate) => candidate ?? []);
  return combine(
    candidates.filter(({ trust }) => trust !== 'guessed'),
    { imap, smtp },
    mailbox,
  );
};

/**
 * Settings for an address that `parseAddress` accepts, within `withinMs`, with what is known by then. Asks nobody
 * where the address domain is a provider's own. Never rejects.
 */
export const discover = async (address: string, options: DiscoverOptions): Promise<Proposal> => {
  const mailbox = mailboxOf(address, options.allowedPorts);
  if (!mailbox) return nothing;
  const row = rowOfDomain(mailbox.asciiDomain);
  if (row) return fromTableAlone(fromTable(row, mailbox, null), mailbox);
  const enough = new AbortController();
  const { withinMs = longest } = options;
  const ends = [
    AbortSignal.timeout(withinMs - lastWords),
    enough.signal,
    ...(options.signal ? [options.signal] : []),
  ];
  const asking: Asking = {
    network: askingOnce(options.network),
    authorities: options.authorities,
    signal: AbortSignal.any(ends),
  };
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const timer = setTimeout(end, withinMs);
  options.signal?.addEventListener('abort', () => end(), { once: true });
  if (options.signal?.aborted) end();
  try {
    return await search(mailbox, asking, { look: options.look, over });
  } finally {
    clearTimeout(timer);
    // Whoever still waits for an answer may stop: a better one is there.
    enough.abort();
  }
};
