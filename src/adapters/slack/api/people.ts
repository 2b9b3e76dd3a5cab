import { z } from 'zod';
import { cleanedName } from '../../../chat/cleaned.ts';
import { DeliveryError, type Person, type Profile } from '../../../chat/port.ts';
import { createBoundedMap } from '../../../lib/bounded-map.ts';
import { times } from '../limits.ts';
import type { Identity } from './identity.ts';
import { isOurTeam } from './origin.ts';
import { platform } from './refs.ts';
import type { Web } from './sdk.ts';

const flag = z.boolean().optional().catch(undefined);

/** Of users.info; the address is there only with the scope users:read.email. */
const user = z.object({
  team_id: z.string().optional().catch(undefined),
  is_restricted: flag,
  is_ultra_restricted: flag,
  is_stranger: flag,
  enterprise_user: z
    .object({ enterprise_id: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  name: z.string().catch(''),
  real_name: z.string().optional().catch(undefined),
  locale: z.string().nullish().catch(null),
  tz: z.string().nullish().catch(null),
  profile: z
    .object({
      real_name: z.string().optional(),
      display_name: z.string().optional(),
      email: z.string().optional(),
    })
    .catch({}),
});

const profileOf = (value: unknown): Profile => {
  const { name, real_name, locale, tz, profile } = user.parse(value);
  return {
    name: cleanedName(profile.real_name || real_name || profile.display_name || name),
    locale: locale ?? null,
    address: profile.email ?? null,
    timeZone: tz ?? null,
  };
};

/** A guest of our workspace, somebody of another company (both may be in our channels), or one of us. */
export type Standing = 'member' | 'guest' | 'foreign';

/** In an organisation whoever has a place in it is one of us, from whatever workspace of it. */
const standingOf = (value: unknown, own: Identity): Standing => {
  const { team_id: team, enterprise_user: inOrganisation, ...flags } = user.parse(value);
  const isOurs =
    team === undefined ||
    own.teamId === undefined ||
    isOurTeam(team, own) ||
    (own.enterpriseId !== undefined && inOrganisation?.enterprise_id === own.enterpriseId);
  if (flags.is_stranger || !isOurs) return 'foreign';
  return flags.is_restricted || flags.is_ultra_restricted ? 'guest' : 'member';
};

/** What comes with everything that a person does; `handle` is the name that the request itself carries. */
export type From = {
  person: Person;
  platformLocale: string | null;
  profileAddress: string | null;
  timeZone: string | null;
  later: Promise<Profile | null> | null;
};

type Known = { at: number; profile: Profile; standing(own: Identity): Standing };
/** People remembered. */
const mostPeople = 5000;

/** Whom we talk to, and where. Only in memory: Slack can be asked again at any time. */
export const createPeople = (web: Web, onError: (error: unknown) => void) => {
  const known = createBoundedMap<string, Known>(mostPeople);
  const asking = new Map<string, Promise<Profile | null>>();
  const directMessages = createBoundedMap<string, string>(mostPeople);

  const ask = (id: string): Promise<Profile | null> => {
    const underWay = asking.get(id);
    if (underWay) return underWay;
    const answer = web.now.users
      .info({ user: id, include_locale: true })
      .then((response) => {
        const profile = profileOf(response.user);
        known.set(id, {
          at: performance.now(),
          profile,
          standing: (own) => standingOf(response.user, own),
        });
        return profile;
      })
      .catch((error: unknown) => {
        onError(error);
        return null;
      })
      .finally(() => asking.delete(id));
    asking.set(id, answer);
    return answer;
  };

  const filled = (id: string, handle: string, profile: Profile | null): Omit<From, 'later'> => ({
    person: { platform, id, name: profile?.name || cleanedName(handle) || id },
    platformLocale: profile?.locale ?? null,
    profileAddress: profile?.address ?? null,
    timeZone: profile?.timeZone ?? null,
  });

  /** What is known of a person now; an old answer is used and renewed beside. */
  const from = (id: string, handle: string): From => {
    const found = known.get(id);
    if (!found) return { ...filled(id, handle, null), later: ask(id) };
    if (performance.now() - found.at > times.profile) void ask(id);
    return { ...filled(id, handle, found.profile), later: null };
  };

  return {
    from,
    /** The same, but waits for the profile, because the name is about to be shown to others. */
    named: async (id: string, handle: string): Promise<From> => {
      const now = from(id, handle);
      return now.later ? { ...filled(id, handle, await now.later), later: null } : now;
    },
    /** What somebody is to us, once Slack has told of her; null: it has not. */
    standing: (id: string, own: Identity): Standing | null => known.get(id)?.standing(own) ?? null,
    localeOf: (id: string): string | null => known.get(id)?.profile.locale ?? null,
    /** The channel of somebody's direct messages with the bot. @throws DeliveryError */
    channelOf: async (person: Person): Promise<string> => {
      if (person.platform !== platform)
        throw new DeliveryError('person-gone', `${person.platform} people are not on Slack`);
      const open = directMessages.get(person.id);
      if (open !== undefined) return open;
      const { channel } = await web.deliver({ method: 'conversations.open', channel: null }, (slack) =>
        slack.conversations.open({ users: person.id }),
      );
      if (!channel?.id) throw new DeliveryError('rejected', 'conversations.open: no channel in the answer');
      directMessages.set(person.id, channel.id);
      return channel.id;
    },
    forgetChannel: (id: string): void => {
      directMessages.delete(id);
    },
  };
};
export type People = ReturnType<typeof createPeople>;
