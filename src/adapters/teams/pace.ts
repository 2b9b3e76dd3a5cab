import { setTimeout as sleep } from 'node:timers/promises';

type Rate = readonly { count: number; ms: number }[];

/** Waits until one more message to this conversation is within every rate. */
export const createPace = (rate: Rate, now: () => number) => {
  const sent = new Map<string, number[]>();
  const longest = Math.max(...rate.map(({ ms }) => ms));

  const forgetOld = (): void => {
    for (const [key, times] of sent) if ((times.at(-1) ?? 0) < now() - longest) sent.delete(key);
  };

  return async (key: string): Promise<void> => {
    if (sent.size > 1000) forgetOld();
    const times = (sent.get(key) ?? []).filter((time) => time > now() - longest);
    const earliest = rate.map(({ count, ms }) => (times.at(-count) ?? Number.NEGATIVE_INFINITY) + ms);
    const turn = Math.max(now(), ...earliest);
    // Taken before waiting, so that those who come meanwhile queue up behind.
    sent.set(key, [...times, turn]);
    if (turn > now()) await sleep(turn - now());
  };
};
