/** How Slack counts what an app sends, as its documentation says it (docs.slack.dev, rate limits). */

/** Seconds that an app is to be quiet after too much. */
const quietSeconds = 30;
const minuteMs = 60_000;
const secondMs = 1000;
/** `chat.update` is of Tier 3: so many a minute in a workspace. */
const updatesPerMinute = 50;

/**
 * Counts each call; gives for how many seconds Slack asks to be left alone, or null where it takes the call. A refused one is
 * not counted. `at`: milliseconds by a clock that nobody sets.
 */
export const createTiers = () => {
  let updates: number[] = [];
  const posted = new Map<string, number>();
  return (method: string, channel: string, at: number): number | null => {
    if (method === 'chat.update') {
      updates = updates.filter((time) => time > at - minuteMs);
      if (updates.length >= updatesPerMinute) return quietSeconds;
      updates.push(at);
    }
    if (method === 'chat.postMessage') {
      if (at - (posted.get(channel) ?? Number.NEGATIVE_INFINITY) < secondMs) return quietSeconds;
      posted.set(channel, at);
    }
    return null;
  };
};
