import { AsyncLocalStorage } from 'node:async_hooks';

const quiet = new AsyncLocalStorage<true>();
const silenced = new WeakSet<object>();

/** What is written on the console while the SDK works here is left out: everything that matters is thrown as well. */
const silence = (target: Console): void => {
  if (silenced.has(target)) return;
  silenced.add(target);
  for (const name of ['error', 'warn', 'log'] as const) {
    const write = target[name].bind(target);
    target[name] = (...words: unknown[]): void => {
      if (!quiet.getStore()) write(...words);
    };
  }
};

/** The SDK writes of every token that it refuses, as often as a stranger likes, past the log. Nobody else is silenced. */
export const quietly = <T>(task: () => Promise<T>): Promise<T> => {
  silence(globalThis.console);
  return quiet.run(true, task);
};
