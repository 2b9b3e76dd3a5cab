import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type HostileName, hostileNames } from './hostile-servers.ts';

const ports = z.record(z.enum(hostileNames), z.number());

/** Starts every hostile server in one other process. */
export const startHostilePark = async (
  address = '127.0.0.1',
): Promise<{
  address: string;
  ports: Record<HostileName, number>;
  stop(): Promise<void>;
}> => {
  const file = fileURLToPath(new URL('hostile-process.ts', import.meta.url));
  const child = spawn(process.execPath, [file, address], { stdio: ['pipe', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), gone.then(() => ['{}'])]);
  return {
    address,
    ports: ports.parse(JSON.parse(String(line))),
    stop: async () => {
      child.stdin.end();
      await gone;
    },
  };
};
