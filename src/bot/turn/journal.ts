import type { Effect } from '../../conversation/events/effect.ts';
import type { Event } from '../../conversation/events/event.ts';
import type { Check, Conversation, Escalation } from '../../conversation/state/conversation.ts';
import type { Log } from '../ports.ts';

/** One step of one conversation, as it was kept; `before` null: it began with it. */
export type Stepped = {
  before: Conversation | null;
  now: Conversation;
  event: Event;
  effects: readonly Effect[];
};

type Line = { message: string; fields: Parameters<Log['info']>[0] };

const checkLine = (before: Check | undefined, now: Check): Line | null => {
  const check = now.id;
  const withLogin = now.withLogin;
  if (before?.state === now.state) return null;
  if (now.state === 'running') return { message: 'check started', fields: { check, withLogin } };
  if (now.state === 'failed')
    return { message: 'check ended without a result', fields: { check, withLogin } };
  const verdict = now.assessment?.verdict ?? null;
  const fields = { check, withLogin, verdict, durationMs: now.durationMs };
  return { message: 'check finished', fields };
};

const states: Readonly<Record<Escalation['state'], string>> = {
  open: 'case reopened',
  claimed: 'case claimed',
  'waiting-for-rep': 'question asked',
  resolved: 'case resolved',
  withdrawn: 'case withdrawn',
};

const escalationLines = (before: Escalation | undefined, now: Escalation): string[] => {
  if (!before) return ['case opened'];
  const lines: string[] = [];
  if (now.delivery !== before.delivery && now.delivery !== 'pending')
    lines.push(now.delivery === 'arrived' ? 'case handed over' : 'case did not reach IT');
  if (now.state === before.state) return lines;
  const isAnswer = before.state === 'waiting-for-rep' && (now.state === 'open' || now.state === 'claimed');
  return [...lines, isAnswer ? 'question answered' : states[now.state]];
};

const eventLines = ({ event, effects }: Stepped): Line[] => {
  if (event.type === 'undelivered')
    return [{ message: 'message given up', fields: { slot: event.slot.split(':')[0] ?? '' } }];
  if (event.type === 'erasing') return [{ message: 'person forgotten', fields: {} }];
  return effects.flatMap((effect): Line[] => {
    if (effect.type === 'offer-login')
      return [{ message: 'login offered', fields: { check: effect.checkId } }];
    return effect.type === 'erase' ? [{ message: 'person asked to be forgotten', fields: {} }] : [];
  });
};

/** Every step of a journey at `info`, in ids and codes only, so that an operator can follow a case without reading it. */
const linesOf = (stepped: Stepped): Line[] => {
  const { before, now } = stepped;
  const checks = now.checks.flatMap(
    (check) =>
      checkLine(
        before?.checks.find(({ id }) => id === check.id),
        check,
      ) ?? [],
  );
  const escalations = now.escalations.flatMap((one) =>
    escalationLines(
      before?.escalations.find(({ id }) => id === one.id),
      one,
    ).map((message): Line => ({ message, fields: { case: one.id } })),
  );
  const begun: Line[] = before ? [] : [{ message: 'conversation began', fields: {} }];
  return [...begun, ...eventLines(stepped), ...checks, ...escalations];
};

/** What an event is about, without what was said in it. */
const aboutOf = (event: Event): string | null => {
  if (event.type === 'pressed') return event.action;
  if (event.type === 'submitted') return event.form;
  return event.type === 'posted' || event.type === 'undelivered' ? (event.slot.split(':')[0] ?? null) : null;
};

export const keepJournal = (log: Log, stepped: Stepped): void => {
  const { now, event, effects } = stepped;
  const conversation = now.id;
  const done = [...new Set(effects.map(({ type }) => type))].join(' ');
  log.debug({ conversation, event: event.type, about: aboutOf(event), effects: done }, 'step');
  for (const { message, fields } of linesOf(stepped)) log.info({ conversation, ...fields }, message);
};
