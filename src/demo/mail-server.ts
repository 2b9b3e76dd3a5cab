import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createServer, type TlsOptions } from 'node:tls';
import type { Certificate } from './certificates.ts';
import type { Dialogue } from './dialogues.ts';

/** In milliseconds; whoever only looks is gone by then. */
const idleMs = 60_000;

/** TLS 1.0 alone, as it was meant; the runtime's own defaults would not let it be. */
export const onlyTls10: TlsOptions = {
  minVersion: 'TLSv1',
  maxVersion: 'TLSv1',
  ciphers: 'DEFAULT:@SECLEVEL=0',
};

export type Server = { port: number; stop(): void };

/** A server on loopback that speaks TLS from the first byte. `converse`: for each connection. */
export const startMailServer = async (
  converse: () => Dialogue,
  certificate: Certificate,
  options: TlsOptions = {},
): Promise<Server> => {
  const server = createServer({ ...options, ...certificate }, (socket) => {
    const { greeting, answer } = converse();
    socket.setTimeout(idleMs, () => socket.destroy());
    // Probes break off where they have seen enough.
    socket.on('error', () => socket.destroy());
    socket.write(`${greeting}\r\n`);
    createInterface({ input: socket }).on('line', (line) => {
      const said = answer(line);
      if (!said || socket.destroyed) return;
      socket.write(`${said.line}\r\n`);
      if (said.isLast) socket.end();
    });
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server on no port');
  return { port: address.port, stop: () => void server.close() };
};
