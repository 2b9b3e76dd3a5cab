import { z } from 'zod';
import type { AdapterMemory } from '../../../chat/port.ts';
import { type ChannelEnd, type ChannelLife, createChannelLife } from './channel/life.ts';
import { type ChannelServices, createChannelServices } from './channel/services.ts';
import type { Serves } from './origin.ts';
import { type ConnectorService, sameTenant } from './service.ts';

const learnt = z.object({
  id: z.string(),
  team: z.string().nullable(),
  /** By whoever installed the bot; otherwise it is where the bot was met. */
  chosen: z.boolean().default(false),
});

/** What an event of Teams names: a channel, the team that it is of, or both. */
type Named = { channel: string; team: string | null };

type Installation = { id: string; team: string | null; chosen: boolean; service: ConnectorService };

/** The IT channel: the one that is set, else the first team channel that the bot was installed in. */
export type ItChannel = {
  id(): string | null;
  /** How a channel is reached: as its own people have shown, never as somebody elsewhere did. Null: nobody has yet. */
  serviceOf(channel: string): Promise<ConnectorService | null>;
  /** Whether cases of whoever is reached through this service may go there: none leaves its tenant. */
  takes(of: ConnectorService): Promise<boolean>;
  /** Whether somebody has shown how it is reached. */
  isMet(channel: string): Promise<boolean>;
  /** Something was said or done in a channel. */
  meet(named: Named, service: ConnectorService): Promise<void>;
  /** Whether the bot has thereby come into the IT channel. */
  install(installation: Installation): Promise<boolean>;
  remove(named: Named): Promise<void>;
  /** A channel or a whole team has gone, or is back. `goesOn`: whether that speaks of the IT channel. */
  end(named: Named, end: ChannelEnd): Promise<void>;
  goesOn(named: Named): Promise<boolean>;
  /** Why nothing can be posted in the IT channel, as far as Teams has told; null: nothing is known to be in the way. */
  ended(): Promise<ChannelEnd | null>;
  /** Something has been posted there. */
  reached(): Promise<void>;
};

/** Which channel it is. */
const openChoice = async (memory: AdapterMemory, set: string | null) => {
  const kept = learnt.nullable().safeParse(await memory.get('it-channel'));
  let channel = kept.success ? kept.data : null;
  return {
    isSet: set !== null,
    candidate: (): string | null => set ?? channel?.id ?? null,
    learnt: () => channel,
    learn: async (next: z.infer<typeof learnt> | null): Promise<void> => {
      await memory.put('it-channel', next);
      channel = next;
    },
  };
};
type Around = {
  choice: Awaited<ReturnType<typeof openChoice>>;
  services: ChannelServices;
  life: ChannelLife;
  id(): string | null;
};

/** Whether it is still there, as Teams tells. */
const createCourse = ({ choice, life }: Around) => {
  /** The first channel of a team bears the team's own id. */
  const isIt = async ({ channel, team }: Named): Promise<boolean> => {
    const it = choice.candidate();
    if (it === null) return false;
    if (channel === it || team === it) return true;
    const known = choice.learnt();
    const ofLearnt = known?.id === it ? known.team : null;
    return team !== null && (team === ofLearnt || team === (await life.of(it)).team);
  };
  const goesOn: ItChannel['goesOn'] = async (named) => {
    const it = choice.candidate();
    if (it === null || !(await isIt(named))) return false;
    // That its team is there says nothing of a channel that was deleted.
    if (named.channel !== it && (await life.of(it)).end === 'channel-deleted') return false;
    await life.goesOn(it);
    return true;
  };
  return {
    isIt,
    goesOn,
    ended: async () => {
      const it = choice.candidate();
      return it === null ? null : (await life.of(it)).end;
    },
    end: async (named: Named, end: ChannelEnd) => {
      const it = choice.candidate();
      // A channel that is deleted takes no other one of its team with it.
      const about = end === 'channel-deleted' ? { ...named, team: null } : named;
      if (it !== null && (await isIt(about))) await life.end(it, end);
    },
    reached: async () => {
      const it = choice.candidate();
      if (it !== null) await life.goesOn(it);
    },
  };
};
type Course = ReturnType<typeof createCourse>;

/** The bot is added to a team or taken out of one. */
const createInstallations = ({ choice, services, life, id }: Around, course: Course) => ({
  install: async ({ service, ...next }: Installation): Promise<boolean> => {
    const before = await services.find(next.id);
    if (before && !sameTenant(before.tenantId, service.tenantId)) return false;
    await services.keep(next.id, service);
    const known = choice.learnt();
    // Teams tells of one installation twice, and only once with the channel that was chosen.
    const isSaidBetter = next.chosen && !known?.chosen && known?.team === next.team && next.team !== null;
    const isGone = !choice.isSet && (await course.ended()) !== null;
    if (known === null || id() === null || isGone || isSaidBetter) await choice.learn(next);
    const isIt = await course.goesOn({ channel: next.id, team: next.team });
    if (isIt && next.id === choice.candidate()) await life.belongs(next.id, next.team);
    return isIt;
  },
  remove: async (named: Named): Promise<void> => {
    if (!(await course.isIt(named))) return;
    if (choice.isSet) await course.end(named, 'removed');
    await choice.learn(null);
  },
});

/**
 * The first installation stays until it is removed: whoever may add apps to some other team must not thereby read what
 * reps hand over. One that was learnt without its tenant, as earlier versions did, counts from the moment at which
 * somebody of ours is met in it. One that is gone is kept too, since it may come back, and gives way to the next installation.
 */
export const openItChannel = async (
  memory: AdapterMemory,
  set: string | null,
  serves: Serves,
): Promise<ItChannel> => {
  const services = createChannelServices(memory, serves);
  const choice = await openChoice(memory, set);
  const life = createChannelLife(memory);
  const isOneTenant = serves.tenant !== null || serves.local;
  const id = (): string | null => {
    const one = choice.candidate();
    return set !== null || serves.local || (one !== null && services.isKnown(one)) ? one : null;
  };
  const around = { choice, services, life, id };
  const course = createCourse(around);

  const first = choice.candidate();
  if (first !== null && !(await services.find(first)) && serves.tenant !== null) {
    const door = await services.ofEarlierVersion();
    if (door) services.assume(first, door);
  }
  return {
    id,
    ...course,
    ...createInstallations(around, course),
    isMet: async (at) => (await services.find(at)) !== null,
    serviceOf: async (at) => (await services.find(at)) ?? (isOneTenant ? services.ofEarlierVersion() : null),
    takes: async (of) => {
      const at = id();
      if (at === null || !serves.isOurs(of)) return false;
      if (serves.tenant !== null) return true;
      const there = await services.find(at);
      return there ? sameTenant(there.tenantId, of.tenantId) : serves.local;
    },
    meet: async ({ channel, team }, service) => {
      if (channel !== choice.candidate()) return;
      if (!(await services.find(channel))) await services.keep(channel, service);
      await life.belongs(channel, team);
    },
  };
};
