/** A real web server where someone expects mail. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Bind, Listening } from './sockets.ts';

/** Answers every request with a page; like any web server it is silent until asked. */
export async function startHttp(bind: Bind = {}): Promise<Listening> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<title>Webmail</title>\n');
  });
  const host = bind.address ?? '127.0.0.1';
  server.listen(bind.port ?? 0, host);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error(`Expected a port, got ${bound}`);
  const stop = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { host, port: bound.port, stop };
}
