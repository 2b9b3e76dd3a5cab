import type { OnRefused } from '../../../chat/refusals.ts';
import { type Locale, localeOf } from '../../../language.ts';
import { rejectAfter } from '../../../lib/timeout.ts';
import type { ItChannel } from '../api/it-channel.ts';
import type { Members } from '../api/members.ts';
import type { Known, People } from '../api/people.ts';
import { platform } from '../api/refs.ts';
import { limits } from '../limits.ts';
import type { TeamsTexts } from '../texts.ts';
import { type Activity, type Arrived, isPersonal, serviceOf, threadIn } from './parse.ts';

/** One activity, and all that is known around it. */
export type ActivityTurn = {
  activity: Activity;
  known: Known;
  personal: boolean;
  inItChannel: boolean;
  /** Done in the IT channel by somebody who is not one of its members. */
  isOutsider: boolean;
  lines: TeamsTexts;
};

export type AroundParts = {
  people: People;
  itChannel: ItChannel;
  members: Members;
  texts: (locale: Locale) => TeamsTexts;
  locales: { default: Locale; it: Locale };
  onRefused: OnRefused;
};

const unknown = (): Error => new Error('Teams does not tell who is a member');

/** What is done by a person; all else is told of by Teams. */
const isDone = ({ type }: Arrived): boolean => type === 'said' || type === 'pressed' || type === 'submitted';

/** Finds out where something happened and who did it. Rejects when Teams or the store does not say. */
export const createAround = (parts: AroundParts) => {
  const { people, itChannel, members, locales, onRefused } = parts;

  const isOutsider = async (activity: Activity, channel: string): Promise<boolean> => {
    const service = (await itChannel.serviceOf(channel)) ?? serviceOf(activity);
    const standing = await rejectAfter(limits.lookUpMs, members(service, channel, activity.from.id), unknown);
    if (standing === 'member') return false;
    onRefused(platform, standing);
    return true;
  };

  return async (activity: Activity, arrived: Arrived): Promise<ActivityTurn> => {
    const service = serviceOf(activity);
    const personal = isPersonal(activity);
    const { channel } = threadIn(activity);
    if (!personal) await itChannel.meet(channel, service);
    const known = await people.meet(activity.from.id, {
      name: activity.from.name ?? '',
      chat: personal ? activity.conversation.id : null,
      locale: activity.locale ?? null,
      service,
    });
    const isIt = !personal && channel === itChannel.id() && (await itChannel.takes(service));
    const own = localeOf(known.spoken) ?? localeOf(known.locale) ?? locales.default;
    return {
      activity,
      known,
      personal,
      inItChannel: isIt,
      isOutsider: isIt && isDone(arrived) && (await isOutsider(activity, channel)),
      lines: parts.texts(isIt ? locales.it : own),
    };
  };
};
