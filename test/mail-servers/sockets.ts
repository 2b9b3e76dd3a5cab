/** Listeners for bytes that no honest mail server sends. Everything else is a real server. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, type Stoppable } from './processes.ts';

export type Listening = Stoppable & { host: string; port: number };

export type Bind = {
  /** Default 127.0.0.1. */
  address?: string;
  /** Default: a free one. */
  port?: number;
};

/** Listens and hands every connection on. `stop` cuts what is still open. */
export async function startListener(
  onConnection: (socket: Socket) => void,
  bind: Bind = {},
): Promise<Listening> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    // A client that goes away is no failure of the fixture.
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  const host = bind.address ?? '127.0.0.1';
  server.listen(bind.port ?? 0, host);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error(`Expected a port, got ${bound}`);
  return {
    host,
    port: bound.port,
    stop: async () => {
      if (!server.listening) return;
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** Accepts and says nothing. */
export function startSilent(bind?: Bind): Promise<Listening> {
  return startListener((socket) => socket.resume(), bind);
}

/** Closes (FIN) right after accept, as TCP wrappers do. */
export function startClosesAtOnce(bind?: Bind): Promise<Listening> {
  return startListener((socket) => socket.end().resume(), bind);
}

/** Resets (RST) right after accept. */
export function startResetsAtOnce(bind?: Bind): Promise<Listening> {
  return startListener((socket) => socket.resetAndDestroy(), bind);
}

export type SaysOptions = Bind & { afterMs?: number; thenClose?: boolean };

/** Greets with exactly these bytes, and never says anything else. */
export function startSays(bytes: string | Uint8Array, options: SaysOptions = {}): Promise<Listening> {
  return startListener(async (socket) => {
    socket.resume();
    if (options.afterMs !== undefined) await sleep(options.afterMs, undefined, { ref: false });
    if (options.thenClose === true) socket.end(bytes);
    else socket.write(bytes);
  }, options);
}

/** Sends the greeting one byte at a time. */
export function startDrips(greeting: string, everyMs: number, bind?: Bind): Promise<Listening> {
  return startListener(async (socket) => {
    socket.resume();
    for (const byte of Buffer.from(greeting)) {
      if (socket.destroyed) return;
      socket.write(Buffer.of(byte));
      await sleep(everyMs, undefined, { ref: false });
    }
  }, bind);
}

/** Repeats the line (or, without line end, the piece of one endless line) for as long as the client reads. */
export function startEndless(line = '* OK still greeting\r\n', bind?: Bind): Promise<Listening> {
  const chunk = Buffer.from(line.repeat(Math.ceil(16_384 / line.length)));
  return startListener((socket) => {
    socket.resume();
    const pour = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
  }, bind);
}

/** A port on which nobody listens. */
export async function closedPort(address = '127.0.0.1'): Promise<{ host: string; port: number }> {
  return { host: address, port: await freePort(address) };
}
