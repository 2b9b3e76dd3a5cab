import type { Block, Mentioned } from '../../../chat/view.ts';
import { platform } from '../api/refs.ts';
import type { MentionEntity } from './elements.ts';

/** Who is called by a new case: a person, or everybody who wears a tag of the team. */
export type ItMention = { id: string; name: string };

/** Object ids and Teams' own ids of people; any other id is that of a tag. */
const isPersonal = (id: string): boolean => /^(?:29:|[\da-f]{8}-)/iu.test(id);

/** Signs that would end the mark, or be read as Markdown, on its way to a card. */
const read = /[<>&\\`*_[\]~|#]/gu;

const entity = ({ id, name }: ItMention): MentionEntity => {
  const shown = name.replaceAll(read, ' ').replaceAll(/\s+/gu, ' ').trim() || '?';
  return {
    type: 'mention',
    text: `<at>${shown}</at>`,
    mentioned: { id, name: shown, ...(isPersonal(id) ? {} : { type: 'tag' as const }) },
  };
};

/** Null: nobody here is called. Teams calls whoever is mentioned when a message is posted, not when it is changed. */
export const mentionOf = (to: Mentioned | undefined, it: ItMention | null): MentionEntity | null => {
  if (to?.type === 'it') return it && entity(it);
  const isOurs = to?.person.platform === platform && to.person.id !== '';
  return isOurs ? entity(to.person) : null;
};

/** What a card must name besides its words. */
export const mentionsIn = (blocks: readonly Block[], it: ItMention | null): MentionEntity[] =>
  blocks.flatMap((block) => (block.type === 'text' ? (mentionOf(block.to, it) ?? []) : []));

/** Whether it says who is to be called for IT, so that the name has to be known. */
export const callsIt = (blocks: readonly Block[]): boolean =>
  blocks.some((block) => block.type === 'text' && block.to?.type === 'it');
