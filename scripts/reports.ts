import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { locales } from '../src/language.ts';
import { reportsPage } from './reports/page.ts';

/** Writes the likeliest reports as people read them, so that whoever changes a text or a rule sees what comes of it. */
for (const locale of locales) {
  const file = fileURLToPath(new URL(`../docs/reports.${locale}.md`, import.meta.url));
  await writeFile(file, reportsPage(locale));
  console.log(file);
}
