/**
 * Reminding whoever a case waits for: IT while nobody has claimed it, the rep while her answer is awaited. Each so often and
 * no more; when anything happens, it begins anew or ends.
 */

import type { EventOf } from '../events/event.ts';
import type { Conversation, Escalation } from '../state/conversation.ts';
import type { Reminder } from '../state/escalation.ts';
import { findEscalation, threadOf } from '../state/selectors.ts';
import { cause, changeEscalation, show, type Turn, tellRep, tellThread } from '../turn.ts';
import { afterWork, isTimeZone, workingDayMs } from './working-hours.ts';

/** After how much work since it began, in milliseconds: a case that nobody has after half a day, an answer after one and three days. */
const stages: Readonly<Record<NonNullable<Reminder['about']>, readonly number[]>> = {
  unclaimed: [workingDayMs / 2],
  waiting: [workingDayMs, 3 * workingDayMs],
};

/** Where the platform does not tell in which time zone somebody works. */
const usualZone = 'Europe/Berlin';

const zoneOf = ({ timeZone }: Conversation): string =>
  timeZone !== null && isTimeZone(timeZone) ? timeZone : usualZone;

/** What a case waits for. The rep's side of it is in her own conversation, IT's where the thread is kept. */
const awaited = (escalation: Escalation): Reminder['about'] => {
  if (escalation.delivery !== 'arrived') return null;
  if (escalation.state === 'waiting-for-rep') return 'waiting';
  if (escalation.joinedTo) return null;
  const { state, claimedBy } = threadOf(escalation);
  return state === 'open' && claimedBy === null ? 'unclaimed' : null;
};

const plan = (
  turn: Turn,
  id: string,
  { about, number, told }: { about: NonNullable<Reminder['about']>; number: number; told: number },
): Turn => {
  const due = stages[about][told] ?? 0;
  const before = stages[about][told - 1] ?? 0;
  const at = afterWork(turn.stamp.at, due - before, zoneOf(turn.conversation));
  const planned = changeEscalation(turn, id, { reminder: { about, number, told, isLast: false } });
  return cause(planned, { type: 'remind', escalationId: id, number, afterMs: at - turn.stamp.at });
};

const withReminder = (turn: Turn, escalation: Escalation, before: Escalation | null): Turn => {
  const { id, reminder, question } = escalation;
  const about = awaited(escalation);
  const isAskedAnew = about === 'waiting' && before?.question !== question;
  if (about === (reminder?.about ?? null) && !isAskedAnew) return turn;
  if (about !== null && turn.rules.reminders)
    return plan(turn, id, { about, number: (reminder?.number ?? 0) + 1, told: 0 });
  return reminder && about === null ? changeEscalation(turn, id, { reminder: { ...reminder, about } }) : turn;
};

/** Plans what is to be said if nothing happens, and calls off what is waited for no more, whatever the event was. */
export const withReminders = (before: Conversation, turn: Turn): Turn =>
  turn.conversation.escalations.reduce(
    (so, one) => withReminder(so, one, findEscalation(before, one.id)),
    turn,
  );

/** In the words of whoever has asked. */
const lastQuestion = ({ notices }: Conversation, escalationId: string): { by?: string; text?: string } => {
  const asked = notices.findLast((one) => one.kind === 'question' && one.escalationId === escalationId);
  return {
    ...(asked?.by == null ? {} : { by: asked.by }),
    ...(asked?.text == null ? {} : { text: asked.text }),
  };
};

/** Its time has come. What has happened since then has another number, or waits for nothing. */
export const reminderDue = (turn: Turn, { escalationId, number }: EventOf<'reminder-due'>): Turn => {
  const escalation = findEscalation(turn.conversation, escalationId);
  const { reminder } = escalation ?? {};
  if (!escalation || !reminder?.about || reminder.number !== number || reminder.isLast) return turn;
  if (!turn.rules.reminders) return turn;
  const { about } = reminder;
  const told = reminder.told + 1;
  const said =
    about === 'unclaimed'
      ? tellThread(turn, 'unclaimed', { escalationId })
      : tellRep(turn, 'question-reminder', {
          escalationId,
          ...lastQuestion(turn.conversation, escalationId),
        });
  if (told < stages[about].length) return plan(said, escalationId, { about, number: number + 1, told });
  return show(
    changeEscalation(said, escalationId, { reminder: { ...reminder, told, isLast: true } }),
    `it-root:${escalationId}`,
  );
};
