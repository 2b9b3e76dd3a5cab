import { z } from 'zod';
import type { Identity } from './identity.ts';

const id = z.string().min(1).nullish().catch(null);
const named = z.object({ id }).nullish().catch(null);
const person = z.object({ team_id: id }).nullish().catch(null);

/**
 * Where a request comes from, in the words of each kind: commands have `team_id`; clicks and modals `team` and
 * `enterprise`; events `authorizations`, which name an installation of ours that may see it, and in a channel shared with
 * another company also its team. `team` is null where the app is installed for a whole organisation.
 */
const origin = z.object({
  team_id: id,
  enterprise_id: id,
  context_team_id: id,
  context_enterprise_id: id,
  team: named,
  enterprise: named,
  authorizations: z
    .array(z.object({ team_id: id, enterprise_id: id }))
    .nullish()
    .catch(null),
  user: person,
  event: z.object({ user_team: id, source_team: id, team: id }).nullish().catch(null),
});

const present = (...ids: readonly (string | null | undefined)[]): string[] => ids.flatMap((one) => one ?? []);

/** Whether a team is ours: our workspace, or in an organisation its id, which stands in for all of its workspaces. */
export const isOurTeam = (team: string, own: Identity): boolean =>
  team === own.teamId || team === own.enterpriseId;

/**
 * Whether Slack sends this for another company's sake: to an installation of the app that is not ours, or for a person of
 * another workspace who shares a channel with us. In an organisation people come from any of its workspaces, and who is
 * one of it is known from their profile only. What names no team is let through: nothing says that it is foreign.
 */
export const isForeign = (body: unknown, own: Identity): boolean => {
  const { data } = origin.safeParse(body);
  if (!data || own.teamId === undefined) return false;
  const granted = data.authorizations ?? [];
  const places = [
    ...present(data.team_id, data.context_team_id, data.team?.id),
    ...present(data.enterprise_id, data.context_enterprise_id, data.enterprise?.id),
    ...granted.flatMap(({ team_id, enterprise_id }) => present(team_id, enterprise_id)),
  ];
  if (places.length > 0 && !places.some((place) => isOurTeam(place, own))) return true;
  if (own.enterpriseId !== undefined) return false;
  const { event, user } = data;
  const home = user?.team_id ?? event?.user_team ?? event?.source_team ?? event?.team;
  return home !== undefined && home !== null && !isOurTeam(home, own);
};
