/** Whom a case concerns and where it stands, for IT: who is called, who is late, and who the rep is. */
import type { Block } from '../../chat/view.ts';
import type { Conversation, Escalation, Locale } from '../../conversation/state/conversation.ts';
import { peopleOf, threadOf } from '../../conversation/state/selectors.ts';
import { translator } from '../catalogue/catalogue.ts';
import { nameInWords } from '../catalogue/names.ts';

type Several = { names: string[]; isSeveral: boolean };

/** Whom the case concerns, and whether these have ever been several. Only IT reads this: reps never see each other. */
export const concerned = ({ person }: Conversation, escalation: Escalation): Several => {
  const names = peopleOf(escalation).map(({ id, platform, name }) =>
    id === person.id && platform === person.platform ? person.name : name,
  );
  return {
    names: names.length > 0 ? names : [person.name],
    isSeveral: threadOf(escalation).members.length > 1,
  };
};

/** Where a case stands, in one sentence for IT. */
export const stateInWords = (conversation: Conversation, escalation: Escalation, locale: Locale): string => {
  const t = translator(locale);
  const { state, claimedBy, resolvedBy, members } = threadOf(escalation);
  const { names, isSeveral } = concerned(conversation, escalation);
  const [rep = ''] = names;
  const name = nameInWords(resolvedBy, locale);
  const claimed = claimedBy ? t('views:root.claimed', { name: claimedBy.name }) : '';
  switch (state) {
    case 'open':
      return t('views:root.open');
    case 'claimed':
      return claimed;
    case 'waiting-for-rep': {
      const asked = members.filter((one) => one.state === 'waiting').map(({ person }) => person.name);
      const waiting = t('views:root.waiting', { rep: asked.length > 0 ? asked : rep });
      return claimed === '' ? waiting : `${claimed} ${waiting}`;
    }
    case 'resolved':
      return t(isSeveral ? 'views:root.resolved-several' : 'views:root.resolved', { name, rep });
    case 'withdrawn':
      return t(isSeveral ? 'views:root.withdrawn-several' : 'views:root.withdrawn', { rep });
    default:
      return state satisfies never;
  }
};

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
