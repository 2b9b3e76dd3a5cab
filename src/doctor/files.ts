import type { Exposure } from '../store/engine/private-files.ts';
import { type Found, found } from './examination.ts';

/** Whether the secrets in `.env` and the people in the store are for the bot's own user. `data`: as it was before the store was opened, which mends it. */
export const filesFound = (settings: Exposure | null, data: readonly Exposure[]): Found[] => {
  const all: Found[] = [];
  if (settings) {
    const { file, mode, othersRead, othersWrite } = settings;
    if (othersWrite) all.push(found('files', 'file-open-to-write', { file, mode }));
    else if (othersRead) all.push(found('files', 'file-open-to-read', { file, mode }));
  }
  const open = data.find(({ othersRead, othersWrite }) => othersRead || othersWrite);
  if (open) all.push(found('files', 'data-was-open', { file: open.file, mode: open.mode }));
  const foreign = data.find(({ isForeign }) => isForeign);
  if (foreign) all.push(found('files', 'data-of-other', { file: foreign.file }));
  return all.length > 0 ? all : [found('files', 'private')];
};
