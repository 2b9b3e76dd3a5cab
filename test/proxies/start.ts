/** nginx, Caddy and HAProxy with the configurations that docs/proxies ships, but for names, ports and files. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Unpacked } from '../../scripts/unpacked-packages.ts';
import type { Certificate } from '../mail-servers/certificates.ts';
import { bound, freePort, inFolder, type Stoppable, startDaemon } from '../mail-servers/processes.ts';
import { programsOf } from '../mail-servers/unpacked.ts';

type Proxied = {
  certificate: Certificate /** Of the program behind it, on 127.0.0.1. */;
  backendPort: number;
};
type Around = Proxied & { folder: string; ports: { http: number; https: number } };
type Prepared = { args: string[]; env?: Record<string, string> };

const sample = (file: string): Promise<string> =>
  readFile(new URL(`../../docs/proxies/${file}`, import.meta.url), 'utf8');

/** Every word must be there: a sample that has changed is a sample that has not been tried. */
const exchanged = (text: string, words: Readonly<Record<string, string | number>>): string =>
  Object.entries(words).reduce((current, [from, to]) => {
    if (!current.includes(from)) throw new Error(`expected “${from}” in the sample`);
    return current.replaceAll(from, String(to));
  }, text);

const nginx = async ({ certificate, backendPort, folder, ports }: Around): Promise<Prepared> => {
  const site = exchanged(await sample('nginx.conf'), {
    '/etc/letsencrypt/live/bot.company.com/fullchain.pem': certificate.certFile,
    '/etc/letsencrypt/live/bot.company.com/privkey.pem': certificate.keyFile,
    'bot.company.com': 'localhost',
    '127.0.0.1:3978': `127.0.0.1:${backendPort}`,
    'listen 80;': `listen 127.0.0.1:${ports.http};`,
    'listen [::]:80;': '',
    'listen 443 ssl;': `listen 127.0.0.1:${ports.https} ssl;`,
    'listen [::]:443 ssl;': '',
  });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${join(folder, name)};`)
    .join('\n');
  const config = join(folder, 'nginx.conf');
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  await writeFile(
    config,
    `${user}\ndaemon off;\npid ${join(folder, 'pid')};\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${site}\n}\n`,
  );
  return { args: ['-e', 'stderr', '-p', folder, '-c', config] };
};

const caddy = async ({ certificate, backendPort, folder, ports }: Around): Promise<Prepared> => {
  const { certFile, keyFile } = certificate;
  const site = exchanged(await sample('Caddyfile'), {
    'bot.company.com {': `https://localhost:${ports.https} {\nbind 127.0.0.1\ntls ${certFile} ${keyFile}`,
    '127.0.0.1:3978': `127.0.0.1:${backendPort}`,
  });
  const config = join(folder, 'Caddyfile');
  await writeFile(config, `{\nadmin off\nhttp_port ${ports.http}\n}\n${site}`);
  return {
    args: ['run', '--adapter', 'caddyfile', '--config', config],
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  };
};

const haproxy = async ({ certificate, backendPort, folder, ports }: Around): Promise<Prepared> => {
  const both = join(folder, 'both.pem');
  const parts = await Promise.all(
    [certificate.certFile, certificate.keyFile].map((file) => readFile(file, 'utf8')),
  );
  await writeFile(both, parts.join(''));
  const site = exchanged(await sample('haproxy.cfg'), {
    '/etc/haproxy/bot.company.com.pem': both,
    'bind :80': `bind 127.0.0.1:${ports.http}`,
    'bind :443': `bind 127.0.0.1:${ports.https}`,
    '127.0.0.1:3978': `127.0.0.1:${backendPort}`,
  });
  const config = join(folder, 'haproxy.cfg');
  await writeFile(config, `global\n  tune.ssl.default-dh-param 2048\n${site}`);
  return { args: ['-db', '-f', config] };
};

const makes = {
  nginx: { prepare: nginx, program: 'usr/sbin/nginx' },
  caddy: { prepare: caddy, program: 'usr/bin/caddy' },
  haproxy: { prepare: haproxy, program: 'usr/sbin/haproxy' },
} as const satisfies Partial<
  Record<Unpacked, { prepare: (around: Around) => Promise<Prepared>; program: string }>
>;

export type ProxyName = keyof typeof makes;
export const proxyNames = Object.keys(makes) as ProxyName[];

export type RunningProxy = Stoppable & { url: string; plainUrl: string };

/** `ports`: where it listens, known before, since the program behind it must know its own address. */
export const startProxy = (
  name: ProxyName,
  options: Proxied & { ports: Around['ports'] },
): Promise<RunningProxy> =>
  inFolder(name, async ({ path: folder }) => {
    const { prepare, program } = makes[name];
    const { root, env } = await programsOf(name, folder);
    const prepared = await prepare({ ...options, folder });
    const { stop } = await startDaemon({
      command: join(root, program),
      args: prepared.args,
      env: { ...env, ...prepared.env },
      logFile: join(folder, 'log'),
      ready: bound([options.ports.https]),
    });
    const { http, https } = options.ports;
    return { url: `https://localhost:${https}`, plainUrl: `http://localhost:${http}`, stop };
  });

export const freePorts = async (): Promise<Around['ports']> => {
  const [http, https] = await Promise.all([freePort(), freePort()]);
  return { http, https };
};
