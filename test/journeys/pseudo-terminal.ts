/** A program on a terminal of its own, which `script` of util-linux opens for it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { program } from '../../scripts/system-packages.ts';

const cli = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
export const quoted = (words: readonly string[]): string =>
  words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
/** `connect-email` with these words, as a line for the shell. */
export const commandLine = (words: readonly string[]): string => quoted([process.execPath, cli, ...words]);

/** Runs a line of the shell. What is shown holds what standard error got as well, as on any terminal. */
export const onTerminal = (line: string, { term = 'xterm', columns = 80 } = {}) => {
  const script = program('script');
  expect(script, 'script of util-linux (Debian: bsdutils)').toBeDefined();
  const { NO_COLOR: _, LC_ALL: __, LC_MESSAGES: ___, ...inherited } = process.env;
  // -e hands on the line's exit status.
  const child = spawn(script ?? '', ['-qec', `stty cols ${columns}; ${line}`, '/dev/null'], {
    env: { ...inherited, LANG: 'C', TERM: term },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill());
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const ended = once(child, 'close');
  return {
    shown: () => shown,
    type: (keys: string): void => void child.stdin.write(keys),
    /** Resolves with all that was shown and the exit status. */
    end: async (): Promise<{ code: number | null; shown: string }> => {
      await ended;
      return { code: child.exitCode, shown };
    },
  };
};
