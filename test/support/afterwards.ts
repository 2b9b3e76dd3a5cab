/**
 * What helpers put away after a test or a file. A hook at the top of a helper would run for the first test file that
 * loads it only: files that run in one process share their modules. Tests that run side by side each have their own.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, aroundEach } from 'vitest';

type CleanUp = () => Promise<unknown>;

const ofFile: CleanUp[] = [];
const ofTest = new AsyncLocalStorage<CleanUp[]>();

const empty = async (list: CleanUp[]): Promise<void> => {
  for (const cleanUp of list.splice(0).reverse()) await cleanUp();
};

/** The last one registered runs first. Throws if there is no test that it could run after. */
export const after = (what: 'test' | 'file', cleanUp: CleanUp): void => {
  const list = what === 'file' ? ofFile : ofTest.getStore();
  if (!list) throw new Error('nothing can be put away after a test outside of one');
  list.push(cleanUp);
};

/** Called once in each file, by `setup.ts`. */
export const registerHooks = (): void => {
  aroundEach(async (runTest) => {
    const list: CleanUp[] = [];
    try {
      await ofTest.run(list, runTest);
    } finally {
      await empty(list);
    }
  });
  afterAll(() => empty(ofFile));
};
