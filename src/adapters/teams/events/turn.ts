import { type Locale, localeOf } from '../../../language.ts';
import type { ItChannel } from '../api/it-channel.ts';
import type { Known, People } from '../api/people.ts';
import type { TeamsTexts } from '../texts.ts';
import type { Admission } from './admission.ts';
import {
  type Activity,
  type Arrived,
  channelNamed,
  isFromExtension,
  isPersonal,
  serviceOf,
  threadIn,
} from './parse.ts';

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
  admission: Admission;
  texts: (locale: Locale) => TeamsTexts;
  locales: { default: Locale; it: Locale };
};

/** Finds out where something happened and who did it. Rejects when Teams or the store does not say. */
export const createAround = (parts: AroundParts) => {
  const { people, itChannel, admission, locales } = parts;

  return async (activity: Activity, arrived: Arrived): Promise<ActivityTurn> => {
    const service = serviceOf(activity);
    const isElsewhere = isFromExtension(activity);
    const personal = !isElsewhere && isPersonal(activity);
    const { channel } = threadIn(activity);
    if (!personal && !isElsewhere) await itChannel.meet({ ...channelNamed(activity), channel }, service);
    const known = await people.meet(activity.from.id, {
      name: activity.from.name ?? '',
      chat: personal ? activity.conversation.id : null,
      locale: activity.locale ?? null,
      service,
    });
    const isIt = !personal && !isElsewhere && channel === itChannel.id() && (await itChannel.takes(service));
    const own = localeOf(known.spoken) ?? localeOf(known.locale) ?? locales.default;
    return {
      activity,
      known,
      personal,
      inItChannel: isIt,
      isOutsider: isIt && (await admission.isOutsider(activity, arrived, channel)),
      lines: parts.texts(isIt ? locales.it : own),
    };
  };
};
