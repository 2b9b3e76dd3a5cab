import { afterLogin } from '../../observed/login.ts';
import { requirement } from '../../requirement.ts';

/** HubSpot sends a test mail from the address to itself; whether the server would take it shows before any content. */
export const smtpSendAs = requirement('smtp-send-as', {
  scope: ['smtp'],
  step: 'test-mail',
  shownBy: 'login',
  sources: ['troubleshooting'],
  judge: (seen, say) =>
    afterLogin(seen, say, () => {
      const { envelope } = seen;
      switch (envelope?.outcome) {
        case 'accepted':
          return say.pass();
        case 'refused':
          return say.because(envelope.meaning ?? 'sender-refused', { reply: envelope.reply });
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
