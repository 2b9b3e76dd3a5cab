/**
 * Makes all that a release consists of in a folder: the package, its bill of materials (CycloneDX) and their sums.
 * npm run release [-- FOLDER]
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { releases } from './changelog.ts';
import { thirdParties, thirdPartyFile, thirdPartyText } from './third-party.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const maximumOutputBytes = 16 * 1024 * 1024;

const npm = async (...args: readonly string[]): Promise<string> => {
  const { stdout } = await run('npm', args, { cwd: root, maxBuffer: maximumOutputBytes });
  return stdout;
};

const manifest = z.object({ name: z.string(), version: z.string() });
const billOfMaterials = z.looseObject({
  metadata: z.looseObject({ component: z.looseObject({ name: z.string() }) }),
});
const { name, version } = manifest.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));

const [newest] = await releases();
if (newest?.version !== version)
  throw new Error(`CHANGELOG.md must begin with ${version}, and begins with ${newest?.version ?? 'none'}`);
if ((await readFile(thirdPartyFile, 'utf8')) !== thirdPartyText(await thirdParties()))
  throw new Error('THIRD-PARTY.md is not what is installed today: npm run third-party');

const folder = resolve(process.env.INIT_CWD ?? process.cwd(), process.argv[2] ?? 'release');
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
await npm('pack', '--silent', '--pack-destination', folder);
const onlyUsed = ['--omit', 'dev', '--omit', 'optional'];
const bill = await npm(
  ...['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only', ...onlyUsed],
);
// npm calls the whole by the folder that it stands in.
const named = billOfMaterials.parse(JSON.parse(bill));
named.metadata.component.name = name;
await writeFile(join(folder, `${name}-${version}.cdx.json`), JSON.stringify(named, null, 2));
const files = await readdir(folder);
const sums = files.map(async (file) => {
  const sum = createHash('sha256').update(await readFile(join(folder, file)));
  return `${sum.digest('hex')}  ${file}\n`;
});
await writeFile(join(folder, 'SHA256SUMS'), (await Promise.all(sums)).join(''));
for (const file of await readdir(folder)) {
  const { size } = await stat(join(folder, file));
  console.log(`${file}  ${Math.ceil(size / 1000)} kB`);
}
