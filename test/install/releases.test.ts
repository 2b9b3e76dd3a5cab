/** What a release must have: its words, its licences, its bill of materials, and a way up from every one before it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { releases } from '../../scripts/changelog.ts';
import { thirdParties, thirdPartyFile, thirdPartyText } from '../../scripts/third-party.ts';
import { startProduct } from '../journeys/product.ts';
import { connectEmail } from '../journeys/terminal-cases.ts';
import { scope } from '../mail-servers/index.ts';
import { earlierDatabase } from '../store/earlier.ts';
import { after } from '../support/afterwards.ts';
import { repository } from './package.ts';

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')));

/** By released version, the database that its bot has left: test/store/fixtures. */
const databases: Readonly<Record<string, string>> = { '0.1.0': 'before-typed-jobs' };

test('the version has its place at the top of the changelog, and the page on upgrading names it', async () => {
  expect((await releases())[0]?.version).toBe(version);
  const upgrading = await readFile(join(repository, 'docs', 'upgrading.md'), 'utf8');
  for (const released of (await releases()).slice(0, -1))
    expect(upgrading).toMatch(new RegExp(`^\\| ${released.version} from `, 'mu'));
});

describe('what comes along with an installation', () => {
  test('is named with its licence, as it is today', async () => {
    expect(await readFile(thirdPartyFile, 'utf8')).toBe(thirdPartyText(await thirdParties()));
  });

  test('may be used and passed on by everybody', async () => {
    const free = [
      'MIT',
      'ISC',
      '0BSD',
      'Apache-2.0',
      'BSD-2-Clause',
      'BSD-3-Clause',
      'BlueOak-1.0.0',
      'MIT-0',
    ];
    const parties = await thirdParties();
    expect(parties.length).toBeGreaterThan(100);
    // Of several that are offered, one is enough.
    const offered = (licence: string): string[] => licence.replaceAll(/[()]/gu, '').split(' OR ');
    expect(parties.filter(({ licence }) => !offered(licence).some((one) => free.includes(one)))).toEqual([]);
  });
});

describe('a database of every version before', async () => {
  const earlier = (await releases()).slice(1).map((released) => released.version);

  test('is kept for this test', () => {
    expect(Object.keys(databases)).toEqual(earlier);
  });

  test.each(earlier)('of %s is read, backed up and gone on with', async (released) => {
    const { directory } = await earlierDatabase(databases[released] ?? '');
    const own = scope();
    after('test', own.stop);
    const env = { DATA_DIR: directory, DATABASE_URL: '' };
    const { code, stdout } = await connectEmail(['cases', '--open', '--json'], { env });
    expect([code, stdout]).toEqual([0, expect.stringContaining('Bea Lang')]);
    const file = join(await own.folder(), 'backup.jsonl');
    expect(await connectEmail(['backup', file], { env })).toMatchObject({ code: 0, stderr: '' });
    const bot = await own.start(startProduct({ DATA_DIR: directory, LOG_LEVEL: 'error' }));
    expect((await fetch(`${bot.url}/readyz`)).status).toBe(200);
  });
});
