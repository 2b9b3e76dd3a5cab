import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { platformNames, platforms, singlePage, storiesPage } from './previews/pages.ts';
import { previewsOf } from './previews/payloads.ts';
import { storiesOf } from './previews/stories.ts';
import { validate } from './previews/validate.ts';
import { usual } from './previews/worlds.ts';

/**
 * Writes everything that people see: pages to read it in, for each platform, and JSON for Slack's Block Kit Builder. With
 * `--validate` Slack is asked as well whether it would take it.
 */
const folder = fileURLToPath(new URL('../previews/', import.meta.url));
const renderer = new URL('../node_modules/adaptivecards/dist/adaptivecards.min.js', import.meta.url);

await rm(folder, { recursive: true, force: true });
const all = { de: previewsOf('de', usual), en: previewsOf('en', usual) };
const stories = { de: storiesOf('de'), en: storiesOf('en') };
for (const [locale, previews] of Object.entries(all)) {
  await mkdir(join(folder, locale), { recursive: true });
  for (const { name, type, payload } of previews) {
    // The builder takes a whole modal, and of a message its blocks.
    const shown = type === 'modal' ? payload : { blocks: payload.blocks };
    await writeFile(join(folder, locale, `${name}.json`), `${JSON.stringify(shown, null, 2)}\n`);
  }
}
await copyFile(renderer, join(folder, 'adaptivecards.js'));
const links: string[] = [];
for (const platform of platforms) {
  await writeFile(join(folder, `${platform}.html`), singlePage(platform, all));
  await writeFile(join(folder, `${platform}-conversations.html`), storiesPage(platform, stories));
  links.push(
    `<li><a href="${platform}-conversations.html">Conversations in ${platformNames[platform]}</a></li>`,
    `<li><a href="${platform}.html">Everything that is said in ${platformNames[platform]}</a></li>`,
  );
}
await writeFile(
  join(folder, 'index.html'),
  `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Previews</title><ul>${links.join('')}</ul></html>\n`,
);
console.log(`${Object.values(all).flat().length} previews; open ${join(folder, 'index.html')}`);

if (process.argv.includes('--validate')) process.exitCode = await validate();
