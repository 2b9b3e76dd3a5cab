import { setTimeout as sleep } from 'node:timers/promises';
import { type Receiver, SocketModeReceiver } from '@slack/bolt';
import { within } from '../../within.ts';
import { isWrongToken, SlackSetupError, slackErrorOf } from './errors.ts';
import type { SlackLog } from './it-channel.ts';
import { times } from './limits.ts';
import { silent } from './web.ts';

export type SlackSocket = {
  receiver: Receiver;
  /** Tries once and then goes on trying by itself. @throws SlackSetupError when Slack refuses the token */
  open(): Promise<void>;
  /** False when Slack has not been heard for longer than a change of connections takes. */
  isHealthy(): boolean;
  close(): Promise<void>;
};

/** Doubles from a second to half a minute, in milliseconds. */
const pauseAfter = (failures: number): number => Math.min(1000 * 2 ** (failures - 1), times.longestPause);

/**
 * Socket Mode: a connection that we open, where nobody can reach us from outside. Slack ends each after some hours. The SDK
 * would wait five seconds before it opened the next, and would take the process down if Slack then refused: so its own
 * reconnecting is off.
 */
export const createSocket = (
  { appToken, apiUrl }: { appToken: string; apiUrl: string | undefined },
  log: SlackLog,
): SlackSocket => {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: silent,
    autoReconnectEnabled: false,
    installerOptions: {
      clientOptions: {
        retryConfig: { retries: 0 },
        timeout: times.call,
        ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
      },
    },
  });
  const { client } = receiver;
  const closing = new AbortController();
  let deafSince: number | null = performance.now();

  /** Resolves with the end of the connection once there is one. */
  const connect = async (): Promise<{ ended: Promise<void> }> => {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    client.once('disconnected', resolve);
    try {
      await within(times.call, client.start(), () => {
        void client.disconnect();
        throw new Error('Slack has opened no connection in time');
      });
    } catch (error) {
      client.off('disconnected', resolve);
      throw error;
    }
    deafSince = null;
    return { ended };
  };

  const unheard = (error: unknown): null => {
    log.warn({ code: slackErrorOf(error) ?? 'no-connection' }, 'Slack cannot be heard');
    return null;
  };

  const keep = async (first: { ended: Promise<void> } | null): Promise<void> => {
    let connection = first;
    for (let failures = 0; !closing.signal.aborted; ) {
      if (connection) {
        await connection.ended;
        deafSince = performance.now();
        failures = 0;
      } else {
        failures += 1;
        await sleep(pauseAfter(failures), undefined, { signal: closing.signal, ref: false });
      }
      if (!closing.signal.aborted) connection = await connect().catch(unheard);
    }
  };

  return {
    receiver,
    open: async () => {
      const first = await connect().catch((cause: unknown) => {
        const refusal = slackErrorOf(cause);
        if (isWrongToken(cause) || refusal === 'missing_scope')
          throw new SlackSetupError(
            `SLACK_APP_TOKEN: Slack does not accept it (${refusal}); generate an App-Level Token with the scope connections:write`,
            { cause },
          );
        return unheard(cause);
      });
      // Ends by `close` only, whose abort rejects the pause.
      keep(first).catch(() => {});
    },
    isHealthy: () => deafSince === null || performance.now() - deafSince < times.reconnection,
    close: async () => {
      closing.abort();
      // A connection that is gone already never says so again.
      await within(times.stop, client.disconnect(), () => undefined);
    },
  };
};
