/** Slack's side of Socket Mode: an address for whoever has the app's token, and what people do in envelopes. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { type Fault, refusal } from './slack-door.ts';
import type { Reply, Transport } from './slack-transport.ts';

export const appToken = 'xapp-of-the-app';

const acknowledgement = z.object({ envelope_id: z.string(), payload: z.unknown().optional() });

export const openSocketSide = async () => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const awaited = new Map<string, (payload: unknown) => void>();
  const sockets: WebSocket[] = [];
  /** Events that nobody has acknowledged: they are delivered again over the next connection. */
  const waiting = new Map<string, { payload: object; retries: number }>();
  let refused: Fault | null = null;
  let opened = 0;
  let endNext: (() => void) | null = null;

  const farewell = (socket: WebSocket): void =>
    socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));

  const send = (
    socket: WebSocket,
    type: string,
    { id, payload, retries }: { id: string; payload: object; retries: number },
  ): void =>
    socket.send(
      JSON.stringify({
        ...{ type, envelope_id: id, payload, accepts_response_payload: true },
        ...(type === 'events_api' ? { retry_attempt: retries, retry_reason: retries ? 'timeout' : '' } : {}),
      }),
    );

  server.on('connection', (socket) => {
    sockets.push(socket);
    opened += 1;
    socket.on('message', (bytes) => {
      const { envelope_id: id, payload } = acknowledgement.parse(JSON.parse(String(bytes)));
      waiting.delete(id);
      awaited.get(id)?.(payload);
    });
    socket.on('close', () => sockets.splice(sockets.indexOf(socket), 1));
    socket.send(JSON.stringify({ type: 'hello', num_connections: sockets.length }));
    if (endNext) farewell(socket);
    endNext?.();
    endNext = null;
    for (const [id, event] of waiting) {
      event.retries += 1;
      send(socket, 'events_api', { id, ...event });
    }
  });

  const deliver = async (type: string, payload: object): Promise<Reply> => {
    const started = performance.now();
    const socket = sockets.at(-1);
    if (!socket) throw new Error('nobody listens: Slack would tell her that the app did not answer');
    const id = randomUUID();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    awaited.set(id, resolve);
    if (type === 'events_api') waiting.set(id, { payload, retries: 0 });
    send(socket, type, { id, payload, retries: 0 });
    const answer = await promise;
    const body = answer === undefined ? '' : JSON.stringify(answer);
    return { status: 200, body: body === '{}' ? '' : body, ms: performance.now() - started };
  };

  return {
    transport: {
      form: (fields) =>
        fields.payload === undefined
          ? deliver('slash_commands', fields)
          : deliver('interactive', JSON.parse(fields.payload) as object),
      event: (value) => deliver('events_api', value),
    } satisfies Transport,
    /** For the door, since the peer behind it knows no Socket Mode. */
    answer: (method: string): Fault | null =>
      method === 'apps.connections.open' ? (refused ?? { body: { ok: true, url } }) : null,
    /** So far. */
    connections: (): number => opened,
    /** At this moment. */
    open: (): number => sockets.length,
    /** As Slack does it every few hours. */
    refresh: (): void => {
      for (const socket of sockets) farewell(socket);
    },
    /** The next connection is ended as soon as it stands; resolves then. */
    endNextAtOnce: (): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      endNext = resolve;
      return promise;
    },
    /** The line breaks, and no new one is given until null is said. */
    refuse: (error: string | null): void => {
      refused = error === null ? null : refusal(error);
      if (refused) for (const socket of sockets) socket.terminate();
    },
    close: async (): Promise<void> => {
      for (const socket of sockets) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
};
export type SocketSide = Awaited<ReturnType<typeof openSocketSide>>;
