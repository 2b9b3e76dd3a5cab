import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

type Release = { version: string; date: string };

/** By Keep a Changelog, newest first; what is not released yet is left out. */
export const releases = async (): Promise<Release[]> => {
  const text = await readFile(join(import.meta.dirname, '..', 'CHANGELOG.md'), 'utf8');
  return [...text.matchAll(/^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$/gmu)].map(
    ([, version = '', date = '']) => ({ version, date }),
  );
};
