import type { SocketModeReceiver } from '@slack/bolt';
import { createInFlight } from '../../../../lib/in-flight.ts';
import { withTimeout } from '../../../../lib/timeout.ts';
import { times } from '../../limits.ts';

/** What the SDK makes of one envelope. */
export type Envelope = {
  type: string;
  body: Record<string, unknown>;
  ack: (answer?: unknown) => Promise<void>;
  retry_num?: number;
  retry_reason?: string;
};
/** Never rejects. */
export type Take = (envelope: Envelope) => Promise<void>;

/** One connection of Socket Mode. */
export type SocketLine = {
  /** Rejects when Slack opens none. */
  open(): Promise<void>;
  /** Resolves when another is needed: Slack is about to end it, or it has ended. */
  fading: Promise<void>;
  ended: Promise<void>;
  /** When what came over it is answered, or after a while. */
  close(): Promise<void>;
};

/**
 * `hello` begins a connection, `disconnect` says that it is about to end (docs.slack.dev, Socket Mode); null: it is about
 * neither.
 */
const aboutLine = (data: unknown): 'hello' | 'disconnect' | null => {
  if (typeof data !== 'string' || !/hello|disconnect/u.test(data)) return null;
  try {
    const said: unknown = JSON.parse(data);
    const type = typeof said === 'object' && said !== null && 'type' in said ? said.type : null;
    return type === 'hello' || type === 'disconnect' ? type : null;
  } catch {
    return null;
  }
};

export const createLine = (client: SocketModeReceiver['client'], take: Take): SocketLine => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const { promise: fading, resolve: fade } = Promise.withResolvers<void>();
  const inFlight = createInFlight();
  let isOpen = false;

  client.once('disconnected', () => {
    end();
    fade();
  });
  // The SDK closes at Slack's word, and what comes in meanwhile could not be acknowledged any more.
  const listeners = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: unknown) => {
    const about = aboutLine(data);
    if (isOpen && about === 'disconnect') return fade();
    // Both can come in one packet: by then `start` has not yet returned.
    if (about === 'hello') isOpen = true;
    for (const listen of listeners) listen(data, isBinary);
  });
  client.on('slack_event', (envelope: Envelope) => {
    void inFlight.track(take(envelope));
  });

  return {
    fading,
    ended,
    open: async () => {
      await withTimeout(times.call, client.start(), () => {
        void client.disconnect();
        throw new Error('Slack has opened no connection in time');
      });
    },
    close: async () => {
      await inFlight.settled(times.stop);
      // A connection that is gone already never says so again.
      await withTimeout(times.stop, client.disconnect(), () => undefined);
    },
  };
};
