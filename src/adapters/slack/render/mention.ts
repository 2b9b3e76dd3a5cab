import type { types } from '@slack/bolt';
import type { Person } from '../../../chat/person.ts';
import type { Mentioned } from '../../../chat/view.ts';
import { platform } from '../api/refs.ts';
import type { Mention } from './rich.ts';

/** A member of ours; null: she is of another platform, or has been forgotten. */
export const memberMention = ({ platform: of, id }: Person): types.RichTextUserMention | null =>
  of === platform && id !== '' ? { type: 'user', user_id: id } : null;

/**
 * Slack tells whoever is mentioned in a message that is posted, and nobody when a mention comes into one by an update.
 * `it`: the id of the group (S…) or person that is called by a new case; null: nobody. A group needs no scope for that.
 */
export const mentionOf = (to: Mentioned | undefined, it: string | null): Mention | null => {
  if (!to) return null;
  if (to.type === 'person') return memberMention(to.person);
  if (it === null) return null;
  return it.startsWith('S') ? { type: 'usergroup', usergroup_id: it } : { type: 'user', user_id: it };
};
