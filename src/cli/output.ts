import { setImmediate } from 'node:timers/promises';

/** Watches what is written. Asked at the end: why it did not arrive, by the error's code; null: it did, or nobody reads on. */
export const watchOutput = (output: NodeJS.WriteStream): (() => Promise<string | null>) => {
  let failed: string | null = null;
  output.on('error', (error: NodeJS.ErrnoException) => {
    failed ??= error.code ?? error.name;
  });
  return async () => {
    // Writing to a file, a pipe or a terminal is synchronous; what came of it is told a moment later.
    await setImmediate();
    return failed === 'EPIPE' ? null : failed;
  };
};
