import type { Account } from '../diagnosis/account.ts';
import type { Check, Conversation, Escalation } from './conversation.ts';
import type { EventOf } from './event.ts';
import { caseOf, findCase, findCheck, runningCheck } from './select.ts';
import { cause, change, changeCheck, show, type Turn, tellRep, tellThread } from './turn.ts';

/** Checks that are remembered besides those of a case; older ones give way. */
const keptChecks = 20;
const keptNotices = 200;

const ofACase = (conversation: Conversation, { id, forCase }: Check): boolean =>
  forCase !== null || conversation.escalations.some(({ checkId }) => checkId === id);

/** A conversation lasts for years: what nobody will ask for again goes, with the whereabouts of its messages. */
const withoutOldest = (conversation: Conversation): Conversation => {
  const free = conversation.checks.filter(
    (check) => check.state !== 'running' && !ofACase(conversation, check),
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

/** `forCase`: IT wants to know; the rep sees nothing before there is a result. Only ever one check runs. */
export const startCheck = (turn: Turn, account: Account, forCase: Escalation | null): Turn => {
  const check: Check = {
    id: turn.stamp.id,
    account,
    startedAt: turn.stamp.at,
    state: 'running',
    durationMs: null,
    assessment: null,
    transcripts: [],
    detailsShown: false,
    forCase: forCase?.id ?? null,
    withLogin: false,
  };
  const begun = change(turn, withoutOldest(turn.conversation));
  const started = cause(change(begun, { checks: [...begun.conversation.checks, check] }), {
    type: 'diagnose',
    checkId: check.id,
  });
  return show(started, forCase ? `it-root:${forCase.id}` : `progress:${check.id}`);
};

/** Same account, new look. A check that is running already is enough. */
export const repeatCheck = (turn: Turn, account: Account, forCase: Escalation | null): Turn => {
  if (!runningCheck(turn.conversation)) return startCheck(turn, account, forCase);
  return forCase ? tellThread(turn, 'busy', { escalationId: forCase.id }) : tellRep(turn, 'busy');
};

/** A result that was reported before, or that nobody waits for, changes nothing. */
const waitedFor = (turn: Turn, id: string): Check | null => {
  const check = findCheck(turn.conversation, id);
  return check?.state === 'running' ? check : null;
};

export const checkFinished = (turn: Turn, event: EventOf<'check-finished'>): Turn => {
  const check = waitedFor(turn, event.checkId);
  if (!check) return turn;
  const { assessment, transcripts, durationMs } = event;
  const known = changeCheck(turn, check.id, { state: 'finished', assessment, transcripts, durationMs });
  const escalation = check.forCase === null ? null : findCase(known.conversation, check.forCase);
  if (!escalation) return show(known, `progress:${check.id}`, `report:${check.id}`);
  const reported = show(known, `report:${check.id}`, `it-root:${escalation.id}`);
  return tellThread(reported, 'checked-again', { escalationId: escalation.id, checkId: check.id });
};

export const checkFailed = (turn: Turn, event: EventOf<'check-failed'>): Turn => {
  const check = waitedFor(turn, event.checkId);
  if (!check) return turn;
  const known = changeCheck(turn, check.id, { state: 'failed' });
  if (check.forCase === null)
    return tellRep(show(known, `progress:${check.id}`), 'check-failed', { checkId: check.id });
  return tellThread(show(known, `it-root:${check.forCase}`), 'check-failed', {
    escalationId: check.forCase,
    checkId: check.id,
  });
};

/** The rep's newest report about a case mirrors what becomes of it. */
export const showCase = (turn: Turn, escalation: Escalation): Turn => {
  const report = turn.conversation.checks.findLast(
    (check) => check.state === 'finished' && caseOf(turn.conversation, check)?.id === escalation.id,
  );
  const rooted = show(turn, `it-root:${escalation.id}`);
  return report ? show(rooted, `report:${report.id}`) : rooted;
};
