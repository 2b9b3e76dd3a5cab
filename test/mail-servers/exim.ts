/** A real Exim (on GnuTLS, as Debian builds it) for submission; mail is accepted and thrown away. */
import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from './certificates.ts';
import { REP } from './dovecot.ts';
import { bound, freePort, inFolder, run, type Stoppable, startDaemon } from './processes.ts';
import { idOf, programsOf } from './unpacked.ts';

export type EximOptions = {
  certificate: Certificate;
  /** Default 127.0.0.1. */
  address?: string;
  /** GnuTLS's priority string, such as `NORMAL:-VERS-ALL:+VERS-TLS1.3`. */
  priority?: string;
  /** false: no TLS at all on the plain port. */
  starttls?: false;
  /** Further lines of the main section. */
  settings?: string;
};

export type Exim = Stoppable & { host: string; smtpPort: number; smtpsPort: number; logFile: string };

const plaintext = (name: string, prompts: string, [user, password]: readonly [string, string]) => `
${name}:
  driver = plaintext
  public_name = ${name.toUpperCase()}
  server_prompts = ${prompts}
  server_condition = \${if and{{eq{${user}}{${REP.name}}}{eq{${password}}{${REP.password}}}}}
  server_set_id = ${user}
`;

/** STARTTLS on one port, TLS on the other; AUTH only inside TLS. Needs root. */
export function startExim(options: EximOptions): Promise<Exim> {
  return inFolder('exim', async ({ path }) => {
    const { root, env } = await programsOf('exim4-daemon-light', path);
    const host = options.address ?? '127.0.0.1';
    const [smtpPort, smtpsPort] = [await freePort(host), await freePort(host)];
    const logFile = join(path, 'mainlog');
    const config = join(path, 'exim.conf');
    const { certFile } = options.certificate;
    const keyFile = join(path, 'key.pem');
    await run('cp', [options.certificate.keyFile, keyFile]);
    await writeFile(logFile, '');
    for (const mine of [path, logFile, keyFile]) await chown(mine, idOf('Debian-exim'), idOf('Debian-exim'));
    await writeFile(
      config,
      `
primary_hostname = mail.example.test
spool_directory = ${path}
log_file_path = ${path}/%slog
local_interfaces = <; ${host}
daemon_smtp_ports = ${smtpPort} : ${smtpsPort}
tls_on_connect_ports = ${smtpsPort}
tls_advertise_hosts = ${options.starttls === false ? '' : '*'}
tls_certificate = ${certFile}
tls_privatekey = ${keyFile}
tls_require_ciphers = ${options.priority ?? 'NORMAL'}
auth_advertise_hosts = \${if eq{$tls_in_cipher}{}{}{*}}
keep_environment =
host_lookup =
rfc1413_query_timeout = 0s
acl_smtp_rcpt = admit
${options.settings ?? ''}
begin acl
admit:
  accept authenticated = *
  deny
begin routers
nowhere:
  driver = redirect
  data = :blackhole:
begin authenticators
${plaintext('plain', ':', ['$auth2', '$auth3'])}
${plaintext('login', 'Username:: : Password::', ['$auth1', '$auth2'])}
`,
    );
    const command = join(root, 'usr/sbin/exim4');
    const args = ['-C', config, '-bdf', '-oP', join(path, 'pid')];
    const daemon = await startDaemon({ command, args, env, logFile, ready: bound([smtpPort, smtpsPort]) });
    return { host, smtpPort, smtpsPort, logFile, stop: daemon.stop };
  });
}
