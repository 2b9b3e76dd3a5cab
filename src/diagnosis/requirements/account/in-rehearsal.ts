/** What only doing what HubSpot does can show. */
import { services } from '../../account/endpoint.ts';
import { wantedConnections } from '../../observed/in-rehearsal.ts';
import { afterRehearsal, notTried } from '../../observed/login.ts';
import type { Seen } from '../../observed/seen.ts';
import { type Judgement, requirement, type Say } from '../../requirement.ts';

type Session = Seen['rehearsal']['sessions'][number];

/**
 * One that is refused, or closed without a word, while those before it stand: that is how a limit looks, since the same
 * login was taken a moment ago.
 */
const meetsLimit = ({ outcome, othersStood, meaning }: Session): boolean =>
  meaning === 'too-many-connections' ||
  (othersStood && (outcome === 'refused' || outcome === 'closed' || outcome === 'reset'));

const judgeSessions = (
  { service, rehearsal }: Seen,
  say: Say<'concurrent-connections'>,
): Judgement | null => {
  const { sessions, ended } = rehearsal;
  const opened = sessions.filter(({ outcome }) => outcome === 'opened').length;
  const limited = sessions.filter(meetsLimit);
  const own = limited.find((session) => session.service === service);
  if (own) return say.because('limit-reached', { opened, wanted: wantedConnections, reply: own.reply });
  if (opened === wantedConnections) return say.pass({ opened });
  // All five are one requirement: the limit is said where it was met.
  if (limited.length > 0) return say.notReached('concurrent-connections');
  return ended ? say.notMeasured() : null;
};

/** How many connections a server allows shows in a rehearsal; without one only where the server itself speaks of its limit. */
export const concurrentConnections = requirement('concurrent-connections', {
  scope: services,
  step: 'login',
  shownBy: 'rehearsal',
  sources: ['requirements-2024'],
  explains: { 'login-accepted': ['too-many-connections'] },
  judge: (seen, say) => {
    const { login, rehearsal } = seen;
    if (!notTried(seen) && login?.outcome === 'refused' && login.meaning === 'too-many-connections')
      return say.because('limit-reached', { opened: 0, wanted: wantedConnections, reply: login.reply });
    return rehearsal.begun ? judgeSessions(seen, say) : say.notTested();
  },
});

/** Later than this is late, in milliseconds. */
const lateMs = 10_000;

const inSeconds = (ms: number): number => Math.max(1, Math.round(ms / 1_000));

type Own = Say<'test-mail-arrives'>;

const judgeArrival = (seen: Seen, say: Own): Judgement | null => {
  const { arrival } = seen.rehearsal;
  switch (arrival?.outcome) {
    case 'arrived': {
      const { afterMs, by, folder, place } = arrival;
      if (place === 'junk') return say.because('in-junk', { folder });
      if (place === 'other') return say.because('moved-by-rule', { folder });
      return afterMs > lateMs
        ? say.because('late', { seconds: inSeconds(afterMs) })
        : say.pass({ afterMs, by, folder });
    }
    case 'bounced':
      return say.because('bounced', { status: arrival.status, reply: arrival.reply });
    case 'not-seen':
      return say.because('not-seen', { seconds: inSeconds(arrival.waitedMs) });
    default:
      return null;
  }
};

/** What kept the mail from being sent, or from being looked for. */
const obstacleOf = ({ rehearsal }: Seen): Parameters<Own['notReached']>[0] | null => {
  const { testMail, inbox, sessions } = rehearsal;
  if (testMail?.phase === 'refused' || testMail?.phase === 'unanswered') return 'smtp-send-as';
  if (rehearsal.copy?.isOverQuota) return 'smtp-send-as';
  if (inbox !== null && inbox.outcome !== 'opened') return 'inbox-readable';
  return sessions.some(({ outcome }) => outcome === 'refused') ? 'concurrent-connections' : null;
};

const judge = (seen: Seen, say: Own): Judgement | null => {
  const { arrival } = seen.rehearsal;
  const obstacle = obstacleOf(seen);
  const isSeen = arrival?.outcome === 'arrived' || arrival?.outcome === 'bounced';
  if (!isSeen && obstacle) return say.notReached(obstacle);
  return judgeArrival(seen, say) ?? (obstacle ? say.notReached(obstacle) : null);
};

/** What is sent to her arrives where HubSpot reads it; only sending it shows. */
export const testMailArrives = requirement('test-mail-arrives', {
  scope: ['imap'],
  step: 'test-mail',
  shownBy: 'rehearsal',
  sources: ['troubleshooting'],
  judge: (seen, say) =>
    afterRehearsal(seen, say, () => {
      const judged = judge(seen, say);
      const { leftBehind } = seen.rehearsal;
      if (leftBehind.length === 0) return judged;
      const { reason, evidence, proven } = judged ?? say.notMeasured();
      return { reason, proven, evidence: { ...evidence, leftBehind } };
    }),
});
