/** A real Courier IMAP (on GnuTLS, as Debian builds it), without its login daemon: nobody can log in. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Certificate } from './certificates.ts';
import type { ImapServer } from './cyrus.ts';
import { bound, freePort, inFolder, startDaemon } from './processes.ts';
import { programsOf } from './unpacked.ts';

export type CourierOptions = {
  certificate: Certificate;
  /** Default 127.0.0.1. */
  address?: string;
  /** GnuTLS's priority string. */
  priority?: string;
  /** Further variables of /etc/courier/imapd-ssl. */
  settings?: Readonly<Record<string, string>>;
};

const CAPABILITIES =
  'IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE';

/** STARTTLS on one port, TLS on the other; LOGINDISABLED before TLS. */
export function startCourier(options: CourierOptions): Promise<ImapServer> {
  return inFolder('courier', async ({ path }) => {
    const { root, env } = await programsOf('courier-imap', path);
    const host = options.address ?? '127.0.0.1';
    const { certFile, keyFile } = options.certificate;
    const both = join(path, 'cert.pem');
    await writeFile(both, (await readFile(certFile, 'utf8')) + (await readFile(keyFile, 'utf8')));
    const logFile = join(path, 'log');
    await writeFile(logFile, '');
    const couriertls = join(root, 'usr/bin/couriertls');
    const settings = {
      ...env,
      IMAP_CAPABILITY: CAPABILITIES,
      IMAP_CAPABILITY_TLS: `${CAPABILITIES} AUTH=PLAIN`,
      IMAP_STARTTLS: 'YES',
      IMAP_TLS_REQUIRED: '1',
      COURIERTLS: couriertls,
      TLS_CERTFILE: both,
      TLS_VERIFYPEER: 'NONE',
      ...(options.priority === undefined ? {} : { TLS_PRIORITY: options.priority }),
      ...options.settings,
    };
    const listen = async (port: number, isTls: boolean) =>
      startDaemon({
        command: join(root, 'usr/sbin/couriertcpd'),
        args: [
          ...[`-address=${host}`, '-maxprocs=40', '-maxperip=40', '-nodnslookup', '-noidentlookup'],
          String(port),
          ...(isTls ? [couriertls, '-server', '-tcpd'] : []),
          ...[join(root, 'usr/lib/courier/courier/imaplogin'), join(root, 'usr/bin/imapd'), 'Maildir'],
        ],
        env: { ...settings, ...(isTls ? { IMAP_TLS: '1' } : {}) },
        logFile,
        ready: bound([port]),
      });
    const [imapPort, imapsPort] = [await freePort(host), await freePort(host)];
    const daemons = await Promise.all([listen(imapPort, false), listen(imapsPort, true)]);
    const stop = () => Promise.all(daemons.map((daemon) => daemon.stop())).then(() => undefined);
    return { host, imapPort, imapsPort, logFile, stop };
  });
}
