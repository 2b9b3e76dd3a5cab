import type { X509Certificate } from 'node:crypto';
import type { Endpoint } from '../diagnosis/account/endpoint.ts';
import type { PortRange } from '../diagnosis/account/parse.ts';
import { type HintId, hintIds, type Proposal } from '../diagnosis/account/provider.ts';
import type { Network } from '../net/network.ts';
import { type Candidate, type Mailbox, mailboxOf } from './candidate.ts';
import { type Asking, fromHoster, fromIspdb, fromOwnDomain, fromOwnDomainUnsecured } from './documents.ts';
import { lookUpHosting } from './recognise.ts';
import { fromSrv } from './srv.ts';
import { fromTable, rowOfDomain } from './table.ts';
import { type Answers, fromUsualNames } from './usual-names.ts';

export type DiscoverOptions = {
  network: Network;
  /** Trusted for https besides Mozilla's roots. */
  authorities: readonly X509Certificate[];
  /** Whether a mail server greets at a usual name. */
  answers: Answers;
  /** Null: any port may be proposed. */
  allowedPorts: readonly PortRange[] | null;
  signal?: AbortSignal;
  /** Ends with what is known by then, in milliseconds; three seconds unless said. */
  withinMs?: number;
};

/** In milliseconds. */
const longest = 3_000;
/** The sources are told to end a little before the answer is due, so that what they have is in it. In milliseconds. */
const lastWords = 200;

const nothing: Proposal = { provider: null, source: null, imap: null, smtp: null, username: null, hints: [] };

/** Both halves are known, from whomever, or it is known that there are none. */
const isComplete = (candidates: readonly Candidate[]): boolean =>
  (candidates.some(({ imap }) => imap) && candidates.some(({ smtp }) => smtp)) ||
  candidates[0]?.provider?.imap === false;

/**
 * Whether a name belongs to the same owner as the mailbox. A source that anyone on the way could have changed may name
 * the domain's own hosts, whose certificates will tell; any other must be confirmed by a person (RFC 6186 §6).
 */
const isForeign = async (endpoint: Endpoint | null, { asciiDomain }: Mailbox): Promise<boolean> => {
  if (!endpoint) return false;
  const { getDomain } = await import('tldts');
  const own = getDomain(asciiDomain, { allowPrivateDomains: true }) ?? asciiDomain;
  return endpoint.asciiHost !== own && !endpoint.asciiHost.endsWith(`.${own}`);
};

/** `candidates`: best first. A half that one source lacks is taken from the next that has it. */
const combine = async (candidates: readonly Candidate[], mailbox: Mailbox): Promise<Proposal> => {
  const [best] = candidates;
  if (!best) return nothing;
  const forImap = best.provider?.imap === false ? best : candidates.find(({ imap }) => imap !== null);
  const forSmtp = best.provider?.imap === false ? best : candidates.find(({ smtp }) => smtp !== null);
  const imap = forImap?.imap ?? null;
  const smtp = forSmtp?.smtp ?? null;
  const doubtful = [
    forImap?.authentic === false && (await isForeign(imap, mailbox)),
    forSmtp?.authentic === false && (await isForeign(smtp, mailbox)),
  ];
  const all: readonly HintId[] = [
    ...best.hints,
    ...(doubtful.includes(true) ? (['unconfirmed'] as const) : []),
  ];
  const isHostKnown = imap !== null && smtp !== null;
  return {
    provider: candidates.find(({ provider }) => provider !== null)?.provider ?? null,
    source: (forImap ?? forSmtp ?? best).source,
    imap,
    smtp,
    username:
      imap || smtp ? (candidates.find(({ username }) => username)?.username ?? mailbox.address) : null,
    hints: hintIds.filter((id) => all.includes(id) && !(id === 'host-to-complete' && isHostKnown)),
  };
};

/**
 * All sources, best first; each is asked at once. Our own table knows the provider behind an MX and answers within one
 * round trip. The domain's own word over https counts more than what others say of it; a file that came without TLS
 * counts less than all that came with it, SRV records come from the DNS and say the least, and a name that answers may
 * be anybody's. (draft-ietf-mailmaint-autoconfig, Configuration retrieval and Security Considerations)
 */
const askAll = (mailbox: Mailbox, asking: Asking, answers: Answers): Promise<Candidate | null>[] => {
  const { network, signal } = asking;
  const hosting = lookUpHosting(mailbox.asciiDomain, { records: network.records, signal });
  const fromMx = async (): Promise<Candidate | null> => {
    const { found } = await hosting;
    return found && fromTable(found.row, mailbox, found.mx);
  };
  const fromMxOwner = async (): Promise<Candidate | null> => {
    const { best, found } = await hosting;
    const [mx] = best;
    return found || mx === undefined ? null : fromHoster(mx, mailbox, asking);
  };
  return [
    fromMx(),
    fromOwnDomain(mailbox, asking),
    fromIspdb(mailbox, asking),
    fromMxOwner(),
    fromOwnDomainUnsecured(mailbox, asking),
    fromSrv(mailbox, { records: network.records, signal }),
    fromUsualNames(mailbox, { answers, signal }),
  ];
};

/** Waits until nothing better can come, or `over`; then what is known, best first. */
const gather = async (
  sources: readonly Promise<Candidate | null>[],
  over: Promise<void>,
): Promise<Candidate[]> => {
  const known: (Candidate | null | undefined)[] = sources.map(() => undefined);
  const settled = sources.map(async (source, rank) => {
    // A source that fails for a reason of ours is one that knows nothing; the others still answer.
    known[rank] = await source.catch(() => null);
  });
  const timeOut = over.then(() => 'over' as const);
  for (const [rank, one] of settled.entries()) {
    if ((await Promise.race([one, timeOut])) === 'over') break;
    const found = known.slice(0, rank + 1).flatMap((candidate) => candidate ?? []);
    if (isComplete(found)) break;
  }
  return known.flatMap((candidate) => candidate ?? []);
};

/**
 * Settings for an address that `parseAddress` accepts, within `withinMs`, with what is known by then. Asks nobody
 * where the address domain is a provider's own. Never rejects.
 */
export const discover = async (address: string, options: DiscoverOptions): Promise<Proposal> => {
  const mailbox = mailboxOf(address, options.allowedPorts);
  if (!mailbox) return nothing;
  const row = rowOfDomain(mailbox.asciiDomain);
  if (row) return combine([fromTable(row, mailbox, null)], mailbox);
  const enough = new AbortController();
  const { withinMs = longest } = options;
  const ends = [
    AbortSignal.timeout(withinMs - lastWords),
    enough.signal,
    ...(options.signal ? [options.signal] : []),
  ];
  const asking: Asking = {
    network: options.network,
    authorities: options.authorities,
    signal: AbortSignal.any(ends),
  };
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const timer = setTimeout(end, withinMs);
  options.signal?.addEventListener('abort', () => end(), { once: true });
  if (options.signal?.aborted) end();
  try {
    return await combine(await gather(askAll(mailbox, asking, options.answers), over), mailbox);
  } finally {
    clearTimeout(timer);
    // Whoever still waits for an answer may stop: a better one is there.
    enough.abort();
  }
};
