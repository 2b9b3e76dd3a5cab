/** The package as the owner makes it and others install it: in an empty folder, far from the repository. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

type Ran = { code: number | null; stdout: string; stderr: string };
type Where = { cwd: string; env?: Readonly<Record<string, string>>; input?: string };

/** Without what npm and the checkout have put into the environment of the test itself. */
const outside = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value = '']) =>
      /^(?:npm_(?:lifecycle|package|command)|INIT_CWD|NODE_COMPILE_CACHE|LC_|VITEST|NODE_ENV)/u.test(name)
        ? []
        : [[name, value]],
    ),
  );

/** With the Node that runs the tests first on the way, and nothing else of the checkout. */
export const run = async (
  program: string,
  args: readonly string[],
  { cwd, env = {}, input }: Where,
): Promise<Ran> => {
  const path = [dirname(process.execPath), ...(process.env.PATH ?? '').split(delimiter)];
  const foreign = path.filter((folder) => !folder.startsWith(join(repository, 'node_modules', '.bin')));
  const child = spawn(program, args, {
    cwd,
    env: { ...outside(), LANG: 'C', PATH: foreign.join(delimiter), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined).end(input);
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { code: child.exitCode, stdout, stderr };
};

const succeeded = async (program: string, args: readonly string[], where: Where): Promise<string> => {
  const { code, stdout, stderr } = await run(program, args, where);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  return stdout;
};

/** `npm pack` in the repository. The file, and what is in it. */
export const pack = async (into: string): Promise<{ file: string; contents: string[] }> => {
  await succeeded('npm', ['pack', '--silent', '--pack-destination', into], { cwd: repository });
  const [name = ''] = (await readdir(into)).filter((one) => one.endsWith('.tgz'));
  const listed = await succeeded('tar', ['-tzf', join(into, name)], { cwd: into });
  return { file: join(into, name), contents: listed.trim().split('\n') };
};

/** `npm install FILE` in a new folder below `within`. What npm has said, and the command's place. */
export const install = async (file: string, within: string) => {
  const folder = join(within, 'installed');
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const options = ['--prefer-offline', '--no-audit', '--no-fund'];
  const { code, stderr } = await run('npm', ['install', ...options, file], { cwd: folder });
  const command = join(folder, 'node_modules', '.bin', 'connect-email');
  if (code !== 0 || !existsSync(command)) throw new Error(`npm install ended with ${code}: ${stderr}`);
  return { folder, command, complaints: stderr };
};
