import { spawn } from 'node:child_process';
import { canRunContainers } from './containers.ts';
import { ensureSystemPackages } from './system-packages.ts';
import { containers, needs } from './test-needs.ts';

/** The gate: format and lint, types, dead code, tests. Everything that can run at the same time does. */
const run = (command: string, args: readonly string[]): Promise<{ ok: boolean; name: string }> => {
  const { promise, resolve } = Promise.withResolvers<{ ok: boolean; name: string }>();
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('error', () => resolve({ ok: false, name: command }));
  child.on('close', (code) => resolve({ ok: code === 0, name: command }));
  return promise;
};

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
