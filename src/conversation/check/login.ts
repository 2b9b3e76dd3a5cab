import type { EventOf } from '../events/event.ts';
import type { Check, Conversation } from '../state/conversation.ts';
import { findCheck, findNotice, newestCheck, runningCheck } from '../state/selectors.ts';
import { cause, change, changeCheck, type Turn, tellRep } from '../turn.ts';
import { repeatCheck, startCheck, withoutOpenLink } from './checks.ts';
import { type LoginRules, offersLoginTest } from './login-test.ts';

/** A link for the newest check; the notice is posted by whoever makes the link, since the link is kept nowhere. */
export const offerLogin = (turn: Turn, checkId: string): Turn => {
  const check = findCheck(turn.conversation, checkId);
  if (!check || !offersLoginTest(check, turn.rules)) return tellRep(turn, 'stale');
  if (runningCheck(turn.conversation)) return tellRep(turn, 'busy');
  if (newestCheck(turn.conversation)?.id !== check.id) return tellRep(turn, 'stale');
  const noticeId = `${turn.stamp.id}-login-link`;
  const notice = {
    id: noticeId,
    to: 'rep',
    kind: 'login-link',
    by: null,
    text: null,
    checkId,
    escalationId: null,
  } as const;
  const closed = withoutOpenLink(turn);
  const offered = change(closed, {
    notices: [...closed.conversation.notices, notice],
    openLogin: noticeId,
  });
  return cause(offered, { type: 'offer-login', noticeId, checkId });
};

/** The check that a link is about, as long as it is good: it is the newest one, of the newest check, and allowed. */
export const checkOfLink = (
  conversation: Conversation,
  { checkId, noticeId }: { checkId: string; noticeId: string },
  rules: LoginRules,
): Check | null => {
  const check = findCheck(conversation, checkId);
  const isNewest =
    conversation.openLogin === noticeId &&
    findNotice(conversation, noticeId)?.checkId === checkId &&
    newestCheck(conversation)?.id === checkId;
  return check && isNewest && offersLoginTest(check, rules) ? check : null;
};

/** A password has come. Only the newest link counts, and only one check runs at a time. */
export const loginSubmitted = (turn: Turn, event: EventOf<'login-submitted'>): Turn => {
  const check = checkOfLink(turn.conversation, event, turn.rules);
  if (!check) return turn;
  if (runningCheck(turn.conversation)) return repeatCheck(withoutOpenLink(turn), check.account, null);
  const started = startCheck(withoutOpenLink(turn), check.account, null);
  const id = newestCheck(started.conversation)?.id ?? '';
  const rehearse = Boolean(event.sendTestMail && turn.rules.rehearsal);
  const begun = changeCheck(started, id, { withLogin: true, ...(rehearse && { rehearsal: 'asked' }) });
  const effects = begun.effects.map((effect) =>
    effect.type === 'diagnose' && effect.checkId === id
      ? ({ type: 'try-login', checkId: id, rehearse } as const)
      : effect,
  );
  return { ...begun, effects };
};

/** Noted before it is sent, so that a crash in between cannot leave it there without a word. */
export const testMailMoved = (turn: Turn, { checkId, header, phase }: EventOf<'test-mail'>): Turn => {
  const check = findCheck(turn.conversation, checkId);
  const testMail = phase === 'sending' ? header : null;
  const isSent = check?.state === 'running' && check.rehearsal !== undefined;
  if (!isSent || (check.testMail ?? null) === testMail) return turn;
  return changeCheck(turn, checkId, { testMail });
};
