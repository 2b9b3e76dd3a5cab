import type { OnRefused } from '../../../chat/refusals.ts';
import { rejectAfter } from '../../../lib/timeout.ts';
import type { ItChannel } from '../api/it-channel.ts';
import type { Members } from '../api/members.ts';
import type { People } from '../api/people.ts';
import { platform } from '../api/refs.ts';
import { limits } from '../limits.ts';
import { type Activity, type Arrived, serviceOf } from './parse.ts';

type Parts = { itChannel: ItChannel; members: Members; people: Pick<People, 'find'>; onRefused: OnRefused };

const unknown = (): Error => new Error('Teams does not tell who is a member');

/** What is done by a person; all else is told of by Teams. */
const isDone = ({ type }: Arrived): boolean => type === 'said' || type === 'pressed' || type === 'submitted';

/** Who may act for IT; whoever may not is counted. Rejects when Teams or the store does not say. */
export const createAdmission = ({ itChannel, members, people, onRefused }: Parts) => ({
  /** Whether somebody belongs to the IT channel, wherever she asks; nobody is counted. */
  isOfIt: async (id: string): Promise<boolean> => {
    const channel = itChannel.id();
    const person = channel === null ? null : await people.find(id);
    if (channel === null || !person || !(await itChannel.takes(person.service))) return false;
    const service = (await itChannel.serviceOf(channel)) ?? person.service;
    return (await rejectAfter(limits.lookUpMs, members(service, channel, id), unknown)) === 'member';
  },
  /** Whether this was done in the IT channel by somebody who is not one of its members. */
  isOutsider: async (activity: Activity, arrived: Arrived, channel: string): Promise<boolean> => {
    if (!isDone(arrived)) return false;
    const service = (await itChannel.serviceOf(channel)) ?? serviceOf(activity);
    const standing = await rejectAfter(limits.lookUpMs, members(service, channel, activity.from.id), unknown);
    if (standing === 'member') return false;
    onRefused(platform, standing);
    return true;
  },
});
export type Admission = ReturnType<typeof createAdmission>;
