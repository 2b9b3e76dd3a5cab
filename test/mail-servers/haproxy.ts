/** A real HAProxy that speaks TLS in front of a plain mail server, as in many data centres. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from './certificates.ts';
import { bound, freePort, inFolder, startDaemon } from './processes.ts';
import type { Listening } from './sockets.ts';
import { programsOf } from './unpacked.ts';

export type HaproxyOptions = {
  certificate: Certificate;
  /** The plain server behind it; absent: nobody is there. */
  backend?: { host: string; port: number };
  /** What follows the certificate on the `bind` line: `ssl-min-ver TLSv1.3`, `strict-sni`, `verify required`. */
  bindOptions?: string;
};

/** Implicit TLS on one port of 127.0.0.1. */
export function startHaproxy(options: HaproxyOptions): Promise<Listening> {
  return inFolder('haproxy', async ({ path }) => {
    const { root, env } = await programsOf('haproxy', path);
    const host = '127.0.0.1';
    const port = await freePort(host);
    const { certFile, keyFile } = options.certificate;
    const both = join(path, 'cert.pem');
    await writeFile(both, (await readFile(certFile, 'utf8')) + (await readFile(keyFile, 'utf8')));
    const config = join(path, 'haproxy.cfg');
    const backend = options.backend ? `server mail ${options.backend.host}:${options.backend.port}` : '';
    await writeFile(
      config,
      `
global
  ssl-default-bind-ciphers DEFAULT:@SECLEVEL=0
  tune.ssl.default-dh-param 2048
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen front
  bind ${host}:${port} ssl crt ${both} ${options.bindOptions ?? ''}
  ${backend}
`,
    );
    const command = join(root, 'usr/sbin/haproxy');
    const daemon = await startDaemon({
      command,
      args: ['-db', '-f', config],
      env,
      logFile: join(path, 'log'),
      ready: bound([port]),
    });
    return { host, port, stop: daemon.stop };
  });
}
