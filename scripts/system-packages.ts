/**
 * The programs outside npm that the tests talk to, and how to get them on Debian.
 *
 * Debian starts a server as soon as it is installed. Tests run their own on loopback, so services are
 * kept from starting while apt works; dnsmasq (its package would take port 53) and the mail servers whose
 * packages would remove one another are only unpacked.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import {
  aptGet,
  libraryFolders,
  type Unpacked,
  unpack,
  unpacked,
  unpackedPackages,
} from './unpacked-packages.ts';

const run = promisify(execFile);

const POLICY = '/usr/sbin/policy-rc.d';

export const chromiumPath = '/usr/lib/chromium/chromium-headless-shell';

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
  // Chromium without windows: the same browser for a third of the processor's time.
  { name: 'chromium-headless-shell', present: () => existsSync(chromiumPath), services: [] },
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
  const root = unpacked('dnsmasq-base');
  if (root !== undefined)
    return { path: join(root, 'usr', 'sbin', 'dnsmasq'), env: { LD_LIBRARY_PATH: libraryFolders(root) } };
  const installed = program('dnsmasq');
  return installed === undefined ? undefined : { path: installed, env: {} };
}

type Missing = { installable: SystemPackage[]; unpackable: Unpacked[] };

function missingPackages(): Missing {
  const there = (name: Unpacked) => (name === 'dnsmasq-base' ? dnsmasq() : unpacked(name)) !== undefined;
  return {
    installable: PACKAGES.filter((entry) => !entry.present()),
    unpackable: unpackedPackages.filter((name) => !there(name)),
  };
}

const namesOf = ({ installable, unpackable }: Missing): string[] => [
  ...installable.map(({ name }) => name),
  ...unpackable,
];

/**
 * Makes sure the programs are there. Root on a machine with apt installs what is missing; anyone else is told
 * the command in one line. Returns the packages that are still missing.
 */
export async function ensureSystemPackages(
  say: (line: string) => void = console.error,
): Promise<{ missing: string[] }> {
  const missing = missingPackages();
  const names = namesOf(missing);
  if (names.length === 0) return { missing: [] };
  if (process.getuid?.() !== 0 || program('apt-get') === undefined) {
    say(`Missing programs (${names.join(', ')}), please run: sudo node scripts/system-packages.ts`);
    return { missing: names };
  }
  say(`Installing ${names.join(', ')} …`);
  await aptGet(['update', '-q']);
  if (missing.installable.length > 0) await withoutStartingServices(() => install(missing.installable));
  await Promise.all(missing.unpackable.map(unpack));
  return { missing: namesOf(missingPackages()) };
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

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { missing } = await ensureSystemPackages();
  if (missing.length > 0) {
    console.error(`Still missing: ${missing.join(' ')}`);
    process.exitCode = 1;
  }
}
