/** Implicit-TLS servers with a scripted dialogue, for what neither Dovecot nor Postfix can be told to do. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { createSecureContext, createServer, type SecureVersion } from 'node:tls';
import type { Certificate } from './certificates.ts';
import { type Dialogue, playDialogue } from './dialogue.ts';
import type { Bind, Listening } from './sockets.ts';
import { LEGACY_CIPHERS } from './tls-versions.ts';

export type TlsDialogueOptions = Bind & {
  certificate: Certificate;
  dialogue: Dialogue;
  minVersion?: SecureVersion;
  maxVersion?: SecureVersion;
  /** Default: everything OpenSSL still speaks. */
  ciphers?: string;
  /** Asks for a client certificate and refuses clients without. */
  requestClientCertificate?: boolean;
  /** Only clients that name this host (SNI) get a handshake. */
  sniOnly?: string;
};

/** A TLS server that plays the dialogue. `received` collects the clients' lines. */
export async function startTlsDialogue(
  options: TlsDialogueOptions,
): Promise<Listening & { received: readonly string[] }> {
  const [cert, key] = await Promise.all([
    readFile(options.certificate.certFile),
    readFile(options.certificate.keyFile),
  ]);
  const received: string[] = [];
  const open = new Set<Socket>();
  const versions = {
    minVersion: options.minVersion ?? 'TLSv1.2',
    maxVersion: options.maxVersion ?? 'TLSv1.3',
    ciphers: options.ciphers ?? LEGACY_CIPHERS,
  } as const;
  const named = {
    SNICallback: onlyFor(options.sniOnly ?? '', createSecureContext({ cert, key, ...versions })),
  };
  const server = createServer(
    {
      ...versions,
      // Without a certificate of its own the server can only answer clients the callback serves.
      ...(options.sniOnly === undefined ? { cert, key } : named),
      ...(options.requestClientCertificate === true ? { requestCert: true, rejectUnauthorized: true } : {}),
    },
    (socket) => {
      socket.on('error', () => undefined);
      playDialogue(socket, options.dialogue, received);
    },
  );
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  const host = options.address ?? '127.0.0.1';
  server.listen(options.port ?? 0, host);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error(`Expected a port, got ${bound}`);
  const stop = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of open) socket.destroy();
    await once(server, 'close');
  };
  return { host, port: bound.port, received, stop };
}

type Answer = (error: Error | null, context?: ReturnType<typeof createSecureContext>) => void;

function onlyFor(host: string, context: ReturnType<typeof createSecureContext>) {
  return (name: string, answer: Answer) =>
    name === host ? answer(null, context) : answer(new Error(`${name} is not served here`));
}
