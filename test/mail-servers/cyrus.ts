/** A real Cyrus IMAP: master and imapd, everything in a temp folder. */
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from './certificates.ts';
import { bound, freePort, inFolder, run, type Stoppable, startDaemon } from './processes.ts';
import { idOf, programsOf } from './unpacked.ts';

const CYRUS = idOf('cyrus');

export type CyrusOptions = {
  certificate: Certificate;
  /** Default 127.0.0.1. */
  address?: string;
  versions?: readonly ('tls1_0' | 'tls1_1' | 'tls1_2' | 'tls1_3')[];
  /** Further lines of imapd.conf. */
  settings?: string;
};

export type ImapServer = Stoppable & { host: string; imapPort: number; imapsPort: number; logFile: string };

/** STARTTLS on one port, TLS on the other; LOGINDISABLED before TLS. Needs root. */
export function startCyrus(options: CyrusOptions): Promise<ImapServer> {
  return inFolder('cyrus', async ({ path }) => {
    const { root, env } = await programsOf('cyrus-imapd', path);
    const host = options.address ?? '127.0.0.1';
    const [imapPort, imapsPort] = [await freePort(host), await freePort(host)];
    const logFile = join(path, 'log');
    const config = join(path, 'imapd.conf');
    const services = join(path, 'cyrus.conf');
    const imapd = `${join(root, 'usr/lib/cyrus/bin/imapd')} -C ${config} -U 30`;
    await writeFile(
      config,
      `
configdirectory: ${path}/conf
partition-default: ${path}/spool
defaultpartition: default
proc_path: ${path}/proc
mboxname_lockpath: ${path}/lock
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: ${path}/sasldb2
sasl_mech_list: PLAIN LOGIN
allowplaintext: no
tls_server_cert: ${options.certificate.certFile}
tls_server_key: ${path}/key.pem
tls_versions: ${(options.versions ?? ['tls1_2', 'tls1_3']).join(' ')}
tls_ciphers: DEFAULT@SECLEVEL=0
idlesocket: ${path}/idle
servername: mail.example.test
${options.settings ?? ''}
`,
    );
    await writeFile(
      services,
      `
START {
}
SERVICES {
  imap cmd="${imapd}" listen="${host}:${imapPort}" prefork=1
  imaps cmd="${imapd} -s" listen="${host}:${imapsPort}" prefork=1
}
EVENTS {
}
`,
    );
    for (const name of ['conf/socket', 'conf/db', 'conf/proc', 'conf/log', 'spool', 'proc', 'lock'])
      await mkdir(join(path, name), { recursive: true });
    await run('cp', [options.certificate.keyFile, join(path, 'key.pem')]);
    await run('chown', ['-R', `${CYRUS}:${CYRUS}`, path]);
    await chown(path, CYRUS, CYRUS);
    const command = join(root, 'usr/lib/cyrus/bin/master');
    const args = ['-C', config, '-M', services, '-p', join(path, 'pid'), '-L', logFile];
    const daemon = await startDaemon({ command, args, env, logFile, ready: bound([imapPort, imapsPort]) });
    return { host, imapPort, imapsPort, logFile, stop: daemon.stop };
  });
}
