/**
 * What helpers put away after a test or a file. A hook at the top of a helper would run for the first test file that
 * loads it only: files that run in one process share their modules.
 */
import { afterAll, afterEach } from 'vitest';

type CleanUp = () => Promise<unknown>;

const lists: Record<'test' | 'file', CleanUp[]> = { test: [], file: [] };

const empty = async (list: CleanUp[]): Promise<void> => {
  for (const cleanUp of list.splice(0).reverse()) await cleanUp();
};

/** The last one registered runs first. */
export const after = (what: 'test' | 'file', cleanUp: CleanUp): void => void lists[what].push(cleanUp);

/** Called once in each file, by `setup.ts`. */
export const registerHooks = (): void => {
  afterEach(() => empty(lists.test));
  afterAll(() => empty(lists.file));
};
