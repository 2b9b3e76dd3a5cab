import { AsyncLocalStorage } from 'node:async_hooks';
import sharedConsole from 'node:console';

const quiet = new AsyncLocalStorage<true>();
let isSet = false;

/** What the SDK writes on the console while it works here is left out: everything that matters is thrown as well. */
const silence = (): void => {
  if (isSet) return;
  isSet = true;
  for (const name of ['error', 'warn', 'log'] as const) {
    const write = sharedConsole[name].bind(sharedConsole);
    sharedConsole[name] = (...words: unknown[]): void => {
      if (!quiet.getStore()) write(...words);
    };
  }
};

/** The SDK writes every token that it refuses, and so whatever a stranger likes, past the log. Nobody else is silenced. */
export const quietly = <T>(task: () => Promise<T>): Promise<T> => {
  silence();
  return quiet.run(true, task);
};
