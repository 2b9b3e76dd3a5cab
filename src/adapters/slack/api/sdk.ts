import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, LogLevel, webApi } from '@slack/bolt';
import type { Budget, Sending } from '../../../chat/budget.ts';
import type { Priority } from '../../../chat/port.ts';
import { deliveryError } from '../errors.ts';
import { times } from '../limits.ts';

/** The SDK's own log may hold what people typed; what matters reaches us as an error. */
export const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

export type Connection = { token: string; apiUrl: string | undefined };

/** For whoever only asks, and delivers nothing. */
const uncounted: Budget = { take: async () => 0, hold: async () => {} };

/**
 * Two ways to call Slack, both without the SDK's retries, which would keep a call pending for half an hour. `now`: somebody
 * waits, so it fails fast with the SDK's error. `deliver`: for jobs, which are tried again by whoever keeps them; it
 * throws a {@link DeliveryError}, keeps within the budget, and after a refusal for haste leaves that method in that
 * channel alone for as long as Slack asked.
 */
export const createWeb = ({ token, apiUrl, budget = uncounted }: Connection & { budget?: Budget }) => {
  const client = (timeout: number) =>
    new webApi.WebClient(token, {
      ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
      timeout,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      maxRequestConcurrency: 250,
      logger: silent,
    });
  const background = client(times.call);

  const deliver = async <T>(
    { priority = 'high', ...to }: Sending & { priority?: Priority },
    call: (web: webApi.WebClient) => Promise<T>,
  ): Promise<T> => {
    const waitMs = await budget.take(to, priority);
    if (waitMs > 0) await sleep(waitMs);
    try {
      return await call(background);
    } catch (cause) {
      const error = deliveryError(to.method, cause);
      if (error.retryAfterMs !== null) await budget.hold(to, error.retryAfterMs);
      throw error;
    }
  };

  return { now: client(times.interactiveCall), deliver };
};
export type Web = ReturnType<typeof createWeb>;
