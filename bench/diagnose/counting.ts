/** Stands in front of a server and counts who comes. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type Counter = { port: number; count(): number; reset(): void; stop(): Promise<void> };

export const countConnections = async (target: { host: string; port: number }): Promise<Counter> => {
  let seen = 0;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    seen += 1;
    const far = connect(target);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => open.delete(socket));
    }
    near.pipe(far);
    far.pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    count: () => seen,
    reset: () => {
      seen = 0;
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
