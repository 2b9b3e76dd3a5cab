/** Conversations that nobody can read: found by reading them all, a few at a time. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { conversationVersion } from '../../../conversation/state/conversation.ts';
import type { Upkeep } from '../../ports.ts';
import { read } from '../conversations.ts';
import type { Tables } from '../schema.ts';

/** So many are read at once, and then everybody else has so many milliseconds. */
const reading = { atOnce: 20, pauseMs: 10 };

const isReadable = (row: Parameters<typeof read>[0]): boolean => {
  try {
    read(row);
    return true;
  } catch {
    return false;
  }
};

/** `counts`: what is counted without them. */
export const createSurvey = (
  db: Kysely<Tables>,
  counts: Upkeep['counts'],
): Pick<Upkeep, 'counts' | 'findDamaged'> => {
  let damaged = 0;
  return {
    async counts(now) {
      const counted = await counts(now);
      return { ...counted, unreadable: counted.unreadable + damaged };
    },

    async findDamaged(signal) {
      const found: string[] = [];
      for (let after = ''; ; await pause(reading.pauseMs, undefined, { signal })) {
        const rows = await db
          .selectFrom('conversations')
          .selectAll()
          .where('id', '>', after)
          .where('version', '<=', conversationVersion)
          .orderBy('id')
          .limit(reading.atOnce)
          .execute();
        found.push(...rows.filter((row) => !isReadable(row)).map(({ id }) => id));
        const last = rows.at(-1);
        if (last === undefined || rows.length < reading.atOnce) break;
        after = last.id;
      }
      damaged = found.length;
      return found;
    },
  };
};
