/** What one look at a place says of it, by the very rules of a check: nothing is proposed that a check would block. */
import type { Account } from '../diagnosis/account/account.ts';
import type { Endpoint } from '../diagnosis/account/endpoint.ts';
import { assessService } from '../diagnosis/assess.ts';
import type { Observation } from '../diagnosis/observed/observation.ts';
import { defaultPolicy } from '../diagnosis/target/hubspot/index.ts';

/**
 * `sound`: a check would let it pass. `untrusted`: it would, once its certificate is allowed. `faulty`: a server of the
 * right kind, which a check would block. `absent`: there is no such name, or no such server. `silent`: not known.
 */
export type GlanceAnswer = 'sound' | 'untrusted' | 'faulty' | 'absent' | 'silent';

export type Glance = {
  answer: GlanceAnswer;
  /** Names in its certificate, and the addresses of the name that was looked for. */
  names: readonly string[];
  addresses: readonly string[];
};

export const accountFor = (endpoint: Endpoint, address: string): Account => ({
  address,
  imap: endpoint.service === 'imap' ? endpoint : null,
  smtp: endpoint.service === 'smtp' ? endpoint : null,
  username: address,
  smtpLogin: 'same',
  untrustedCertificateExpected: false,
  personalInbox: null,
});

const hasGreeted = (service: Endpoint['service'], seen: readonly Observation[]): boolean =>
  seen.some((one) => one.type === 'greeting' && one.outcome === 'spoken' && one.spoken.protocol === service);

const isThere = (seen: readonly Observation[]): boolean => {
  const named = seen.find((one) => one.type === 'resolution');
  if (named?.outcome === 'unknown-name' || named?.outcome === 'no-address') return false;
  const tried = seen.filter((one) => one.type === 'connection');
  const isRefused = tried.length > 0 && tried.every(({ outcome }) => outcome === 'refused');
  const spoke = seen.some(
    (one) =>
      one.type === 'recognition' ||
      (one.type === 'greeting' && one.outcome === 'spoken') ||
      (one.type === 'handshake' && one.outcome !== 'completed' && one.outcome !== 'silent'),
  );
  // Whoever spoke was no server of this kind.
  return !isRefused && !spoke;
};

const answerOf = ({ service }: Endpoint, account: Account, seen: readonly Observation[]): GlanceAnswer => {
  if (!hasGreeted(service, seen)) return isThere(seen) ? 'silent' : 'absent';
  const context = { now: Date.now(), policy: defaultPolicy, provider: null };
  const findings = assessService(account, service, { observations: seen, context }).filter(
    // Where we ask from within, names lead within; another name would lead there just as well.
    ({ endpoint, requirement }) => endpoint !== null && requirement !== 'public-address',
  );
  if (findings.some(({ verdict, severity }) => verdict === 'fail' && severity === 'blocker')) return 'faulty';
  const trusted = findings.find(({ requirement }) => requirement === 'cert-trusted');
  return trusted?.verdict === 'pass' ? 'sound' : 'untrusted';
};

export const glanceOf = (endpoint: Endpoint, account: Account, seen: readonly Observation[]): Glance => {
  const certificates = seen.find((one) => one.type === 'certificates');
  const named = seen.find((one) => one.type === 'resolution');
  return {
    answer: answerOf(endpoint, account, seen),
    names: certificates?.chain[0]?.names ?? [],
    addresses: (named?.addresses ?? []).map(({ address }) => address),
  };
};
