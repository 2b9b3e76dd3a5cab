import { repeatCheck, startCheck } from './checks.ts';
import type { EventOf } from './event.ts';
import { canTestLogin } from './login-test.ts';
import { findCheck, newestCheck, runningCheck } from './select.ts';
import { cause, change, show, type Turn, tellRep } from './turn.ts';

/** Another link makes the one before worthless; its message says so. */
export const withoutOpenLink = (turn: Turn): Turn => {
  const { openLogin } = turn.conversation;
  if (openLogin === null) return turn;
  const closed = change(turn, { openLogin: null });
  return turn.conversation.messages[`notice:${openLogin}`] ? show(closed, `notice:${openLogin}`) : closed;
};

/** A link for the newest check; the notice is posted by whoever makes the link, since the link is kept nowhere. */
export const offerLogin = (turn: Turn, checkId: string): Turn => {
  const check = findCheck(turn.conversation, checkId);
  if (!check || !turn.rules.loginPage || !canTestLogin(check)) return tellRep(turn, 'stale');
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

/** A password has come. Only the newest link counts, and only one check runs at a time. */
export const loginSubmitted = (turn: Turn, { checkId, noticeId }: EventOf<'login-submitted'>): Turn => {
  const check = findCheck(turn.conversation, checkId);
  if (!check || turn.conversation.openLogin !== noticeId) return turn;
  if (runningCheck(turn.conversation)) return repeatCheck(withoutOpenLink(turn), check.account, null);
  const started = startCheck(withoutOpenLink(turn), check.account, null);
  const id = newestCheck(started.conversation)?.id ?? '';
  const checks = started.conversation.checks.map((one) =>
    one.id === id ? { ...one, withLogin: true } : one,
  );
  const effects = started.effects.map((effect) =>
    effect.type === 'diagnose' && effect.checkId === id
      ? ({ type: 'try-login', checkId: id } as const)
      : effect,
  );
  return { ...change(started, { checks }), effects };
};
