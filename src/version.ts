import { readFile } from 'node:fs/promises';

/** Beside this room's folder, whether that holds the sources or what was compiled of them. */
const manifest = new URL('../package.json', import.meta.url);

/** Of this program, such as 1.0.0. @throws where the installation is damaged */
export const readVersion = async (): Promise<string> => {
  const content: unknown = JSON.parse(await readFile(manifest, 'utf8'));
  if (typeof content === 'object' && content !== null && 'version' in content)
    if (typeof content.version === 'string') return content.version;
  throw new Error('package.json names no version');
};
