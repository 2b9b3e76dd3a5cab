/** A real Dovecot of its own: configuration, mail and sockets in a temp folder, listening on loopback. */
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { program } from '../../scripts/system-packages.ts';
import type { Certificate } from './certificates.ts';
import { type Folder, freePort, inFolder, run, type Stoppable, startDaemon } from './processes.ts';
import {
  CURRENT_VERSIONS,
  LEGACY_CIPHERS,
  type TlsVersion,
  versionRange,
  writeOpensslConfig,
} from './tls-versions.ts';

export type MailUser = {
  name: string;
  password: string;
  /** Extra fields of Dovecot's passwd-file: `allow_nets=192.0.2.0/24`, `nologin`, `reason=…`. */
  fields?: readonly string[];
};

/** The user every server here knows unless told otherwise. */
export const REP: MailUser = { name: 'rep@example.test', password: 'kolibri-tanzt-41' };

export type DovecotMechanism =
  | 'plain'
  | 'login'
  | 'cram-md5'
  | 'digest-md5'
  | 'scram-sha-256'
  | 'oauthbearer'
  | 'xoauth2';

export type DovecotOptions = {
  certificate: Certificate;
  /**
   * Default 127.0.0.1. Dovecot counts a client from its own address as secured and then shows no LOGINDISABLED;
   * clients of loopback come from 127.0.0.1, so take 127.0.0.2 where that matters.
   */
  address?: string;
  /** Default: free ones. */
  imapPort?: number;
  imapsPort?: number;
  versions?: readonly TlsVersion[];
  /** OpenSSL's list for TLS 1.2 and older. */
  ciphers?: string;
  /** false: no TLS at all, `imapsPort` is closed. */
  starttls?: boolean;
  /** Default plain and login. */
  mechanisms?: readonly DovecotMechanism[];
  /** Default true, as Dovecot itself. */
  disablePlaintextAuth?: boolean;
  users?: readonly MailUser[];
  /** Name of the folder with the special use \Sent; false for none. Default "Sent". */
  sentMailbox?: string | false;
  /** Further lines of dovecot.conf, which win over those made here. */
  settings?: string;
};

export type Dovecot = Stoppable & {
  host: string;
  imapPort: number;
  imapsPort: number;
  logFile: string;
  /** Where Postfix asks for logins. */
  authSocket: string;
};

/** An IMAP server with STARTTLS on one port and TLS on another. Throws with Dovecot's own words when it cannot start. */
export function startDovecot(options: DovecotOptions): Promise<Dovecot> {
  return inFolder('dovecot', async (folder) => {
    const host = options.address ?? '127.0.0.1';
    const imapPort = options.imapPort ?? (await freePort(host));
    const imapsPort = options.imapsPort ?? (await freePort(host));
    const tls = options.starttls !== false;
    const settings = `
protocols = imap
listen = ${host}
${tls ? await tlsSettings(folder, options) : 'ssl = no'}
service imap-login {
  inet_listener imap {
    port = ${imapPort}
  }
  inet_listener imaps {
    port = ${tls ? imapsPort : 0}
    ssl = ${tls ? 'yes' : 'no'}
  }
}
namespace inbox {
  inbox = yes
  ${options.sentMailbox === false ? '' : `mailbox "${options.sentMailbox ?? 'Sent'}" {\n    auto = create\n    special_use = \\Sent\n  }`}
}
${options.settings ?? ''}
`;
    const started = await startMaster(folder, { ...options, settings });
    return { ...started, host, imapPort, imapsPort };
  });
}

export type DovecotAuthOptions = {
  mechanisms?: readonly DovecotMechanism[];
  users?: readonly MailUser[];
};

/** Dovecot's login service alone, for Postfix to ask. */
export function startDovecotAuth(
  options: DovecotAuthOptions = {},
): Promise<Stoppable & { authSocket: string }> {
  return inFolder('dovecot-auth', (folder) =>
    startMaster(folder, { ...options, settings: 'protocols =\nssl = no' }),
  );
}

type Master = DovecotAuthOptions & { settings: string; disablePlaintextAuth?: boolean };

async function startMaster(folder: Folder, options: Master) {
  const command = program('dovecot');
  if (command === undefined) throw new Error('Dovecot is missing: node scripts/system-packages.ts');
  const logFile = join(folder.path, 'log');
  const authSocket = join(folder.path, 'auth');
  const config = join(folder.path, 'dovecot.conf');
  const users = join(folder.path, 'users');
  const owner = await mailOwner(folder);
  const userLines = (options.users ?? [REP]).map((user) =>
    [user.name, `{PLAIN}${user.password}`, '', '', '', '', '', (user.fields ?? []).join(' ')].join(':'),
  );
  await writeFile(users, `${userLines.join('\n')}\n`);
  await writeFile(
    config,
    `
base_dir = ${folder.path}/run
state_dir = ${folder.path}/state
log_path = ${logFile}
${owner.settings}
mail_uid = ${owner.uid}
mail_gid = ${owner.gid}
first_valid_uid = 1
mail_location = maildir:${folder.path}/mail/%u
auth_mechanisms = ${(options.mechanisms ?? ['plain', 'login']).join(' ')}
disable_plaintext_auth = ${options.disablePlaintextAuth === false ? 'no' : 'yes'}
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u ${users}
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${folder.path}/mail/%u
}
service auth {
  unix_listener ${authSocket} {
    mode = 0666
  }
}
${options.settings}
`,
  );
  const daemon = await startDaemon({ command, args: ['-F', '-c', config], logFile, ready: /starting up/ });
  return { stop: daemon.stop, logFile, authSocket };
}

async function tlsSettings(folder: Folder, options: DovecotOptions): Promise<string> {
  const versions = options.versions ?? CURRENT_VERSIONS;
  // Dovecot 2.3 knows a lowest version only; the highest has to come from OpenSSL's own configuration.
  const opensslConfig = await writeOpensslConfig(folder.path, versions);
  return `
import_environment = TZ OPENSSL_CONF=${opensslConfig}
ssl = yes
ssl_cert = <${options.certificate.certFile}
ssl_key = <${options.certificate.keyFile}
ssl_min_protocol = ${versionRange(versions).min}
ssl_cipher_list = ${options.ciphers === undefined ? LEGACY_CIPHERS : `${options.ciphers}:@SECLEVEL=0`}
`;
}

/** Dovecot delivers no mail as root, so root hands the folder to nobody; anyone else keeps it. */
async function mailOwner(folder: Folder): Promise<{ uid: number; gid: number; settings: string }> {
  const mail = join(folder.path, 'mail');
  await mkdir(mail);
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  if (uid === 0) {
    const nobody = { uid: 65_534, gid: 65_534 };
    await chown(mail, nobody.uid, nobody.gid);
    return { ...nobody, settings: '' };
  }
  const [user, group] = await Promise.all([run('id', ['-un']), run('id', ['-gn'])]);
  const settings = `
default_login_user = ${user.stdout.trim()}
default_internal_user = ${user.stdout.trim()}
default_internal_group = ${group.stdout.trim()}
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
`;
  return { uid, gid, settings };
}
