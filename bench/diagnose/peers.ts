/** The tools of administrators, unpacked from Debian's packages into the cache folder and never installed. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folder = join(import.meta.dirname, '..', '..', '.cache', 'peers');

/** sslscan, testssl.sh, nmap, and what Debian 12 lists as their needs beyond a plain system. */
const packages = [
  ...['sslscan', 'testssl.sh', 'bsdextrautils', 'bsdmainutils', 'bind9-host', 'bind9-dnsutils', 'bind9-libs'],
  ...['nmap', 'nmap-common', 'liblinear4', 'liblua5.3-0', 'libpcap0.8', 'libpcre3', 'libssh2-1', 'libblas3'],
  ...['lua-lpeg'],
];

const unpack = async (): Promise<void> => {
  const downloads = await mkdtemp(join(tmpdir(), 'peers-'));
  try {
    // apt drops to its own user for downloads.
    await chmod(downloads, 0o777);
    await run('apt-get', ['update', '-q']);
    await run('apt-get', ['download', '-q', ...packages], { cwd: downloads });
    await mkdir(folder, { recursive: true });
    for (const file of await readdir(downloads)) await run('dpkg', ['-x', join(downloads, file), folder]);
    await writeFile(join(folder, 'complete'), '');
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
};

export type At = { host: string; port: number; starttls: 'imap' | 'smtp' | null };
export type Peer = { name: string; command(at: At): readonly string[] };

/** The environment in which the unpacked programs find their libraries and data. */
const environment = (): NodeJS.ProcessEnv => {
  const libraries = ['usr/lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu/blas', 'lib/x86_64-linux-gnu'];
  return {
    PATH: [join(folder, 'usr/bin'), process.env.PATH].join(delimiter),
    LD_LIBRARY_PATH: libraries.map((path) => join(folder, path)).join(delimiter),
    NMAPDIR: join(folder, 'usr/share/nmap'),
    LUA_CPATH: join(folder, 'usr/lib/x86_64-linux-gnu/lua/5.3/?.so'),
    TESTSSL_INSTALL_DIR: join(folder, 'etc/testssl'),
    TERM: 'dumb',
  };
};

const sslscan: Peer = {
  name: 'sslscan',
  command: ({ host, port, starttls }) => [
    ...['sslscan', '--no-colour', ...(starttls ? [`--starttls-${starttls}`] : [])],
    `${host}:${port}`,
  ],
};
const testssl: Peer = {
  name: 'testssl.sh',
  command: ({ host, port, starttls }) => [
    ...['testssl', '--warnings', 'off', '--color', '0', '--nodns', 'none'],
    ...(starttls ? ['--starttls', starttls] : []),
    `${host}:${port}`,
  ],
};
const nmap: Peer = {
  name: 'nmap',
  command: ({ host, port, starttls }) => [
    ...['nmap', '-Pn', '-n', '--unprivileged', '-p', String(port)],
    ...[
      '--script',
      `ssl-enum-ciphers,ssl-cert,${starttls === 'smtp' ? 'smtp-commands' : 'imap-capabilities'}`,
    ],
    host,
  ],
};

/** @throws when this machine has no apt or cannot reach Debian's packages */
export const openPeers = async (): Promise<readonly Peer[]> => {
  if (!existsSync(join(folder, 'complete'))) await unpack();
  return [sslscan, nmap, testssl];
};

/** Wall time in milliseconds and what was printed; a peer still running after three minutes is stopped. */
export const runPeer = async (peer: Peer, at: At): Promise<{ ms: number; output: string }> => {
  const [program = '', ...args] = peer.command(at);
  const started = performance.now();
  const options = { env: environment(), timeout: 180_000, maxBuffer: 16 * 1024 * 1024 };
  const output = await run(program, args, options).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  );
  return { ms: performance.now() - started, output };
};
