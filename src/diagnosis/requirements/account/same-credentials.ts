import { refusedElsewhereTaken } from '../../observed/login.ts';
import { requirement } from '../../requirement.ts';

/** As stated in the form, or as a login test shows: one server takes the pair that the other refuses. */
export const sameCredentials = requirement('same-credentials', {
  scope: 'account',
  step: 'login',
  shownBy: 'login',
  sources: ['requirements-2017'],
  judge: ({ account, everyLogin }, say) => {
    if (account.smtpLogin === 'different') return say.because('stated-different', {});
    const bySmtp = refusedElsewhereTaken(everyLogin, 'smtp');
    if (bySmtp) return say.because('smtp-refuses-imap-login', { reply: bySmtp.reply });
    const byImap = refusedElsewhereTaken(everyLogin, 'imap');
    return byImap
      ? say.because('imap-refuses-smtp-login', { reply: byImap.reply }, { service: 'imap' })
      : say.pass();
  },
});
