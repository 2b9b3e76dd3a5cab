import { isLoopback } from '../../../lib/loopback.ts';
import { type ConnectorService, sameTenant } from './service.ts';

/** The only door of the Bot Framework that is Teams; a bot has others, on which nobody is a member of anything. */
const teams = 'msteams';

/**
 * Of Teams in the public cloud and in GCC; see “Proactive messages” in Microsoft's documentation of Teams. Anybody can
 * have a name below trafficmanager.net, so that one is taken whole.
 */
const isOfMicrosoft = (host: string): boolean =>
  host === 'smba.trafficmanager.net' || host.endsWith('.teams.microsoft.com');

/** Where answers may be posted to. `local`: everything is on this machine, and then nowhere else. */
const isOwnUrl = (serviceUrl: string, local: boolean): boolean => {
  if (!URL.canParse(serviceUrl)) return false;
  const { protocol, hostname, port, username, password } = new URL(serviceUrl);
  if (username !== '' || password !== '') return false;
  return local
    ? isLoopback(hostname) && (protocol === 'http:' || protocol === 'https:')
    : protocol === 'https:' && port === '' && isOfMicrosoft(hostname);
};

export type Stranger = 'foreign-channel' | 'foreign-tenant' | 'foreign-service';

/** Whom the bot serves. Asked of everything that comes in, and again of what an earlier version has kept. */
export type Serves = {
  /** Null: it is one of ours. `tenants`: all that were named; they must agree. */
  stranger(
    door: Pick<ConnectorService, 'serviceUrl' | 'channelId'>,
    tenants: readonly (string | null)[],
  ): Stranger | null;
  isOurs(service: ConnectorService): boolean;
  /** Everybody who is let in is of this tenant; null: the app serves several. */
  tenant: string | null;
  /** Everything is on this machine. */
  local: boolean;
};

type Settings = { app: { tenantId: string | null } | null; openIdMetadataUrl: string | null };

/** Without an app, or with keys of a stand-in, nothing leaves this machine. */
export const createServes = ({ app, openIdMetadataUrl }: Settings): Serves => {
  const tenant = app?.tenantId ?? null;
  const local = app === null || openIdMetadataUrl !== null;
  const stranger: Serves['stranger'] = ({ serviceUrl, channelId }, tenants) => {
    if (channelId !== teams) return 'foreign-channel';
    const named = tenants.flatMap((one) => one || []);
    const expected = tenant ?? named[0] ?? null;
    // Teams always says of which tenant a conversation is; only a stand-in on this machine may not know.
    const isTold = named.length > 0 || (tenant === null && local);
    if (!isTold || !named.every((one) => sameTenant(one, expected))) return 'foreign-tenant';
    return isOwnUrl(serviceUrl, local) ? null : 'foreign-service';
  };
  return { tenant, local, stranger, isOurs: (service) => stranger(service, [service.tenantId]) === null };
};
