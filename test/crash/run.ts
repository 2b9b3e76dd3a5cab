/** Journeys on one database while processes of the bot are killed at random moments. */
import { setTimeout as pause } from 'node:timers/promises';
import { openAt } from '../store/open-at.ts';
import { walk } from './journey.ts';
import { startPlatform } from './platform.ts';
import { type Verdict, verify } from './verify.ts';

export type Crashes = { kills: number; processes: number; atOnce: number };

const settleMs = 20_000;

/** People begin as long as there are kills left; then all that began is brought to its end and looked at. */
export const runCrashes = async (
  address: string,
  { kills, processes, atOnce }: Crashes,
): Promise<Verdict & { journeys: number }> => {
  const store = await openAt(address);
  const platform = startPlatform(address, processes);
  const people: string[] = [];
  let left = kills;
  const person = async (): Promise<void> => {
    do {
      const id = `P${people.length + 1}`;
      people.push(id);
      await walk(platform, { platform: 'recording', id, name: `Anna ${id} Vogt` });
    } while (left > 0);
  };
  const reaper = async (): Promise<void> => {
    for (; left > 0; left -= 1) await platform.kill();
  };
  try {
    await Promise.all([reaper(), ...Array.from({ length: atOnce }, person)]);
    const end = Date.now() + settleMs;
    // Looks at open cases are planned for much later, and nobody waits for them.
    const isBusy = async (now = Date.now()) =>
      ((await store.nextDue(now)) ?? Number.POSITIVE_INFINITY) < now + 60_000;
    while ((await isBusy()) && Date.now() < end) await pause(50);
    return { ...(await verify(platform, store, people)), journeys: people.length };
  } finally {
    await platform.stop();
    await store.close();
  }
};
