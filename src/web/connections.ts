import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** More than all people and proxies of one installation hold at once, and few enough for every machine's open files. */
const most = { waiting: 2000, all: 4000 };

/**
 * Keeps whoever only holds connections open from locking others out: where too many have not sent a whole request, or
 * are idle, the one that has waited longest is closed for the new one. What is being answered is left alone.
 */
export const limitConnections = (server: Server): void => {
  const requests = new Map<Socket, IncomingMessage | null>();
  const waits = ([, request]: [Socket, IncomingMessage | null]): boolean => !request?.complete;
  server.maxConnections = most.all;
  server.on('connection', (socket: Socket) => {
    socket.once('close', () => requests.delete(socket));
    requests.set(socket, null);
    if (requests.size <= most.waiting) return;
    const longest = [...requests].find(waits);
    longest?.[0].destroy();
  });
  server.on('request', (request, response) => {
    const { socket } = request;
    requests.set(socket, request);
    response.once('close', () => {
      if (!requests.delete(socket) || socket.destroyed) return;
      // It has just been served, and begins to wait now.
      requests.set(socket, null);
    });
  });
};
