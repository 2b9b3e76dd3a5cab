import { afterLogin, afterRehearsal } from '../../observed/login.ts';
import type { ObservationOf } from '../../observed/observation.ts';
import type { Seen } from '../../observed/seen.ts';
import { type Judgement, requirement, type Say } from '../../requirement.ts';

type Sending = Say<'smtp-send-as'>;

/** Whether the server would take it, asked without any content. */
const judgeEnvelope = (envelope: ObservationOf<'envelope'> | null, say: Sending): Judgement | null => {
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
const judgeSent = ({ rehearsal }: Seen, say: Sending): Judgement | null => {
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
      return isFull ? say.because('over-quota', { reply: copy.reply }, { proven: true }) : say.pass();
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

/** Later than this is late, in milliseconds. */
const lateMs = 10_000;

const inSeconds = (ms: number): number => Math.max(1, Math.round(ms / 1_000));

type Arriving = Say<'test-mail-arrives'>;

const judgeArrival = (seen: Seen, say: Arriving): Judgement | null => {
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
const obstacleOf = ({ rehearsal }: Seen): Parameters<Arriving['notReached']>[0] | null => {
  const { testMail, inbox, sessions } = rehearsal;
  if (testMail?.phase === 'refused' || testMail?.phase === 'unanswered') return 'smtp-send-as';
  if (rehearsal.copy?.isOverQuota) return 'smtp-send-as';
  if (inbox !== null && inbox.outcome !== 'opened') return 'inbox-readable';
  // One connection of each service is enough to send a mail and to look for it.
  if (rehearsal.arrival?.outcome === 'not-seen') return null;
  return sessions.some(({ outcome }) => outcome === 'refused') ? 'concurrent-connections' : null;
};

const judgeMail = (seen: Seen, say: Arriving): Judgement | null => {
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
      const judged = judgeMail(seen, say);
      const { leftBehind } = seen.rehearsal;
      if (leftBehind.length === 0) return judged;
      const { reason, evidence, proven } = judged ?? say.notMeasured();
      return { reason, proven, evidence: { ...evidence, leftBehind } };
    }),
});
