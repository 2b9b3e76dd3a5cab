/** What one look at a place says of it, by the very rules of a check: nothing is proposed that a check would block. */
import type { Account } from '../diagnosis/account/account.ts';
import type { Endpoint } from '../diagnosis/account/endpoint.ts';
import { assessService } from '../diagnosis/assess.ts';
import type { Observation, ProtocolVersion } from '../diagnosis/observed/observation.ts';
import type { Verdict } from '../diagnosis/policy.ts';
import { defaultPolicy } from '../diagnosis/target/hubspot/index.ts';

/**
 * `sound`: a check would let it pass. `untrusted`: it would, once its certificate is allowed. `unwilling`: a server of the
 * right kind, of which a check would not find out enough, since it turns us away or does not answer. `faulty`: one which a
 * check would block. `foreign`: a mail server of another kind. `absent`: there is no such name, or no such server.
 * `silent`: not known.
 */
export type GlanceAnswer = 'sound' | 'untrusted' | 'unwilling' | 'faulty' | 'foreign' | 'absent' | 'silent';

export type Glance = {
  answer: GlanceAnswer;
  /** The certificate bears the name that was looked for. */
  nameFits: boolean;
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

type Fact = Observation | (Observation & { type: 'address' })['seen'][number];

/** At whichever address of the name: where one is at fault, a server is there nevertheless. */
const hasGreeted = (service: Endpoint['service'], seen: readonly Fact[]): boolean =>
  seen.some((one) =>
    one.type === 'address'
      ? hasGreeted(service, one.seen)
      : one.type === 'greeting' && one.outcome === 'spoken' && one.spoken.protocol === service,
  );

const mailProtocols: readonly string[] = ['imap', 'smtp', 'pop3'];

const isForeign = (service: Endpoint['service'], seen: readonly Observation[]): boolean =>
  seen.some((one) => {
    const spoken =
      one.type === 'recognition' || (one.type === 'greeting' && one.outcome === 'spoken') ? one.spoken : null;
    return spoken !== null && spoken.protocol !== service && mailProtocols.includes(spoken.protocol);
  });

const newestFirst: readonly ProtocolVersion[] = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1'];

/** We offer every version, and a server takes the newest that it knows (RFC 8446 §4.2.1): it has none of the newer ones. */
const withVersionsLeftOut = (seen: readonly Observation[]): Observation[] =>
  seen.flatMap((one): Observation[] => {
    const taken = newestFirst.findIndex((version) => one.type === 'handshake' && one.version === version);
    const { service, at } = one;
    const leftOut = newestFirst.slice(0, Math.max(0, taken)).map(
      (version): Observation => ({
        ...{ type: 'version-offer', version, outcome: 'selected-lower', alert: null },
        ...{ suite: null, asksForCertificate: false, service, at },
      }),
    );
    return [one, ...leftOut];
  });

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
  if (!hasGreeted(service, seen)) {
    if (isForeign(service, seen)) return 'foreign';
    return isThere(seen) ? 'silent' : 'absent';
  }
  const context = { now: Date.now(), policy: defaultPolicy, provider: null };
  const observations = withVersionsLeftOut(seen);
  const findings = assessService(account, service, { observations, context }).filter(
    // Where we ask from within, names lead within; another name would lead there just as well.
    ({ endpoint, requirement }) => endpoint !== null && requirement !== 'public-address',
  );
  const stops = (verdict: Verdict): boolean =>
    findings.some((found) => found.verdict === verdict && found.severity === 'blocker');
  if (stops('fail')) return 'faulty';
  if (stops('unknown')) return 'unwilling';
  const trusted = findings.find(({ requirement }) => requirement === 'cert-trusted');
  return trusted?.verdict === 'pass' ? 'sound' : 'untrusted';
};

export const glanceOf = (endpoint: Endpoint, account: Account, seen: readonly Observation[]): Glance => {
  const certificates = seen.find((one) => one.type === 'certificates');
  const named = seen.find((one) => one.type === 'resolution');
  return {
    answer: answerOf(endpoint, account, seen),
    nameFits: certificates !== undefined && certificates.nameMatch !== 'none',
    names: certificates?.chain[0]?.names ?? [],
    addresses: (named?.addresses ?? []).map(({ address }) => address),
  };
};
