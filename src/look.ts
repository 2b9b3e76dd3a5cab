/** Looking at mail servers, for the bot: behind the guard, in a thread of its own. */
import type { AddressesOf, Diagnose, Discover, FindForeignServers } from './bot/ports.ts';
import { openBotNetwork } from './bot-network.ts';
import { readAuthorities, runCheck, UnreadableAuthorities } from './check.ts';
import { type Config, ConfigError } from './config/index.ts';
import type { PortRange } from './diagnosis/account/parse.ts';
import { rehearsedMsOf, watchOf } from './rehearsal-order.ts';
import { createProbeThread } from './threads/probe-thread.ts';

/** How long a report may wait to know whose the servers are, in milliseconds. */
const kinshipMs = 3000;

/**
 * What the bot asks of the world besides the chat platforms. `allowedPorts`: of the servers that may be proposed.
 * @throws ConfigError for authorities that cannot be read
 */
export const createLook = async (config: Config, allowedPorts: readonly PortRange[]) => {
  const network = openBotNetwork(config);
  const authorities = await readAuthorities(config.CHECK_CA_FILE ?? null).catch((cause: unknown) => {
    throw cause instanceof UnreadableAuthorities
      ? new ConfigError(`CHECK_CA_FILE: ${cause.message}`, { cause })
      : cause;
  });
  const check: Parameters<typeof runCheck>[1] = {
    network,
    authorities,
    policy: config.POLICY,
    now: Date.now,
    recogniseProvider: async (address, signal) => {
      const { recogniseProvider } = await import('./discovery/recognise.ts');
      return recogniseProvider(address, { records: network.records, signal });
    },
  };
  const thread = createProbeThread({
    allowNetworks: config.CHECK_ALLOW_NETWORKS,
    allowPorts: config.CHECK_ALLOW_PORTS,
    nameServers: config.CHECK_DNS_SERVERS,
    authorities: authorities.map(String),
    proposedPorts: allowedPorts,
  });
  return {
    diagnose: (async (account, { signal, onProgress, secret, provider, question, pinned, rehearsal }) => {
      const result = await runCheck(
        account,
        {
          ...check,
          probe: thread.probe,
          ...(provider ? { recogniseProvider: async () => provider } : {}),
        },
        {
          signal,
          onProgress,
          ...(secret ? { secret } : {}),
          ...(question ? { question } : {}),
          ...(pinned ? { pinned } : {}),
          ...(rehearsal ? watchOf(rehearsal, signal) : {}),
        },
      );
      return { ...result, rehearsedMs: rehearsedMsOf(result) };
    }) satisfies Diagnose,
    findForeignServers: (async (account, { proposal, signal }) => {
      const { findForeignServers } = await import('./discovery/kinship.ts');
      return findForeignServers(account, {
        records: network.records,
        proposal,
        signal: AbortSignal.any([signal, AbortSignal.timeout(kinshipMs)]),
      });
    }) satisfies FindForeignServers,
    addressesOf: (async (host, signal) =>
      (await network.resolve(host, signal)).addresses) satisfies AddressesOf,
    discover: thread.discover satisfies Discover,
    warm: thread.warm,
    stop: thread.stop,
  };
};
