import { type Found, found } from './examination.ts';

/** In milliseconds. */
const patience = 5_000;
/**
 * In seconds. A chat platform's requests carry the time: the adapters refuse what is about five minutes old, so that
 * nobody can repeat it, and what comes a minute from the future. A header tells whole seconds only.
 */
const tolerated = { small: 20, ahead: 240, behind: 50 };

/** How far this machine's clock is ahead, in seconds; null: nobody has answered. */
const aheadOf = async (url: string): Promise<number | null> => {
  const began = Date.now();
  try {
    const { headers } = await fetch(url, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    });
    const there = Date.parse(headers.get('date') ?? '');
    const here = (began + Date.now()) / 2;
    return Number.isNaN(there) ? null : Math.round((here - there) / 1000);
  } catch {
    return null;
  }
};

/** This machine's clock against those of the chat platforms; without any there is nothing to say. */
export const examineClock = async (sites: readonly string[]): Promise<Found[]> => {
  if (sites.length === 0) return [];
  const told = await Promise.all(
    sites.map(async (site) => ({ host: new URL(site).hostname, ahead: await aheadOf(site) })),
  );
  const [known] = told.flatMap(({ host, ahead }) => (ahead === null ? [] : [{ host, ahead }]));
  if (!known) return [found('clock', 'not-known')];
  const seconds = Math.abs(known.ahead);
  if (seconds <= tolerated.small) return [found('clock', 'right', { host: known.host })];
  const direction = known.ahead > 0 ? 'ahead' : 'behind';
  const what = seconds > tolerated[direction] ? 'far-off' : 'wrong';
  return [found('clock', what, { host: known.host, seconds, direction })];
};
