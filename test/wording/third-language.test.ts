/** A language can be added without forgetting a place: in a copy, the compiler and `localeHoles` name each that the README names. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locales } from '../../src/language.ts';
import { localeHoles } from './locale-holes.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
/** Inside the repository, so that the copy finds the packages; ignored by git. */
let copy: string;

const edit = async (file: string, change: (text: string) => string): Promise<void> =>
  writeFile(join(copy, file), change(await readFile(join(copy, file), 'utf8')));

beforeAll(async () => {
  await mkdir(join(root, '.cache'), { recursive: true });
  copy = await mkdtemp(join(root, '.cache', 'language-'));
  for (const part of [
    'src',
    'scripts',
    'locales',
    'manifests',
    '.env.example',
    'package.json',
    'tsconfig.json',
  ])
    await cp(join(root, part), join(copy, part), { recursive: true });
  await cp(join(copy, 'locales/en'), join(copy, 'locales/fr'), { recursive: true });
  await edit('src/language.ts', (text) =>
    text.replace(/^export const locales = \[.*?\]/mu, (line) => line.replace(']', ", 'fr']")),
  );
  await edit('tsconfig.json', (text) => text.replace(/"include": \[[^\]]*\]/u, '"include": ["src"]'));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

const filesWithErrors = async (): Promise<string[]> => {
  const compiled = run(join(root, 'node_modules/.bin/tsc'), ['-p', '.', '--pretty', 'false'], { cwd: copy });
  const { stdout } = await compiled.catch((failed: { stdout: string }) => failed);
  return [...new Set([...stdout.matchAll(/^(src\/[\w/.-]+)\(/gmu)].map(([, file = '']) => file))].sort();
};

describe('Given a third language in src/language.ts and a folder with its texts', () => {
  it('the compiler and the check of the other places name all that the README names', async () => {
    const named = [...(await filesWithErrors()), ...localeHoles(copy, [...locales, 'fr'])];
    const readme = await readFile(join(root, 'locales/README.md'), 'utf8');
    const [, steps = ''] = /## A new language\n([\s\S]*?)\n## /u.exec(readme) ?? [];
    const listed = steps
      .split('\n')
      .filter((line) => /^\d\. /u.test(line))
      .flatMap((line) => [
        ...(line.split(': ')[0]?.matchAll(/`([\w./*-]+\.(?:ts|json|html|example))`/gu) ?? []),
      ])
      .map(([, file = '']) => file)
      .filter((file) => file !== 'src/language.ts' && !file.includes('<'));
    expect([...new Set(listed)].sort()).toEqual([...new Set(named)].sort());
  });
});

it('Given the languages of today, then no place lacks one', () => {
  expect(localeHoles(root, locales)).toEqual([]);
});
