import type { OnRefused, RefusalReason } from '../../../chat/refusals.ts';
import type { BotIdentity } from '../api/identity.ts';
import type { ItChannel } from '../api/it-channel.ts';
import { isForeign } from '../api/origin.ts';
import type { People } from '../api/people.ts';
import { platform } from '../api/refs.ts';
import type { SlackTexts } from '../texts.ts';

type Parts = { identity: BotIdentity; people: People; itChannel: ItChannel; onRefused: OnRefused };

/** Who is let in, and who may act for IT; whoever is not is counted. All reject when Slack does not say. */
export const createAdmission = ({ identity, people, itChannel, onRefused }: Parts) => {
  const obstacle = async (person: string): Promise<RefusalReason | null> => {
    const [isMember, own] = await Promise.all([
      itChannel.hasMember(person),
      identity.get(),
      // So that Slack has told who she is.
      people.named(person, ''),
    ]);
    if (!isMember) return 'not-a-member';
    const standing = people.standing(person, own);
    if (standing === null) throw new Error('expected Slack to tell who somebody in the IT channel is');
    if (standing === 'member') return null;
    return standing === 'guest' ? 'guest' : 'foreign-team';
  };

  return {
    /** As below, of somebody who only asks; nobody is counted. */
    isOfIt: async (person: string): Promise<boolean> => (await obstacle(person)) === null,
    /** Whether what Slack sends is meant for this installation. */
    isOurs: async (body: unknown): Promise<boolean> => {
      if (!isForeign(body, await identity.get())) return true;
      onRefused(platform, 'foreign-team');
      return false;
    },
    /**
     * What to say to somebody who may not act for IT: membership of the channel is the permission, and guests and people
     * of other companies do not have it, although they may be in the channel. Null: she may.
     */
    refusalForIt: async (person: string): Promise<keyof SlackTexts | null> => {
      const reason = await obstacle(person);
      if (reason === null) return null;
      onRefused(platform, reason);
      return reason === 'not-a-member' ? 'members-only' : 'no-guests';
    },
  };
};
export type Admission = ReturnType<typeof createAdmission>;
