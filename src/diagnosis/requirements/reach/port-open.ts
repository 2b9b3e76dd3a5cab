import {
  closedAfterSpeaking,
  connected,
  droppedAtOnce,
  endedWordless,
  type Seen,
  turnedAway,
  wantsOurCertificate,
} from '../../observed/seen.ts';
import { type Judgement, requirement, type Say } from '../../requirement.ts';

const seconds = (ms: number): number => Math.max(1, Math.round(ms / 1000));

const judgeName = ({ resolution, account, endpoint }: Seen, say: Say<'imap-port-open'>): Judgement | null => {
  if (!endpoint)
    return say.because('no-server-known', {
      domain: account.address.slice(account.address.lastIndexOf('@') + 1),
    });
  switch (resolution?.outcome) {
    case 'unknown-name':
      return say.because('name-unknown', {});
    case 'no-address':
      return say.because('name-without-address', {});
    case 'server-failed':
    case 'timed-out':
      return say.because('name-server-failed', {});
    case 'resolved':
    case undefined:
      return null;
  }
};

/** Addresses that are known to lead inside a network: no answer of theirs is a cause of its own. */
const insideOnly = ({ resolution }: Seen): ReadonlySet<string> =>
  new Set(
    resolution?.via === 'system'
      ? []
      : resolution?.addresses.filter((found) => !found.public).map(({ address }) => address),
  );

/** A SYN without an answer is sent again after one second (RFC 6298 §2.1). In milliseconds. */
const onceRepeatedMs = 1_500;

const judgeUnconnected = (seen: Seen, say: Say<'imap-port-open'>): Judgement | null => {
  const { connections, everyConnection } = seen;
  const inside = insideOnly(seen);
  if (connections.every(({ address }) => inside.has(address))) return null;
  const refused = connections.find(({ outcome }) => outcome === 'refused');
  if (refused) return say.because('refused', { address: refused.address });
  const lost = connections.find(({ outcome }) => outcome === 'timed-out' || outcome === 'unreachable');
  if (!lost) return connections.length > 0 ? say.notMeasured() : null;
  // Many networks, perhaps ours, let nobody out on port 25: another port that answers proves nothing there. Nor does a wait
  // that our own deadline cut so short that the question was not even repeated.
  const provable = lost.port !== 25 && !(lost.outcome === 'timed-out' && lost.ms < onceRepeatedMs);
  const proven =
    provable &&
    everyConnection.some(
      ({ address, port, outcome }) =>
        address === lost.address && port !== lost.port && (outcome === 'connected' || outcome === 'refused'),
    );
  return lost.outcome === 'timed-out'
    ? say.because('timed-out', { address: lost.address, seconds: seconds(lost.ms) }, { proven })
    : say.because('unreachable', { address: lost.address }, { proven });
};

const judgeConnected = (seen: Seen, say: Say<'imap-port-open'>): Judgement => {
  const { greeting, handshake, connections } = seen;
  const wordless = closedAfterSpeaking(seen) ? null : endedWordless(seen);
  if (wordless !== null && !droppedAtOnce(seen))
    return say.because('closed-before-greeting', { seconds: seconds(wordless) });
  if (!wantsOurCertificate(seen)) {
    const away = turnedAway(seen);
    if (away?.state === 'busy') return say.because('too-many-connections', { banner: away.text });
    // Behind TLS that was agreed on, and not ended by an alert that tells more.
    const ended =
      greeting?.layer === 'tls' && (greeting.outcome === 'closed' || greeting.outcome === 'reset');
    if (ended && handshake?.outcome === 'completed')
      return say.because('closed-before-greeting', { seconds: seconds(greeting.ms) });
  }
  const inside = insideOnly(seen);
  const dead = connections.filter(
    ({ address, outcome }) =>
      !inside.has(address) && ['refused', 'timed-out', 'unreachable'].includes(outcome),
  );
  const alive = connections.filter(({ outcome }) => outcome === 'connected');
  return dead.length > 0
    ? say.because('one-address-dead', {
        dead: dead.map(({ address }) => address),
        alive: alive.map(({ address }) => address),
      })
    : say.pass();
};

const judge = (seen: Seen, say: Say<'imap-port-open'>): Judgement | null =>
  judgeName(seen, say) ?? (connected(seen) ? judgeConnected(seen, say) : judgeUnconnected(seen, say));

export const imapPortOpen = requirement('imap-port-open', {
  scope: ['imap'],
  step: 'connect',
  shownBy: 'outside',
  sources: ['requirements-2017'],
  gate: 'everything',
  judge,
});

/** Many hosting providers block outgoing port 25, so an account that can be reached only there is fragile. */
const only25 = ({ endpoint, everyConnection }: Seen): boolean => {
  const others = everyConnection.filter(
    ({ service, port, outcome }) =>
      service === 'smtp' && port !== 25 && outcome !== 'no-route-here' && outcome !== 'not-permitted-here',
  );
  return endpoint?.port === 25 && others.length > 0 && others.every(({ outcome }) => outcome !== 'connected');
};

export const smtpPortOpen = requirement('smtp-port-open', {
  scope: ['smtp'],
  step: 'connect',
  shownBy: 'outside',
  sources: ['requirements-2017'],
  gate: 'everything',
  judge: (seen, say) => {
    const judged = judge(seen, say);
    return judged?.reason === null && only25(seen) ? say.because('port-25-only', {}) : judged;
  },
});
