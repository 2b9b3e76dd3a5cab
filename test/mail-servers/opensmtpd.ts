/** A real OpenSMTPD for submission. Its queue has a fixed place, so each gets a /var/spool of its own. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from './certificates.ts';
import { REP } from './dovecot.ts';
import { bound, freePort, inFolder, run, type Stoppable, startDaemon } from './processes.ts';
import { programsOf } from './unpacked.ts';

export type OpenSmtpdOptions = {
  certificate: Certificate;
  /** Default 127.0.0.1. */
  address?: string;
  /** What follows the pki of both `listen` lines: `ciphers`, `verify`, `mask-src`. */
  listenOptions?: string;
};

export type OpenSmtpd = Stoppable & { host: string; smtpPort: number; smtpsPort: number; logFile: string };

/** Folders that only this daemon and its children see. */
const OWN_FOLDERS = `
mount -t tmpfs -o mode=755 own /var/spool && mkdir -m 711 /var/spool/smtpd &&
mount -t tmpfs -o mode=755 own /var/lib && mkdir -p /var/lib/opensmtpd/empty &&
mount -t tmpfs -o mode=755 own /run && exec "$@"
`;

/** STARTTLS on one port, TLS on the other; AUTH only inside TLS. Needs root and mount namespaces. */
export function startOpenSmtpd(options: OpenSmtpdOptions): Promise<OpenSmtpd> {
  return inFolder('opensmtpd', async ({ path }) => {
    const { root, env } = await programsOf('opensmtpd', path);
    const host = options.address ?? '127.0.0.1';
    const [smtpPort, smtpsPort] = [await freePort(host), await freePort(host)];
    const logFile = join(path, 'log');
    const config = join(path, 'smtpd.conf');
    const key = join(path, 'key.pem');
    await run('install', ['-m', '600', options.certificate.keyFile, key]);
    const common = `pki here auth <users> hostname mail.example.test ${options.listenOptions ?? ''}`;
    await writeFile(
      config,
      `
pki here cert "${options.certificate.certFile}"
pki here key "${key}"
table users { "${REP.name}" = "${REP.password}" }
listen on ${host} port ${smtpPort} tls ${common}
listen on ${host} port ${smtpsPort} smtps ${common}
action nowhere mda "/bin/true"
match auth from any for any action nowhere
`,
      { mode: 0o600 },
    );
    const daemon = await startDaemon({
      command: 'unshare',
      args: ['-m', 'sh', '-c', OWN_FOLDERS, 'smtpd', join(root, 'usr/sbin/smtpd'), '-d', '-v', '-f', config],
      env,
      logFile,
      ready: bound([smtpPort, smtpsPort]),
    });
    return { host, smtpPort, smtpsPort, logFile, stop: daemon.stop };
  });
}
