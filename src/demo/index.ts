import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { createAuthority } from './certificates.ts';
import { imap, samplePassword, smtp } from './dialogues.ts';
import { onlyTls10, startMailServer } from './mail-server.ts';
import { type DnsRecord, startNameServer } from './name-server.ts';

/** Reserved for examples (RFC 6761): nobody's real mail is meant. */
const company = 'nordwind.example';

type Site = { domain: string; certificateUntil: number; options: TlsOptions };

/** Three of them, as there are three kinds of reports. Days from now; the expired one ended yesterday. */
const sites = {
  good: { domain: company, certificateUntil: 300, options: {} },
  old: { domain: `old.${company}`, certificateUntil: 300, options: onlyTls10 },
  expired: { domain: `expired.${company}`, certificateUntil: -1, options: {} },
} as const satisfies Record<string, Site>;

const openSite = async ({ domain, certificateUntil, options }: Site, authority: Authority) => {
  const host = `mail.${domain}`;
  const certificate = authority.issue(host, certificateUntil);
  const [forImap, forSmtp] = await Promise.all([
    startMailServer(() => imap(host), certificate, options),
    startMailServer(() => smtp(host), certificate, options),
  ]);
  const records: Record<string, DnsRecord[]> = {
    [domain]: [{ type: 'MX', host }],
    [host]: [{ type: 'A', address: '127.0.0.1' }],
    [`_imaps._tcp.${domain}`]: [{ type: 'SRV', host, port: forImap.port }],
    [`_submissions._tcp.${domain}`]: [{ type: 'SRV', host, port: forSmtp.port }],
  };
  return { records, servers: [forImap, forSmtp] };
};
type Authority = ReturnType<typeof createAuthority>;

/**
 * A company with three mail servers and a name server on loopback, for whoever has none at hand. The bot that is started
 * with its `settings` reaches nothing but these.
 */
export const openSampleCompany = async () => {
  const authority = createAuthority();
  const folder = await mkdtemp(join(tmpdir(), 'connect-email-demo-'));
  const caFile = join(folder, 'authority.pem');
  await writeFile(caFile, authority.certificate);
  const opened = await Promise.all(Object.values(sites).map((site) => openSite(site, authority)));
  const servers = opened.flatMap((site) => site.servers);
  const names = await startNameServer(Object.assign({}, ...opened.map(({ records }) => records)));
  const settings = {
    DATA_DIR: folder,
    CHECK_ALLOW_NETWORKS: '127.0.0.1/32',
    CHECK_ALLOW_PORTS: servers.map(({ port }) => port).join(','),
    CHECK_CA_FILE: caFile,
    CHECK_DNS_SERVERS: `127.0.0.1:${names.port}`,
    // Its servers keep no mail.
    REHEARSAL: 'off',
  };
  return {
    settings,
    password: samplePassword,
    addresses: {
      good: `anna@${sites.good.domain}`,
      old: `anna@${sites.old.domain}`,
      expired: `anna@${sites.expired.domain}`,
    },
    close: async (): Promise<void> => {
      for (const one of [...servers, names]) one.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
