import { afterLogin } from '../../observed/login.ts';
import { requirement } from '../../requirement.ts';

/** RFC 3463: X.2.2 and X.3.1 are full mailboxes and systems; 452 and 552 mean the same where no such code is given. */
const fullCodes = /^(?:[45]52(?! \d\.[^23])|\d{3} \d\.(?:2\.2|3\.1))/u;

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
        case 'sender-refused':
        case 'recipient-refused': {
          const { reply, code } = envelope;
          if (fullCodes.test(code ?? '')) return say.because('over-quota', { reply });
          return code?.startsWith('4')
            ? say.because('try-later', { reply })
            : say.because('sender-refused', { reply });
        }
        case 'silent':
        case 'closed':
        case 'reset':
        case 'too-long':
        case undefined:
          return null;
      }
    }),
});
