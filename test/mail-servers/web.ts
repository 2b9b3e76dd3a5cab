/** A real web server on both standard ports of a loopback address of its own (root only, as the standard ports are). */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Certificate } from './certificates.ts';
import type { Stoppable } from './processes.ts';

export type Visit = { secure: boolean; host: string; url: string };

export type Web = Stoppable & {
  address: string;
  /** What was asked for, in order. */
  visits: readonly Visit[];
};

/** An address in 127.64.0.0/10 that nobody else uses, so that standard ports are free on it. */
export const ownAddress = (): string => `127.${64 + randomInt(64)}.${randomInt(256)}.${1 + randomInt(254)}`;

const listen = async (server: Server, port: number, address: string): Promise<void> => {
  server.listen(port, address);
  await once(server, 'listening');
};

const stopped = async (server: Server): Promise<void> => {
  if (!server.listening) return;
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
};

/** `answer` gets the requests of both ports; what it leaves unanswered stays so. */
export async function startWeb(options: {
  certificate: Certificate;
  answer: RequestListener;
  address?: string;
}): Promise<Web> {
  const { certificate, answer, address = ownAddress() } = options;
  const [cert, key] = await Promise.all([readFile(certificate.certFile), readFile(certificate.keyFile)]);
  const visits: Visit[] = [];
  const noting =
    (secure: boolean): RequestListener =>
    (request, response) => {
      visits.push({ secure, host: request.headers.host ?? '', url: request.url ?? '' });
      response.on('error', () => undefined);
      answer(request, response);
    };
  const plain = createServer(noting(false));
  const secure = createSecureServer({ cert, key }, noting(true));
  secure.on('tlsClientError', () => undefined);
  await Promise.all([listen(plain, 80, address), listen(secure, 443, address)]);
  const stop = () => Promise.all([stopped(plain), stopped(secure)]).then(() => undefined);
  return { address, visits, stop };
}
