import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AppManifestUtils } from '@microsoft/app-manifest';
import { type Entry, zip } from './zip.ts';

/** Makes the app package of Teams: npm run -s teams-package -- APP_ID [FILE] */

const folder = fileURLToPath(new URL('../manifests/teams/', import.meta.url));
const placeholder = '00000000-0000-0000-0000-000000000000';
const guid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/iu;

type Manifest = Parameters<typeof AppManifestUtils.validateAgainstSchema>[0];
type Schema = Awaited<ReturnType<typeof AppManifestUtils.fetchSchema>>;

const isPattern = (pattern: string): boolean => {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
};

/** Microsoft's schema for languages has patterns (for activities, which we have none of) that no validator can read. */
const readable = (schema: Schema): Schema => {
  const patterns: Record<string, unknown> = schema.patternProperties ?? {};
  const kept = Object.entries(patterns).filter(([pattern]) => isPattern(pattern));
  return Object.assign({}, schema, { patternProperties: Object.fromEntries(kept) });
};

/** Checked against Microsoft's schemas, which the library brings along. */
const problemsOf = async (name: string, content: Buffer): Promise<string[]> => {
  const manifest = JSON.parse(String(content)) as Manifest;
  const schema = readable(await AppManifestUtils.fetchSchema(String(manifest.$schema)));
  const problems = await AppManifestUtils.validateAgainstSchema(manifest, schema);
  return problems.map((problem) => `${name}: ${problem}`);
};

/** Width and height of a PNG stand in its first chunk (PNG 11.2.2). */
const iconProblems = (name: string, content: Buffer, size: number): string[] => {
  const [width, height] = [content.readUInt32BE(16), content.readUInt32BE(20)];
  return width === size && height === size
    ? []
    : [`${name}: ${width} x ${height} instead of ${size} x ${size}`];
};

const entry = async (name: string): Promise<Entry> => ({ name, content: await readFile(`${folder}${name}`) });

const [appId = '', file = 'connect-email-teams.zip'] = process.argv.slice(2);
if (!guid.test(appId) || appId === placeholder) {
  console.error('expected the app id: npm run -s teams-package -- 11111111-2222-3333-4444-555555555555');
  process.exit(2);
}
const [manifest, german, colour, outline] = await Promise.all(
  ['manifest.json', 'de.json', 'color.png', 'outline.png'].map(entry),
);
if (!manifest || !german || !colour || !outline) throw new Error('a file of the package is missing');
const own = { ...manifest, content: Buffer.from(String(manifest.content).replaceAll(placeholder, appId)) };
const problems = [
  ...(await problemsOf('manifest.json', own.content)),
  ...(await problemsOf('de.json', german.content)),
  ...iconProblems('color.png', colour.content, 192),
  ...iconProblems('outline.png', outline.content, 32),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
await writeFile(file, zip([own, german, colour, outline]));
console.log(`${file} is ready to be uploaded to Teams`);
