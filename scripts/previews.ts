import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { examineBlocks } from '../src/adapters/slack/api/blocks/examine.ts';
import { adoptEnvironment } from '../src/config/env/file.ts';
import { settingNames, tryConfig } from '../src/config/index.ts';
import { locales } from '../src/language.ts';
import { previewPage } from './previews/page.ts';
import { everyPreview, previewsOf } from './previews/payloads.ts';
import { usual } from './previews/worlds.ts';

/**
 * npm run -s previews [-- --validate]. `--validate`: asks Slack as well whether it would take them, with the token of the
 * environment or of `.env`.
 */

/** Writes every message and modal of the product: JSON for Slack's Block Kit Builder, and one page to look through. */
const folder = fileURLToPath(new URL('../previews/', import.meta.url));

await rm(folder, { recursive: true, force: true });
const all = Object.fromEntries(locales.map((locale) => [locale, previewsOf(locale, usual)]));
for (const [locale, previews] of Object.entries(all)) {
  await mkdir(join(folder, locale), { recursive: true });
  for (const { name, type, payload } of previews) {
    // The builder takes a whole modal, and of a message its blocks.
    const shown = type === 'modal' ? payload : { blocks: payload.blocks };
    await writeFile(join(folder, locale, `${name}.json`), `${JSON.stringify(shown, null, 2)}\n`);
  }
}
await writeFile(join(folder, 'index.html'), previewPage(all));
console.log(`${Object.values(all).flat().length} previews; open ${join(folder, 'index.html')}`);

/** Gives the exit status. */
const validate = async (): Promise<number> => {
  await adoptEnvironment(settingNames);
  const read = tryConfig(process.env);
  if (!read.ok) {
    console.error(read.problems.map(({ variable, message }) => `${variable}: ${message}`).join('\n'));
    return 2;
  }
  const { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl } = read.config;
  if (token === undefined) {
    console.error('expected SLACK_BOT_TOKEN, in .env or in the environment, to ask Slack with');
    return 2;
  }
  const report = await examineBlocks({ token, apiUrl }, everyPreview());
  if (report.found === 'valid') console.log(`Slack takes all ${report.count} of them`);
  else if (report.found === 'invalid') for (const fault of report.faults) console.error(fault);
  else console.error(`Slack could not be asked: ${report.code}`);
  return report.found === 'valid' ? 0 : 1;
};

if (process.argv.includes('--validate')) process.exitCode = await validate();
