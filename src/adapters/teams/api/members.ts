import { z } from 'zod';
import { createBoundedMap } from '../../../lib/bounded-map.ts';
import { createFresh, type Fresh } from '../../../lib/fresh.ts';
import { statusOf } from '../errors.ts';
import { limits } from '../limits.ts';
import { type ConnectorService, sameTenant } from './service.ts';

/** What somebody is in a channel. Guests may read there; they are not IT. */
export type Standing = 'member' | 'guest' | 'not-a-member';

/** Of what Teams tells; what it does not tell counts for nobody and against nobody. */
const memberSchema = z.object({ userRole: z.string().nullish(), tenantId: z.string().nullish() });
const ownRoles = ['user', 'member', 'owner'];

const standingOf = (told: unknown, service: ConnectorService): Standing => {
  const { userRole, tenantId } = memberSchema.parse(told);
  const isOwn = !userRole || ownRoles.includes(userRole.toLowerCase());
  return isOwn && sameTenant(tenantId || null, service.tenantId) ? 'member' : 'guest';
};

/** Looks up a member. Rejects with the SDK's errors. */
type Ask = (service: ConnectorService, channel: string, id: string) => Promise<unknown>;

/**
 * Whether somebody belongs to a channel, as Teams says it; believed for a moment, since IT clicks several times in a row.
 * Rejects when Teams does not say: whoever cannot be recognised is not let in.
 */
export const createMembers = (ask: Ask, now: () => number) => {
  const asked = createBoundedMap<string, Fresh<Standing>>(limits.members);

  const find = async (service: ConnectorService, channel: string, id: string): Promise<Standing> => {
    try {
      return standingOf(await ask(service, channel, id), service);
    } catch (error) {
      const status = statusOf(error);
      if (status === 404 || status === 403) return 'not-a-member';
      throw error;
    }
  };

  return async (service: ConnectorService, channel: string, id: string): Promise<Standing> => {
    const key = JSON.stringify([service, channel, id]);
    const standing = asked.get(key) ?? createFresh(limits.memberMs, () => find(service, channel, id), now);
    asked.set(key, standing);
    const told = await standing.get();
    // Whoever has just been added must not be turned away by what was true before.
    if (told !== 'member') asked.delete(key);
    return told;
  };
};
export type Members = ReturnType<typeof createMembers>;
