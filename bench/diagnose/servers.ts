/** The servers that everybody is measured on: Dovecot, Postfix and a name server. Run by itself it prints where they are. */
import {
  scope,
  startDovecot,
  startNameServer,
  startPostfix,
  startSilent,
} from '../../test/mail-servers/index.ts';

const host = 'mail.example.test';

/**
 * `address`: where they listen. As Debian sets them up, with a new login process for each connection to Dovecot; or
 * `roomy`, with processes that stay and take everybody who comes at once.
 */
export const openServers = async (address: string, { roomy }: { roomy: boolean }) => {
  const servers = scope();
  const authority = await servers.authority();
  const certificate = await authority.issue({ hosts: [host, address] });
  const many =
    'service imap-login {\n  process_limit = 2000\n  client_limit = 4000\n  service_count = 0\n}\n';
  const noLimits = { smtpd_client_connection_count_limit: '0', default_process_limit: '400' };
  const [dovecot, postfix, silent, dns] = await Promise.all([
    servers.start(startDovecot({ certificate, address, ...(roomy ? { settings: many } : {}) })),
    servers.start(startPostfix({ certificate, address, ...(roomy ? { settings: noLimits } : {}) })),
    servers.start(startSilent({ address })),
    servers.start(startNameServer([{ type: 'A', name: host, address }], { address })),
  ]);
  return {
    address,
    ca: authority.caFile,
    dns: `${dns.address}:${dns.port}`,
    imaps: dovecot.imapsPort,
    imap: dovecot.imapPort,
    smtps: postfix.smtpsPort,
    smtp: postfix.smtpPort,
    silent: silent.port,
    stop: servers.stop,
  };
};
export type Servers = Omit<Awaited<ReturnType<typeof openServers>>, 'stop'>;

/** An endpoint of these servers as `accounts.ts` reads it. */
export const endpoint = (port: number, encryption: 'tls' | 'starttls') => `${host} ${port} ${encryption}`;

if (import.meta.main) {
  const { stop, ...where } = await openServers(process.argv[2] ?? '127.0.0.1', { roomy: true });
  process.stdout.write(`${JSON.stringify(where)}\n`);
  process.stdin.resume().on('end', () => void stop().then(() => process.exit(0)));
}
