/** What the message in the IT channel says besides the causes: who is called and who is late, who the rep is, what is watched. */
import type { Block } from '../../chat/view.ts';
import { loginCauses } from '../../conversation/check/causes.ts';
import type { Conversation, Escalation, Locale } from '../../conversation/state/conversation.ts';
import { threadOf } from '../../conversation/state/selectors.ts';
import { translator } from '../catalogue/catalogue.ts';

/** Somebody was reminded as often as that is done, and nothing has happened. */
export const isOverdue = ({ reminder }: Escalation): boolean =>
  reminder !== null && reminder.about !== null && reminder.isLast;

/** Where the case stands. While nobody has it, whoever the operator has named is called. */
export const stateBlocks = (
  escalation: Escalation,
  state: string,
  { rep, locale }: { rep: string; locale: Locale },
): Block[] => {
  const { state: of, claimedBy } = threadOf(escalation);
  const isFree = of === 'open' && claimedBy === null;
  const where: Block = { type: 'text', text: state, ...(isFree && { to: { type: 'it' } as const }) };
  if (!isOverdue(escalation) || escalation.reminder?.about == null) return [where];
  const late = translator(locale)(`views:root.overdue-${escalation.reminder.about}`, { rep });
  return [where, { type: 'text', text: late }];
};

type Rows = Extract<Block, { type: 'values' }>['rows'];

/**
 * The rep, whose name comes first, is shown as a member only once the message stands: a member in a new message is called
 * by it, and one who comes into it later is not. Whom a new case calls is the operator's choice.
 */
export const withMember = (
  [name, ...rest]: Rows,
  { messages, person }: Conversation,
  { id }: Escalation,
): Rows => {
  if (!name) return rest;
  return messages[`it-root:${id}`] ? [{ ...name, person }, ...rest] : [name, ...rest];
};

/** What looking again by ourselves has shown. */
export const watchBlocks = ({ watch }: Escalation, locale: Locale): Block[] => {
  const t = translator(locale);
  if (watch?.told === 'back') return [{ type: 'text', text: t('views:root.back') }];
  const isGone = watch?.told === 'gone' || watch?.told === 'gone-again';
  return isGone ? [{ type: 'text', text: t('views:root.gone') }] : [];
};

/** What will be looked at again, and what only a login would show. */
export const watchNotes = (conversation: Conversation, escalation: Escalation, locale: Locale): Block[] => {
  const t = translator(locale);
  const needsLogin = loginCauses(conversation, escalation).length > 0;
  return [
    ...(escalation.watch?.told === 'nothing' ? [t('views:root.watched')] : []),
    ...(needsLogin ? [t('views:root.not-watched')] : []),
  ].map((text) => ({ type: 'note', text }));
};
