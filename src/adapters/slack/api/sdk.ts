import { type Logger, LogLevel, webApi } from '@slack/bolt';
import { DeliveryError } from '../../../chat/port.ts';
import { deliveryError } from '../errors.ts';
import { times } from '../limits.ts';
import { createPauses } from './rate-limit.ts';

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

/**
 * Two ways to call Slack, both without the SDK's retries, which would keep a call pending for half an hour. `now`: somebody
 * waits, so it fails fast with the SDK's error. `deliver`: for jobs, which are tried again by whoever keeps them; it
 * throws a {@link DeliveryError}, and after a refusal for haste it leaves that channel alone for as long as Slack asked.
 */
export const createWeb = ({ token, apiUrl }: Connection) => {
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
  const pauses = createPauses();

  const deliver = async <T>(
    to: { method: string; channel: string | null },
    call: (web: webApi.WebClient) => Promise<T>,
  ): Promise<T> => {
    const { method } = to;
    const pause = pauses.left(to);
    if (pause > 0)
      throw new DeliveryError('temporary', `${method}: waiting as Slack asked`, { retryAfterMs: pause });
    try {
      return await call(background);
    } catch (cause) {
      const error = deliveryError(method, cause);
      if (error.retryAfterMs !== null) pauses.begin(to, error.retryAfterMs);
      throw error;
    }
  };

  return { now: client(times.interactiveCall), deliver };
};
export type Web = ReturnType<typeof createWeb>;
