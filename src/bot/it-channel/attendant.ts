import { z } from 'zod';
import { DeliveryError, type HearOfChannel } from '../../chat/port.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Health } from '../health.ts';
import type { Log } from '../ports.ts';
import { createHandOverKept, type KeptCasesParts } from './kept-cases.ts';
import { createMoveLost } from './lost-threads.ts';

export type AttendantParts = KeptCasesParts & {
  wording: Wording;
  health: Health;
  log: Log;
  /** There may be jobs to run. */
  nudge(): void;
};

/** In milliseconds: between two tries, and how long one of them has the news for itself. */
const againMs = 20_000;
/** After this time a card that could not be posted is let go. */
const patienceMs = 15 * 60_000;

/** `at`: when it was heard; `dueAt`: when all of it has been said; `tried`: the card may stand there already. */
const newsSchema = z.object({
  what: z.enum(['came', 'back']),
  at: z.number(),
  dueAt: z.number(),
  tried: z.boolean(),
});
type News = z.infer<typeof newsSchema>;

/** Whether the card that says so stands there; false: another try may help. */
const createTell = ({ store, adapters, wording, health, log }: AttendantParts) => {
  const memory = store.memory('it-channel-news');
  return async (platform: string, news: News, now: number): Promise<boolean> => {
    const { at, tried: mayBeRepeat } = news;
    await memory.put(platform, { ...news, tried: true });
    try {
      const delivery = { key: `it-channel/${platform}/${at}`, mayBeRepeat };
      await adapters.byPlatform(platform)?.post({ type: 'it-channel' }, wording.channelCard(), delivery);
      await health.note(platform, true);
      return true;
    } catch (error) {
      log.warn({ platform, code: codeOf(error) }, 'the IT channel was not told that cases arrive there');
      const isPassing = error instanceof DeliveryError && error.code === 'temporary';
      return !isPassing || now - at > patienceMs;
    }
  };
};

/** What has to come to where IT is now. */
const createBringCases = (parts: AttendantParts) => {
  const { log, nudge } = parts;
  const moveLost = createMoveLost(parts);
  const handOverKept = createHandOverKept(parts);
  return {
    bringLost: async (): Promise<void> => {
      const count = await moveLost();
      if (count > 0) log.info({ cases: count }, 'open cases move to the IT channel');
      nudge();
    },
    bringKept: async (platform: string): Promise<void> => {
      const count = await handOverKept(platform);
      if (count > 0) log.info({ platform, cases: count }, 'kept cases are handed over');
      nudge();
    },
  };
};

/**
 * Looks after a platform's IT channel: when it can be used from now on, its people read that cases arrive there, and what
 * was kept goes out at once. What was heard is kept until it is done, so that it outlives this process.
 */
export const createAttendant = (parts: AttendantParts) => {
  const { store, clock, log } = parts;
  const memory = store.memory('it-channel-news');
  const tell = createTell(parts);
  const { bringLost, bringKept } = createBringCases(parts);
  const timers = new Set<NodeJS.Timeout>();
  let isOver = false;

  const attend = async (platform: string, news: News): Promise<void> => {
    const now = clock.now();
    if (now < news.dueAt) return lookAgainIn(news.dueAt - now);
    if (!(await store.once(`it-channel-news/${platform}/${news.at}`, now + againMs)))
      return lookAgainIn(againMs);
    // Those who wait for IT come before those who are told that somebody may.
    await bringLost();
    await bringKept(platform);
    const isDone = news.what === 'back' || (await tell(platform, news, now));
    const kept = newsSchema.nullable().safeParse(await memory.get(platform)).data;
    if (isDone && kept?.at === news.at) await memory.put(platform, null);
    else lookAgainIn(againMs);
  };

  const look = async (): Promise<void> => {
    for (const { key, value } of await memory.list('')) {
      const news = newsSchema.safeParse(value).data;
      if (news) await attend(key, news);
    }
  };

  const lookAgainIn = (ms: number): void => {
    if (isOver) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      look().catch((error: unknown) => {
        log.warn({ code: codeOf(error) }, 'the IT channel could not be looked after');
        lookAgainIn(againMs);
      });
    }, ms);
    timers.add(timer);
  };

  return {
    hear: (async ({ platform, what, afterMs }) => {
      const at = clock.now();
      const before = newsSchema.nullable().safeParse(await memory.get(platform)).data;
      // Whoever has not been told yet is told once.
      const all = before?.what === 'came' ? 'came' : what;
      await memory.put(platform, { what: all, at, dueAt: at + afterMs, tried: false } satisfies News);
      lookAgainIn(afterMs);
    }) satisfies HearOfChannel,
    /** The setting that names the channel may have changed meanwhile. */
    start: (): void => {
      lookAgainIn(0);
      bringLost().catch((error: unknown) => {
        log.warn({ code: codeOf(error) }, 'the IT channel could not be looked after');
      });
    },
    stop: (): void => {
      isOver = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
};
