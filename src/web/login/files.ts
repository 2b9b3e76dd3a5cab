import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Response } from 'express';

const folder = fileURLToPath(new URL('./page/', import.meta.url));

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/gu, (mark) => escapes[mark] ?? mark);

/** `values`: the words of the page, and the nonce of its script and style. */
export const sendPage = async (
  response: Response,
  language: string,
  values: Readonly<Record<string, string>>,
): Promise<void> => {
  const template = await readFile(`${folder}page.html`, 'utf8');
  const html = template
    .replace('lang="de"', `lang="${language}"`)
    .replaceAll(/\{\{([\w-]+)\}\}/gu, (_all, name: string) => escaped(values[name] ?? ''));
  response.type('html').send(html);
};

export const sendAsset = (response: Response, name: 'page.css' | 'page.js'): void => {
  response.sendFile(name, { root: folder, cacheControl: false, etag: false, lastModified: false });
};
