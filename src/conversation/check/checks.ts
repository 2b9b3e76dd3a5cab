import type { Account } from '../../diagnosis/account/account.ts';
import { newCheck } from '../state/check.ts';
import type { Check, Conversation, Escalation } from '../state/conversation.ts';
import { checksOfEscalation, escalationOf, findCheck, runningCheck } from '../state/selectors.ts';
import { cause, change, changeEscalation, show, type Turn, tellRep, tellThread } from '../turn.ts';

/** Checks that are remembered besides those of a case; older ones give way. */
const keptChecks = 20;
const keptNotices = 200;

const isOfEscalation = (conversation: Conversation, { id, forCase }: Check): boolean =>
  forCase !== null || conversation.escalations.some(({ checkId }) => checkId === id);

/** A conversation lasts for years: what nobody will ask for again goes, with the whereabouts of its messages. */
const withoutOldest = (conversation: Conversation): Conversation => {
  const free = conversation.checks.filter(
    (check) => check.state !== 'running' && !isOfEscalation(conversation, check),
  );
  const gone = new Set(free.slice(0, Math.max(0, free.length - keptChecks)).map(({ id }) => id));
  const notices = conversation.notices.slice(-keptNotices);
  const kept = new Set(notices.map(({ id }) => id));
  const isKept = (slot: string): boolean => {
    const [type = '', id = ''] = slot.split(':');
    return type === 'notice' ? kept.has(id) : !gone.has(id);
  };
  return {
    ...conversation,
    checks: conversation.checks.filter(({ id }) => !gone.has(id)),
    notices,
    messages: Object.fromEntries(Object.entries(conversation.messages).filter(([slot]) => isKept(slot))),
  };
};

/** On whose behalf, if not the rep's own: IT's, or the watch's. */
type OnBehalf = { escalation: Escalation; byWatch: boolean } | null;

/** Another link or another check makes the link before worthless; its message says so. */
export const withoutOpenLink = (turn: Turn): Turn => {
  const { openLogin } = turn.conversation;
  if (openLogin === null) return turn;
  const closed = change(turn, { openLogin: null });
  return turn.conversation.messages[`notice:${openLogin}`] ? show(closed, `notice:${openLogin}`) : closed;
};

/** One for a case shows the rep nothing before there is a result. Only ever one check runs. */
export const startCheck = (turn: Turn, account: Account, onBehalf: OnBehalf): Turn => {
  const check: Check = {
    ...newCheck(turn.stamp.id, account, turn.stamp.at),
    forCase: onBehalf?.escalation.id ?? null,
    byWatch: onBehalf?.byWatch ?? false,
  };
  const free = onBehalf ? turn : withoutOpenLink(turn);
  const begun = change(free, withoutOldest(free.conversation));
  const started = cause(change(begun, { checks: [...begun.conversation.checks, check] }), {
    type: 'diagnose',
    checkId: check.id,
  });
  return show(started, onBehalf ? `it-root:${onBehalf.escalation.id}` : `progress:${check.id}`);
};

/** Same account, new look. A check that is running already is enough. */
export const repeatCheck = (turn: Turn, account: Account, onBehalf: OnBehalf): Turn => {
  if (!runningCheck(turn.conversation)) return startCheck(turn, account, onBehalf);
  return onBehalf
    ? tellThread(turn, 'busy', { escalationId: onBehalf.escalation.id })
    : tellRep(turn, 'busy');
};

export const accountOfEscalation = (conversation: Conversation, escalation: Escalation): Account | null => {
  const { first, newest } = checksOfEscalation(conversation, escalation);
  return (newest ?? first ?? findCheck(conversation, escalation.checkId))?.account ?? null;
};

/** The report that somebody was promised, as soon as no other check is running. */
export const startDueReport = (turn: Turn): Turn => {
  const escalation = turn.conversation.escalations.find(({ reportDue }) => reportDue);
  if (!escalation || runningCheck(turn.conversation)) return turn;
  const settled = changeEscalation(turn, escalation.id, { reportDue: false });
  const account = accountOfEscalation(turn.conversation, escalation);
  return account ? startCheck(settled, account, { escalation, byWatch: true }) : settled;
};

/** The rep's newest report about a case mirrors what becomes of it. */
export const showReport = (turn: Turn, escalation: Escalation): Turn => {
  const report = turn.conversation.checks.findLast(
    (check) => check.state === 'finished' && escalationOf(turn.conversation, check)?.id === escalation.id,
  );
  return report ? show(turn, `report:${report.id}`) : turn;
};

/** And so does its message in the IT channel; showing one that is not there yet hands it over. */
export const showEscalation = (turn: Turn, escalation: Escalation): Turn =>
  showReport(show(turn, `it-root:${escalation.id}`), escalation);
