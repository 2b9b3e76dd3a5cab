/** Office hours by the clock on the wall: 9 to 17, Monday to Friday. Holidays are not known. */
const begins = 9;
const ends = 17;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Milliseconds of work in one day. */
export const workingDayMs = (ends - begins) * hourMs;

/** A name of the IANA time zone database, such as `Europe/Berlin`. */
export const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const parts = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** What the clock on the wall shows, read as if it were UTC. */
const createWall = (zone: string) => {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    ...Object.fromEntries(parts.map((part) => [part, 'numeric'])),
  });
  return (at: number): number => {
    const shown = new Map(format.formatToParts(at).map(({ type, value }) => [type as string, Number(value)]));
    const [year = 0, month = 1, day, hour, minute, second] = parts.map((part) => shown.get(part));
    return Date.UTC(year, month - 1, day, hour, minute, second);
  };
};

const isWorkday = (wall: number): boolean => {
  const day = new Date(wall).getUTCDay();
  return day !== 0 && day !== 6;
};

/**
 * The moment at which so much work has been done since `from`; milliseconds since the epoch, as `from`. `zone`: whose clock
 * counts. Clocks are changed at night, so that every working day has its eight hours.
 */
export const afterWork = (from: number, workMs: number, zone: string): number => {
  const wallOf = createWall(zone);
  /** Twice, as the first guess may lie on the other side of a change of clocks. */
  const momentOf = (wall: number): number => {
    const guess = wall - (wallOf(wall) - wall);
    return wall - (wallOf(guess) - guess);
  };
  const start = wallOf(from);
  let midnight = Math.floor(start / dayMs) * dayMs;
  let left = workMs;
  for (;;) {
    const opens = Math.max(midnight + begins * hourMs, start);
    const open = isWorkday(midnight) ? Math.max(0, midnight + ends * hourMs - opens) : 0;
    if (open > 0 && left <= open) return momentOf(opens + left);
    left -= open;
    midnight += dayMs;
  }
};
