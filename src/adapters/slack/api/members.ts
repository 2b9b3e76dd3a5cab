import { createFresh } from '../../../lib/fresh.ts';
import { times } from '../limits.ts';
import type { Web } from './sdk.ts';

/** More pages than this are not read: whoever is beyond is asked to try again. */
const mostPages = 50;

const read = async (channel: string, web: Web): Promise<Set<string>> => {
  const ids = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await web.now.conversations.members({
      channel,
      limit: 1000,
      ...(cursor ? { cursor } : {}),
    });
    for (const member of answer.members ?? []) ids.add(member);
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) break;
  }
  return ids;
};

/**
 * Whether somebody belongs to a channel. Who has left may act for some seconds more; who has just joined, at once. Rejects
 * when Slack does not say.
 */
export const createMembers = (channel: string, web: Web) => {
  const members = createFresh(times.membership, () => read(channel, web));
  return async (person: string): Promise<boolean> =>
    (members.known()?.has(person) ?? false) || (await members.renew()).has(person);
};
