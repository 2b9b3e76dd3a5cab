import { services } from '../../account/endpoint.ts';
import { afterLogin, blamed } from '../../observed/login.ts';
import { requirement } from '../../requirement.ts';

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
