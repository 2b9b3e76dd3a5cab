/** Collects what a test starts and stops all of it, whatever became of the test. */
import { type Authority, createAuthority } from './certificates.ts';
import { type Stoppable, tempFolder } from './processes.ts';

export type Scope = AsyncDisposable & {
  /** Registers a server that is starting; resolves with it. One that failed to start needs no stopping. */
  start: <T extends Stoppable>(starting: Promise<T>) => Promise<T>;
  /** A root whose files go with the scope. */
  authority: () => Promise<Authority>;
  /** A folder that goes with the scope. */
  folder: () => Promise<string>;
  /** Stops everything side by side; throws afterwards if some of it would not stop. */
  stop: () => Promise<void>;
};

/** `await using servers = scope();` or `const servers = scope(); afterAll(servers.stop)`. */
export function scope(): Scope {
  const pending = new Set<Promise<Stoppable>>();

  const start = <T extends Stoppable>(starting: Promise<T>): Promise<T> => {
    pending.add(starting);
    return starting;
  };

  const folder = async (): Promise<string> => {
    const made = tempFolder('mail-test').then(({ path, remove }) => ({ path, stop: remove }));
    return (await start(made)).path;
  };

  const stop = async (): Promise<void> => {
    const all = [...pending];
    pending.clear();
    const started = await Promise.allSettled(all);
    const stopped = await Promise.allSettled(
      started.map((result) => (result.status === 'fulfilled' ? result.value.stop() : undefined)),
    );
    const errors = stopped.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    if (errors.length > 0) throw new AggregateError(errors, 'Some servers did not stop');
  };

  return {
    start,
    folder,
    stop,
    authority: async () => createAuthority(await folder()),
    [Symbol.asyncDispose]: stop,
  };
}
