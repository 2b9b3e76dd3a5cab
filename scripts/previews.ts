import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { locales } from '../src/language.ts';
import { previewPage } from './previews/page.ts';
import { previewsOf } from './previews/payloads.ts';
import { usual } from './previews/worlds.ts';

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
