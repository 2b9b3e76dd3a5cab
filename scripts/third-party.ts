/** Writes THIRD-PARTY.md: whose work comes along with an installation, and by which licence. npm run third-party */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');
export const thirdPartyFile = join(root, 'THIRD-PARTY.md');

const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      optional: z.boolean().optional(),
    }),
  ),
});

type ThirdParty = { name: string; version: string; licence: string };

/** What is installed for use, by name: what the lock file holds, less what only development or other systems need. */
export const thirdParties = async (): Promise<ThirdParty[]> => {
  const { packages } = lock.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional, optional }]) => path !== '' && !dev && !devOptional && !optional)
    .map(([path, { version = '', license = 'not stated' }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
    }))
    .toSorted((a, b) => (a.name === b.name ? a.version.localeCompare(b.version) : a.name < b.name ? -1 : 1));
};

export const thirdPartyText = (parties: readonly ThirdParty[]): string => {
  const lines = parties.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  return [
    '# Third-party software',
    '',
    'connect-email is installed with these packages. Each brings the text of its licence and the names of its authors in its own folder. Written by `npm run third-party`.',
    '',
    '| package | version | licence |',
    '|---|---|---|',
    ...new Set(lines),
    '',
  ].join('\n');
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await writeFile(thirdPartyFile, thirdPartyText(await thirdParties()));
