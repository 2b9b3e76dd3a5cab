import { afterLogin } from '../../observed/login.ts';
import { requirement } from '../../requirement.ts';

/** A login that is accepted is of no use where the inbox does not open: HubSpot reads it. */
export const inboxReadable = requirement('inbox-readable', {
  scope: ['imap'],
  step: 'login',
  shownBy: 'login',
  sources: [],
  judge: (seen, say) =>
    afterLogin(seen, say, () => {
      switch (seen.inbox?.outcome) {
        case 'opened':
          return say.pass();
        case 'refused':
          return say.because('inbox-refused', { reply: seen.inbox.reply });
        case 'silent':
        case 'closed':
        case 'reset':
        case 'too-long':
          return say.because('unanswered', {});
        case 'cut-short':
        case undefined:
          return null;
      }
    }),
});
