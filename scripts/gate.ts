import { spawn } from 'node:child_process';
import { ensureSystemPackages } from './system-packages.ts';

/** The gate: format and lint, types, dead code, tests. Everything that can run at the same time does. */
const run = (command: string, args: readonly string[]): Promise<{ ok: boolean; name: string }> => {
  const { promise, resolve } = Promise.withResolvers<{ ok: boolean; name: string }>();
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  child.on('error', () => resolve({ ok: false, name: command }));
  child.on('close', (code) => resolve({ ok: code === 0, name: command }));
  return promise;
};

const { missing } = await ensureSystemPackages();
if (missing.length > 0) {
  console.error(`left out for want of ${missing.join(', ')}: every test that needs it`);
  // Under CI nothing may be left out.
  if (process.env.CI) process.exit(1);
}
const checks = await Promise.all([
  run('biome', ['ci', '--error-on-warnings', '.']),
  run('tsc', ['-p', '.']),
  run('knip', []),
]);
const failed = checks.filter(({ ok }) => !ok);
for (const { name } of failed) console.error(`${name} found something to mend`);
if (failed.length > 0) process.exit(1);
const tests = await run('vitest', ['run']);
process.exitCode = tests.ok ? 0 : 1;
