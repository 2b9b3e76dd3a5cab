/** A whole check of one mailbox, as a process of the benches makes it. */
import { type CheckResult, readAuthorities, runCheck } from '../../src/check.ts';
import type { Account } from '../../src/diagnosis/account/account.ts';
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';
import { Secret } from '../../src/secret.ts';
import { REP } from '../../test/mail-servers/index.ts';

export type Where = { address: string; ca: string; imaps: number; smtps: number };

/** With a login; `rehearsal`: and with consent. */
export const checkerOf = async ({ address, ca, imaps, smtps }: Where) => {
  const endpoint = (service: Service, port: number) =>
    ({ service, host: address, asciiHost: address, port, encryption: 'tls' }) as const;
  const account: Account = {
    ...{ address: REP.name, username: REP.name, smtpLogin: 'same', personalInbox: true },
    ...{ imap: endpoint('imap', imaps), smtp: endpoint('smtp', smtps), untrustedCertificateExpected: false },
  };
  const network = createNetwork({
    guard: createGuard({ restricted: false, allowNetworks: ['127.0.0.0/8', '10.0.0.0/8'], allowPorts: [] }),
    nameServers: [],
  });
  const authorities = await readAuthorities(ca);
  return (rehearsal: { patienceMs: number } | null): Promise<CheckResult> =>
    runCheck(
      account,
      { network, authorities, policy: 'hubspot-2017', now: Date.now },
      { secret: new Secret(REP.password), ...(rehearsal ? { rehearsal } : {}) },
    );
};

/** How long the rehearsal alone took, without the check before it, in milliseconds. */
export const rehearsedMs = ({ observations }: CheckResult): number => {
  const at = observations.flatMap((seen) => (seen.type === 'rehearsal' ? [seen.at] : []));
  return (at[1] ?? Number.NaN) - (at[0] ?? Number.NaN);
};
