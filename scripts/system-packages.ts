/**
 * The programs outside npm that the tests talk to, and how to get them on Debian.
 *
 * Debian starts a server as soon as it is installed. Tests run their own on loopback, so services are
 * kept from starting while apt works, and dnsmasq is only unpacked (its package would take port 53).
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const UNPACKED = join(import.meta.dirname, '..', '.cache', 'debian');
const POLICY = '/usr/sbin/policy-rc.d';
const DNSMASQ_PACKAGE = 'dnsmasq-base';
const MAXIMUM_OUTPUT_BYTES = 64 * 1024 * 1024;

type SystemPackage = {
  /** Debian's name. */
  readonly name: string;
  /** Whether everything the tests use from it is there. */
  readonly present: () => boolean;
  /** Services the package enables for the next start of the machine; nobody asked for them. */
  readonly services: readonly string[];
};

const PACKAGES: readonly SystemPackage[] = [
  { name: 'openssl', present: () => program('openssl') !== undefined, services: [] },
  {
    name: 'dovecot-imapd',
    present: () => program('dovecot') !== undefined && existsSync('/usr/lib/dovecot/imap-login'),
    services: ['dovecot'],
  },
  {
    name: 'postfix',
    present: () => program('postconf') !== undefined && existsSync('/usr/lib/postfix/sbin/master'),
    services: ['postfix'],
  },
  { name: 'postgresql', present: () => postgresPrograms() !== undefined, services: ['postgresql'] },
  { name: 'chromium', present: () => program('chromium') !== undefined, services: [] },
  {
    name: 'fonts-noto-color-emoji',
    present: () => existsSync('/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf'),
    services: [],
  },
];

/** Path of a program; daemons live in sbin, which is on root's PATH only. */
export function program(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The folder of PostgreSQL's own programs, the newest version's; Debian keeps it off every PATH. */
export function postgresPrograms(): string | undefined {
  const versions = '/usr/lib/postgresql';
  if (!existsSync(versions)) return undefined;
  return readdirSync(versions)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb')));
}

/** The real dnsmasq, installed or unpacked, with the environment that lets it find its libraries. */
export function dnsmasq(): { path: string; env: Record<string, string> } | undefined {
  const unpacked = join(UNPACKED, 'usr', 'sbin', 'dnsmasq');
  if (existsSync(join(UNPACKED, 'complete'))) {
    return { path: unpacked, env: { LD_LIBRARY_PATH: libraryFolders(join(UNPACKED, 'usr', 'lib')) } };
  }
  const installed = program('dnsmasq');
  return installed === undefined ? undefined : { path: installed, env: {} };
}

function libraryFolders(lib: string): string {
  const triplets: Partial<Record<NodeJS.Architecture, string>> = {
    x64: 'x86_64-linux-gnu',
    arm64: 'aarch64-linux-gnu',
  };
  return [join(lib, triplets[process.arch] ?? process.arch), lib].join(delimiter);
}

function missingPackages(): SystemPackage[] {
  const wanted: SystemPackage[] = [...PACKAGES];
  wanted.push({ name: DNSMASQ_PACKAGE, present: () => dnsmasq() !== undefined, services: [] });
  return wanted.filter((entry) => !entry.present());
}

/**
 * Makes sure the programs are there. Root on a machine with apt installs what is missing; anyone else is told
 * the command in one line. Returns the packages that are still missing.
 */
export async function ensureSystemPackages(
  say: (line: string) => void = console.error,
): Promise<{ missing: string[] }> {
  const missing = missingPackages();
  if (missing.length === 0) return { missing: [] };
  const names = missing.map((entry) => entry.name);
  if (process.getuid?.() !== 0 || program('apt-get') === undefined) {
    say(`Missing programs, please run: sudo apt-get install --no-install-recommends ${names.join(' ')}`);
    return { missing: names };
  }
  say(`Installing ${names.join(', ')} …`);
  await aptGet(['update', '-q']);
  const installable = missing.filter((entry) => entry.name !== DNSMASQ_PACKAGE);
  if (installable.length > 0) await withoutStartingServices(() => install(installable));
  if (names.includes(DNSMASQ_PACKAGE)) await unpackDnsmasq();
  return { missing: missingPackages().map((entry) => entry.name) };
}

async function aptGet(args: readonly string[], cwd?: string): Promise<string> {
  // Two test runs may arrive here at the same time: the second waits for dpkg's lock instead of failing.
  const { stdout } = await run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    cwd,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    maxBuffer: MAXIMUM_OUTPUT_BYTES,
  });
  return stdout;
}

async function install(packages: readonly SystemPackage[]): Promise<void> {
  if (packages.some((entry) => entry.name === 'postfix')) {
    const answers = run('debconf-set-selections');
    answers.child.stdin?.end('postfix postfix/main_mailer_type select No configuration\n');
    await answers;
  }
  await aptGet(['install', '-y', '-q', '--no-install-recommends', ...packages.map((entry) => entry.name)]);
  for (const service of packages.flatMap((entry) => entry.services)) {
    await run('update-rc.d', [service, 'disable']).catch(() => undefined);
  }
}

/** Debian asks policy-rc.d before it starts a service; 101 means no. One that says otherwise is put back. */
async function withoutStartingServices(work: () => Promise<void>): Promise<void> {
  if (await refusesServices()) return work();
  const aside = `${POLICY}.before-tests`;
  const existed = existsSync(POLICY);
  if (existed) await rename(POLICY, aside);
  try {
    await writeFile(POLICY, '#!/bin/sh\nexit 101\n');
    await chmod(POLICY, 0o755);
    await work();
  } finally {
    await rm(POLICY, { force: true });
    if (existed) await rename(aside, POLICY);
  }
}

async function refusesServices(): Promise<boolean> {
  if (!existsSync(POLICY)) return false;
  const answers = ['dovecot', 'postfix', 'postgresql'].map((service) =>
    run(POLICY, [service, 'start']).then(
      () => false,
      (error: { code?: unknown }) => error.code === 101,
    ),
  );
  return (await Promise.all(answers)).every(Boolean);
}

async function unpackDnsmasq(): Promise<void> {
  const simulated = await aptGet(['install', '-s', '--no-install-recommends', DNSMASQ_PACKAGE]);
  const names = [...simulated.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? DNSMASQ_PACKAGE);
  const downloads = await mkdtemp(join(tmpdir(), 'system-packages-'));
  try {
    // apt drops to its own user for downloads and complains when that user cannot write here.
    await chmod(downloads, 0o777);
    await aptGet(['download', '-q', ...names], downloads);
    await mkdir(UNPACKED, { recursive: true });
    for (const file of await readdir(downloads)) await run('dpkg', ['-x', join(downloads, file), UNPACKED]);
    await writeFile(join(UNPACKED, 'complete'), '');
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { missing } = await ensureSystemPackages();
  if (missing.length > 0) {
    console.error(`Still missing: ${missing.join(' ')}`);
    process.exitCode = 1;
  }
}
