import { times } from '../limits.ts';

type To = { method: string; channel: string | null };

/**
 * How long Slack is to be left alone after it has refused for haste. It counts messages by channel, so one channel's
 * pause must not keep another rep waiting. That it is the whole workspace's limit shows only when a second channel is
 * refused meanwhile (Slack does not say which it was): then all of the method rests for a moment, so that not every
 * waiting message is tried in vain. What has no channel is paused for as long as Slack asked.
 */
export const createPauses = (now: () => number = () => performance.now()) => {
  const untilByChannel = new Map<string, Map<string, number>>();
  const untilByMethod = new Map<string, number>();

  const channelsOf = (method: string): Map<string, number> => {
    const known = untilByChannel.get(method) ?? new Map<string, number>();
    untilByChannel.set(method, known);
    for (const [channel, until] of known) if (until <= now()) known.delete(channel);
    return known;
  };

  return {
    /** In milliseconds; 0: none. */
    left: ({ method, channel }: To): number => {
      const ofChannel = channel === null ? 0 : (channelsOf(method).get(channel) ?? 0);
      return Math.max(0, ofChannel - now(), (untilByMethod.get(method) ?? 0) - now());
    },
    begin: ({ method, channel }: To, ms: number): void => {
      const until = now() + ms;
      if (channel === null) {
        untilByMethod.set(method, until);
        return;
      }
      const paused = channelsOf(method);
      paused.set(channel, until);
      if (paused.size > 1) untilByMethod.set(method, now() + Math.min(ms, times.methodPause));
    },
  };
};
