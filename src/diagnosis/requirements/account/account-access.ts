import { services } from '../../account/endpoint.ts';
import { wantedConnections } from '../../observed/in-rehearsal.ts';
import { afterLogin, blamed, notTried } from '../../observed/login.ts';
import type { Seen } from '../../observed/seen.ts';
import { type Judgement, requirement, type Say } from '../../requirement.ts';

/** IMAP may be off for one mailbox alone; the server says so only to its owner. */
export const imapEnabledAccount = requirement('imap-enabled-account', {
  scope: ['imap'],
  step: 'login',
  shownBy: 'login',
  sources: ['requirements-2017'],
  saidByHints: true,
  judge: (seen, say) => {
    if (blamed(seen) !== 'imap-enabled-account') return afterLogin(seen, say, say.pass);
    const reply = seen.login?.reply ?? '';
    return seen.login?.meaning === 'imap-disabled-for-domain'
      ? say.because('disabled-for-domain', { reply })
      : say.because('imap-disabled', { reply });
  },
});

/** Two-factor login keeps the usual password out of mail programs; the provider says so, or the server does. */
export const appPassword = requirement('app-password', {
  scope: services,
  step: 'login',
  shownBy: 'login',
  sources: [],
  saidByHints: true,
  judge: (seen, say, { provider }) => {
    if (blamed(seen) === 'app-password') return say.because('required', { reply: seen.login?.reply ?? '' });
    if (seen.login?.outcome === 'accepted') return say.pass();
    const mayBe = provider?.password === 'app-only' || provider?.password === 'app-with-two-factor';
    return mayBe ? say.because('may-be-required', {}) : afterLogin(seen, say, say.pass);
  },
});

/** HubSpot has a field for the user name, so one that is not the address does no harm. */
export const customUsername = requirement('custom-username', {
  scope: services,
  step: 'login',
  shownBy: 'login',
  sources: ['troubleshooting'],
  judge: (seen, say) => afterLogin(seen, say, say.pass),
});

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
