import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startedAt } from '../journeys/start-line.ts';
import { after } from '../support/afterwards.ts';
import { until } from '../support/until.ts';

/** The bot as the installed command starts it, on a free port, until the test ends. */
export const startCommand = async (
  { command, folder }: { command: string; folder: string },
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) => {
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  after('test', async () => {
    child.kill('SIGKILL');
    await closed;
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const url = await until(() => startedAt(said) ?? Promise.reject(new Error(`it said: ${said}`)));
  return {
    url,
    said: () => said,
    /** How it ends when it is asked to. */
    end: async (): Promise<number | null> => {
      child.kill('SIGTERM');
      await closed;
      return child.exitCode;
    },
  };
};
