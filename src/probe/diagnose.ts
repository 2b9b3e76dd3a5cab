import type { X509Certificate } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Account } from '../diagnosis/account/account.ts';
import { type Endpoint, type Service, services } from '../diagnosis/account/endpoint.ts';
import type { Extents } from '../diagnosis/observed/extent.ts';
import type { Observation } from '../diagnosis/observed/observation.ts';
import { limits } from '../net/limits.ts';
import { type Network, withFewConnections } from '../net/network.ts';
import type { Secret } from '../secret.ts';
import type { Entrance, LoginPlan, Sighting } from './context.ts';
import { probeService } from './service.ts';

const since = (started: number): number => Math.round(performance.now() - started);

/** Consent to a rehearsal. `patienceMs`: how long its mail may take to arrive. */
export type Rehearsal = { patienceMs: number };

export type DiagnoseOptions = {
  network: Network;
  /** Trusted besides Mozilla's roots. */
  authorities: readonly X509Certificate[];
  signal?: AbortSignal;
  /** For the whole, in milliseconds; never more than the product's hard limit. */
  timeoutMs?: number;
  /** Given: one login per server is tried with it. */
  secret?: Secret;
  /** Given: only these services, and of each only so much. */
  extents?: Extents;
  /** By service the certificate (SHA-256) that an earlier look has seen; absent: nobody has looked. */
  pinned?: Readonly<Partial<Record<Service, string>>>;
  /** Given: once both logins are accepted, what HubSpot does is done once. It has an end of its own. */
  rehearsal?: Rehearsal;
  /** Of a test mail that is about to be sent, what this gives is waited for. */
  onObservation?(seen: Observation): void | Promise<void>;
};

export type Diagnosis = { observations: Observation[]; durationMs: number };

/** After its greeting a silence would be held against the server; where our own time ran out, it must not be. */
const isCutShort = (seen: Sighting, { encryption }: Endpoint): boolean =>
  (seen.type === 'starttls' ||
    seen.type === 'capabilities' ||
    (seen.type === 'handshake' && encryption !== 'tls')) &&
  seen.outcome === 'silent';

/**
 * Where SMTP is said to use another login there is no password for it: the one we have is not tried there, since a
 * refusal would prove nothing and count towards a lock-out.
 */
const planFor = (
  service: Service,
  account: Account,
  { secret, pinned }: Pick<DiagnoseOptions, 'secret' | 'pinned'>,
): LoginPlan | null => {
  if (!secret || (service === 'smtp' && account.smtpLogin === 'different')) return null;
  const { username, address, untrustedCertificateExpected } = account;
  // A service in which the earlier look saw no certificate takes none that nobody vouches for.
  const own = pinned ? (pinned[service] ?? '') : null;
  return { username, address, untrustedCertificateExpected, secret, pinned: own };
};

/**
 * Looks at both services of an account side by side and reports what it sees, without judging. Ends at the latest
 * when its time is over, with what is known by then. Rejects only for faults of ours.
 */
export const diagnose = async (account: Account, options: DiagnoseOptions): Promise<Diagnosis> => {
  const started = performance.now();
  const observations: Observation[] = [];
  const deadline = AbortSignal.timeout(Math.min(options.timeoutMs ?? limits.wholeMs, limits.wholeMs));
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  const network = withFewConnections(options.network);
  let over = false;
  const entrances: Partial<Record<Service, Entrance>> = {};
  const report = (observation: Observation): void | Promise<void> => {
    observations.push(observation);
    return options.onObservation?.(observation);
  };
  await Promise.all(
    services.map(async (service) => {
      const endpoint = account[service];
      const extent = options.extents ? options.extents[service] : 'whole';
      if (!endpoint || !extent) return;
      await probeService({
        endpoint,
        network,
        authorities: options.authorities,
        signal,
        login: planFor(service, account, options),
        extent,
        emit: (seen) => {
          if (over || (signal.aborted && isCutShort(seen, endpoint))) return;
          void report({ ...seen, service, at: since(started) });
        },
        onEntered: (entrance) => {
          entrances[service] = entrance;
        },
      });
    }),
  );
  over = true;
  const { imap, smtp } = entrances;
  if (options.rehearsal && imap && smtp && !options.signal?.aborted) {
    // Loaded only with consent, like the libraries that it stands on.
    const { rehearse } = await import('../mailbox/rehearsal.ts');
    await rehearse(
      { imap, smtp },
      {
        patienceMs: options.rehearsal.patienceMs,
        signal: options.signal ?? new AbortController().signal,
        emit: (service, seen) => report({ ...seen, service, at: since(started) }),
      },
    );
  }
  return { observations, durationMs: since(started) };
};
