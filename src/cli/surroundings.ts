import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type CheckSurroundings, readAuthorities } from '../check.ts';
import type { Proposal } from '../diagnosis/account/provider.ts';
import type { Locale } from '../language.ts';
import { createGuard } from '../net/guard.ts';
import { createNetwork } from '../net/network.ts';
import type { DiscoverCommand } from './command.ts';

export type Terminal = {
  locale: Locale;
  /** The folder in which the command was typed. */
  typedIn: string;
  colour: boolean;
  /** Whether the cursor can be moved; asked only where the output is a terminal. */
  redraws: boolean;
  output: NodeJS.WriteStream;
};

type SurroundingOptions = Omit<DiscoverCommand, 'type' | 'address'>;

/** @throws UnreadableAuthorities */
export const partsOf = async (
  { allowNetworks, nameServers, caFile }: SurroundingOptions,
  { typedIn }: Terminal,
): Promise<Pick<CheckSurroundings, 'network' | 'authorities'>> => ({
  // The command line runs with its user's own rights: it may connect to any address and port.
  network: createNetwork({
    guard: createGuard({ restricted: false, allowNetworks, allowPorts: [] }),
    nameServers,
  }),
  authorities: await readAuthorities(caFile === null ? null : resolve(typedIn, caFile)),
});

/** A person waits three seconds, counted from the start of the process; its end takes a moment, too. In milliseconds. */
const answerDueMs = 2_900;
/** However slowly the process has started. In milliseconds. */
const leastMs = 2_000;

/** Settings for an address, by all sources. Loaded on first need: most checks name their servers. */
export const proposalFor = async (
  address: string,
  parts: Pick<CheckSurroundings, 'network' | 'authorities'>,
): Promise<Proposal> => {
  const [{ discover }, { lookOnce }] = await Promise.all([
    import('../discovery/discover.ts'),
    import('../probe/look-once.ts'),
  ]);
  const withinMs = Math.max(leastMs, Math.round(answerDueMs - performance.now()));
  return discover(address, { ...parts, look: lookOnce, allowedPorts: null, withinMs });
};
