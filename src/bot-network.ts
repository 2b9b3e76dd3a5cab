import type { Config } from './config/index.ts';
import { createGuard } from './net/guard.ts';
import { createNetwork } from './net/network.ts';

/** The network as the bot may use it: behind the guard, with what the operator allows besides. */
export const openBotNetwork = (
  config: Pick<Config, 'CHECK_ALLOW_NETWORKS' | 'CHECK_ALLOW_PORTS' | 'CHECK_DNS_SERVERS'>,
) =>
  createNetwork({
    guard: createGuard({
      restricted: true,
      allowNetworks: config.CHECK_ALLOW_NETWORKS,
      allowPorts: config.CHECK_ALLOW_PORTS,
    }),
    nameServers: config.CHECK_DNS_SERVERS,
  });
