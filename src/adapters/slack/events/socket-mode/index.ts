import { setTimeout as sleep } from 'node:timers/promises';
import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import { backoffMs } from '../../../../lib/backoff.ts';
import type { SlackLog } from '../../api/it-channel.ts';
import { silent } from '../../api/sdk.ts';
import { isWrongToken, SlackSetupError, slackErrorOf } from '../../errors.ts';
import { times } from '../../limits.ts';
import { createLine, type SocketLine, type Take } from './line.ts';

export type SlackSocket = {
  receiver: Receiver;
  /** Tries once and then goes on trying by itself. @throws SlackSetupError when Slack refuses the token */
  open(): Promise<void>;
  /** False when Slack has not been heard for longer than a change of connections takes. */
  isHealthy(): boolean;
  close(): Promise<void>;
};

/** Between two tries to get a connection. */
const pauses = { firstMs: times.firstPause, longestMs: times.longestPause };

type SocketOptions = {
  appToken: string;
  apiUrl: string | undefined;
  log: SlackLog;
  onError: (error: unknown) => void;
};

/** Slack's own client for one connection; of Bolt's receiver around it nothing else is used. */
const newClient = ({ appToken, apiUrl }: SocketOptions) =>
  new SocketModeReceiver({
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
  }).client;

/**
 * What came in an envelope goes to Bolt. Bolt acknowledges events before it hands them on; here an event is acknowledged
 * when it is kept, for Slack delivers again what was not acknowledged.
 */
const handler =
  (app: Promise<App>, onError: (error: unknown) => void): Take =>
  async ({ type, body, ack, retry_num: retryNum, retry_reason: retryReason }) => {
    const isEvent = type === 'events_api';
    try {
      await (await app).processEvent({
        body,
        ack: async (answer?: unknown) => (isEvent ? undefined : ack(answer)),
        ...(retryNum === undefined ? {} : { retryNum }),
        ...(retryReason === undefined ? {} : { retryReason }),
      });
      if (isEvent) await ack();
    } catch (error) {
      onError(error);
    }
  };

/**
 * Socket Mode: a connection that we open, where nobody can reach us from outside. Slack ends each after some hours and says
 * so a moment before; then the next is opened while the old one still hears. The SDK would first close the old one, and
 * would take the process down if Slack then refused: so its own reconnecting is off.
 */
export const createSocket = (options: SocketOptions): SlackSocket => {
  const { log, onError } = options;
  const { promise: app, resolve: init } = Promise.withResolvers<App>();
  const take = handler(app, onError);
  const closing = new AbortController();
  const lines = new Set<SocketLine>();
  let deafSince = performance.now();

  const connect = async (): Promise<SocketLine> => {
    const line = createLine(newClient(options), take);
    await line.open();
    lines.add(line);
    void line.ended.then(() => {
      lines.delete(line);
      if (lines.size === 0) deafSince = performance.now();
    });
    if (closing.signal.aborted) await line.close();
    return line;
  };

  const unheard = (error: unknown): null => {
    log.warn({ code: slackErrorOf(error) ?? 'no-connection' }, 'Slack cannot be heard');
    return null;
  };

  const keep = async (first: SocketLine | null): Promise<void> => {
    let line = first;
    let failures = first ? 0 : 1;
    while (!closing.signal.aborted) {
      if (failures > 0)
        await sleep(backoffMs(failures, pauses), undefined, { signal: closing.signal, ref: false });
      else await line?.fading;
      if (closing.signal.aborted) return;
      const next = await connect().catch(unheard);
      failures = next ? 0 : failures + 1;
      if (!next) continue;
      void line?.close();
      line = next;
    }
  };

  return {
    receiver: { init, start: async () => {}, stop: async () => {} },
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
    isHealthy: () => lines.size > 0 || performance.now() - deafSince < times.reconnection,
    close: async () => {
      closing.abort();
      await Promise.all([...lines].map((line) => line.close()));
    },
  };
};
