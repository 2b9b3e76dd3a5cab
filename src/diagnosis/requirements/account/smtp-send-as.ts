import { afterLogin } from '../../observed/login.ts';
import type { ObservationOf } from '../../observed/observation.ts';
import type { Seen } from '../../observed/seen.ts';
import { type Judgement, requirement, type Say } from '../../requirement.ts';

type Own = Say<'smtp-send-as'>;

/** Whether the server would take it, asked without any content. */
const judgeEnvelope = (envelope: ObservationOf<'envelope'> | null, say: Own): Judgement | null => {
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
};

/** What came of a mail that was really sent; null: none was. */
const judgeSent = ({ rehearsal }: Seen, say: Own): Judgement | null => {
  const { testMail, arrival, copy } = rehearsal;
  switch (testMail?.phase) {
    case 'refused': {
      const { stage, meaning, reply } = testMail;
      const isContent = stage === 'content';
      return say.because(
        meaning ?? (isContent ? 'content-refused' : 'sender-refused'),
        { reply },
        {
          proven: isContent,
        },
      );
    }
    case 'unanswered':
      return testMail.outcome === 'cut-short' ? null : say.because('unanswered', {});
    case 'taken': {
      if (arrival?.outcome === 'arrived' && arrival.rewrittenFrom !== null)
        return say.because('sender-rewritten', { from: arrival.rewrittenFrom });
      const isFull = copy?.isOverQuota === true && arrival?.outcome !== 'bounced';
      return isFull ? say.because('over-quota', { reply: copy.reply }) : say.pass();
    }
    case 'sending':
    case 'cleared':
    case undefined:
      return null;
  }
};

/** HubSpot sends a test mail; whether the server would take one shows before any content, and fully where one is sent. */
export const smtpSendAs = requirement('smtp-send-as', {
  scope: ['smtp'],
  step: 'test-mail',
  shownBy: 'login',
  sources: ['troubleshooting'],
  judge: (seen, say) =>
    afterLogin(seen, say, () => judgeSent(seen, say) ?? judgeEnvelope(seen.envelope, say)),
});
