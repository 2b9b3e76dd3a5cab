/** A real Postfix of its own: configuration, queue and data in a temp folder; mail is accepted and thrown away. */
import { chown, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { program } from '../../scripts/system-packages.ts';
import type { Certificate } from './certificates.ts';
import { type DovecotMechanism, type MailUser, startDovecotAuth } from './dovecot.ts';
import { freePort, inFolder, run, type Stoppable, startDaemon } from './processes.ts';
import { CURRENT_VERSIONS, type TlsVersion, versionRange, writeOpensslConfig } from './tls-versions.ts';

export type PostfixOptions = {
  certificate: Certificate;
  /** Default 127.0.0.1. */
  address?: string;
  /** Default: free ones. */
  smtpPort?: number;
  smtpsPort?: number;
  versions?: readonly TlsVersion[];
  /** OpenSSL's list for TLS 1.2 and older. */
  ciphers?: string;
  /** false: no TLS at all, `smtpsPort` is closed. */
  starttls?: boolean;
  /** Default plain-login. */
  auth?: 'none' | 'plain-login' | 'cram-md5';
  /** Socket of a running Dovecot to ask for logins; otherwise Postfix gets a login service of its own. */
  authSocket?: string;
  users?: readonly MailUser[];
  /** Offer AUTH in clear text too. */
  authBeforeTls?: boolean;
  /** The greeting after "220 ". */
  banner?: string;
  /** Further rows of master.cf. */
  services?: readonly string[];
  /** Further settings of main.cf, which win over those made here. */
  settings?: Readonly<Record<string, string>>;
};

export type Postfix = Stoppable & { host: string; smtpPort: number; smtpsPort: number; logFile: string };

const SETTLED_MS = 60_000;

const MECHANISMS: Record<'plain-login' | 'cram-md5', readonly DovecotMechanism[]> = {
  'plain-login': ['plain', 'login'],
  'cram-md5': ['cram-md5'],
};

/** An SMTP server for submission: STARTTLS on one port, TLS on another. Needs root, as Postfix does. */
export function startPostfix(options: PostfixOptions): Promise<Postfix> {
  const master = '/usr/lib/postfix/sbin/master';
  if (program('postconf') === undefined)
    throw new Error('Postfix is missing: node scripts/system-packages.ts');
  if (process.getuid?.() !== 0)
    throw new Error('Postfix starts as root only, this test runs as another user');
  return inFolder('postfix', async (folder) => {
    const host = options.address ?? '127.0.0.1';
    const smtpPort = options.smtpPort ?? (await freePort(host));
    const smtpsPort = options.smtpsPort ?? (await freePort(host));
    const login = await loginService(options);
    try {
      const logFile = join(folder.path, 'log');
      const tls = options.starttls !== false;
      const main: Record<string, string> = {
        ...(await baseSettings(folder.path, host, logFile)),
        ...(tls ? await tlsSettings(folder.path, options) : { smtpd_tls_security_level: 'none' }),
        ...loginSettings(login.authSocket, options.authBeforeTls ?? !tls),
        ...(options.banner === undefined ? {} : { smtpd_banner: options.banner }),
        ...options.settings,
      };
      const lines = Object.entries(main).map(([name, value]) => `${name} = ${value}\n`);
      await writeSettled(join(folder.path, 'main.cf'), lines.join(''));
      await writeSettled(
        join(folder.path, 'master.cf'),
        services({ host, smtpPort, smtpsPort: tls ? smtpsPort : undefined }, options.services ?? []),
      );
      await createQueue(folder.path);
      const daemon = await startDaemon({
        command: master,
        args: ['-c', folder.path, '-s'],
        env: { MAIL_CONFIG: folder.path, LANG: 'C', OPENSSL_CONF: join(folder.path, 'openssl.cnf') },
        logFile,
        ready: /daemon started/,
      });
      const stop = () => Promise.all([daemon.stop(), login.stop()]).then(() => undefined);
      return { host, smtpPort, smtpsPort, logFile, stop };
    } catch (error) {
      await login.stop();
      throw error;
    }
  });
}

async function loginService(options: PostfixOptions): Promise<Stoppable & { authSocket?: string }> {
  const auth = options.auth ?? 'plain-login';
  if (auth === 'none') return { stop: () => Promise.resolve() };
  if (options.authSocket !== undefined)
    return { authSocket: options.authSocket, stop: () => Promise.resolve() };
  const users = options.users === undefined ? {} : { users: options.users };
  return startDovecotAuth({ mechanisms: MECHANISMS[auth], ...users });
}

function loginSettings(authSocket: string | undefined, beforeTls: boolean): Record<string, string> {
  if (authSocket === undefined) return { smtpd_sasl_auth_enable: 'no' };
  return {
    smtpd_sasl_auth_enable: 'yes',
    smtpd_sasl_type: 'dovecot',
    smtpd_sasl_path: authSocket,
    smtpd_sasl_security_options: 'noanonymous',
    smtpd_tls_auth_only: beforeTls ? 'no' : 'yes',
  };
}

async function baseSettings(folder: string, host: string, logFile: string): Promise<Record<string, string>> {
  return {
    compatibility_level: '3.6',
    queue_directory: join(folder, 'queue'),
    data_directory: join(folder, 'data'),
    maillog_file: logFile,
    maillog_file_prefixes: folder,
    myhostname: 'mail.example.test',
    mydestination: '',
    mynetworks: '',
    inet_interfaces: host,
    inet_protocols: host.includes(':') ? 'ipv6' : 'ipv4',
    default_transport: 'discard',
    relay_transport: 'discard',
    local_transport: 'discard',
    alias_maps: '',
    alias_database: '',
    smtpd_peername_lookup: 'no',
    smtpd_relay_restrictions: 'permit_sasl_authenticated, reject',
  };
}

async function tlsSettings(folder: string, options: PostfixOptions): Promise<Record<string, string>> {
  const versions = options.versions ?? CURRENT_VERSIONS;
  const { min, max } = versionRange(versions);
  const range = `>=${min}, <=${max}`;
  const opensslConfig = await writeOpensslConfig(folder, versions);
  const ciphers = options.ciphers ?? 'aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH';
  return {
    import_environment: `MAIL_CONFIG TZ LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME OPENSSL_CONF=${opensslConfig}`,
    smtpd_tls_security_level: 'may',
    smtpd_tls_chain_files: `${options.certificate.keyFile}, ${options.certificate.certFile}`,
    smtpd_tls_protocols: range,
    smtpd_tls_mandatory_protocols: range,
    tls_medium_cipherlist: `${ciphers}:@SECLEVEL=0`,
  };
}

type Listening = { host: string; smtpPort: number; smtpsPort: number | undefined };

function services({ host, smtpPort, smtpsPort }: Listening, more: readonly string[]): string {
  const at = (port: number) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
  const rows = [
    `${at(smtpPort)} inet n - n - - smtpd`,
    ...(smtpsPort === undefined
      ? []
      : [`${at(smtpsPort)} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes`]),
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
    'rewrite unix - - n - - trivial-rewrite',
    ...['bounce', 'defer', 'trace'].map((name) => `${name} unix - - n - 0 bounce`),
    'proxymap unix - - n - - proxymap',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'anvil unix - - n - 1 anvil',
    'postlog unix-dgram n - n - 1 postlogd',
    ...more,
  ];
  return `${rows.join('\n')}\n`;
}

/** Every Postfix process waits until its configuration has been untouched for two seconds; dated back, it is. */
async function writeSettled(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  const before = new Date(Date.now() - SETTLED_MS);
  await utimes(path, before, before);
}

/** What `postfix check` would make, without its second of shell. */
async function createQueue(folder: string): Promise<void> {
  const owner = Number((await run('id', ['-u', 'postfix'])).stdout);
  const dropGroup = Number((await run('getent', ['group', 'postdrop'])).stdout.split(':')[2]);
  const queue = join(folder, 'queue');
  await mkdir(join(queue, 'pid'), { recursive: true });
  await mkdir(join(folder, 'data'));
  await chown(join(folder, 'data'), owner, 0);
  const own = [
    'active',
    'bounce',
    'corrupt',
    'defer',
    'deferred',
    'flush',
    'hold',
    'incoming',
    'private',
    'saved',
    'trace',
  ];
  for (const name of [...own, 'public', 'maildrop']) {
    await mkdir(join(queue, name), { mode: 0o700 });
    await chown(join(queue, name), owner, own.includes(name) ? 0 : dropGroup);
  }
}
