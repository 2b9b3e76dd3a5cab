import { spawn } from 'node:child_process';
import { canRunContainers } from './containers.ts';
import { ensureSystemPackages } from './system-packages.ts';
import { unpackedPackages } from './unpacked-packages.ts';

/** The gate: format and lint, types, dead code, tests. Everything that can run at the same time does. */
const run = (command: string, args: readonly string[]): Promise<{ ok: boolean; name: string }> => {
  const { promise, resolve } = Promise.withResolvers<{ ok: boolean; name: string }>();
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('error', () => resolve({ ok: false, name: command }));
  child.on('close', (code) => resolve({ ok: code === 0, name: command }));
  return promise;
};

const proxies: readonly string[] = ['nginx', 'caddy', 'haproxy'];
const ofContainers: readonly string[] = ['buildah', 'podman', 'crun', 'busybox-static'];
const ofMail = unpackedPackages.filter(
  (name) => name === 'haproxy' || ![...proxies, ...ofContainers].includes(name),
);
/** Not a package: what a machine must allow before it can run a container. */
const containers = 'mounts of its own';

/** Tests that cannot run without these Debian packages. */
const needs: readonly { packages: readonly string[]; tests: readonly string[] }[] = [
  {
    packages: ['openssl', 'dovecot-imapd', 'postfix', 'dnsmasq-base'],
    tests: [
      'test/mail-servers/mail-servers.test.ts',
      'test/mail-servers/**',
      'test/journeys/**',
      'test/diagnosis/fairness.test.ts',
      'test/discovery/**',
      'test/doctor/**',
      'test/install/**',
      'test/net/**',
      'test/probe/**',
    ],
  },
  {
    packages: ['postgresql'],
    tests: [
      'test/store/**',
      'test/crash/**',
      'test/journeys/doctor.test.ts',
      'test/journeys/operation.test.ts',
    ],
  },
  {
    packages: ['openssl', 'dovecot-imapd', 'postfix', ...ofMail],
    tests: ['test/matrix/**'],
  },
  { packages: ['openssl', 'libnss-wrapper', ...proxies], tests: ['test/proxies/**'] },
  { packages: [...ofContainers, containers], tests: ['test/install/image.test.ts'] },
  {
    packages: ['chromium-headless-shell', 'fonts-noto-color-emoji'],
    tests: [
      'test/adapters/preview-page*.test.ts',
      'test/journeys/preview*.test.ts',
      'test/journeys/{login-page,stories,teams-cards}.test.ts',
      'test/web/login-page.test.ts',
    ],
  },
];

const checks = Promise.all([
  run('biome', ['ci', '--error-on-warnings', '.']),
  run('tsc', ['-p', '.']),
  run('knip', []),
]);
const { missing } = await ensureSystemPackages();
// Postfix refuses to run for anybody but root.
const lacking = [
  ...(process.getuid?.() === 0 ? missing : [...missing, 'postfix']),
  ...((await canRunContainers()) ? [] : [containers]),
];
const leftOut = needs.flatMap(({ packages, tests }) =>
  packages.some((name) => lacking.includes(name)) ? tests : [],
);
if (leftOut.length > 0) {
  console.error(
    `left out, since they need root or ${[...new Set(lacking)].join(', ')}: ${leftOut.join(' ')}`,
  );
  // Under CI nothing may be left out.
  if (process.env.CI) process.exit(1);
}

const failed = (await checks).filter(({ ok }) => !ok);
for (const { name } of failed) console.error(`${name} found something to mend`);
if (failed.length > 0) process.exit(1);
const tests = await run('vitest', ['run', ...leftOut.flatMap((pattern) => ['--exclude', pattern])]);
process.exitCode = tests.ok ? 0 : 1;
