import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { program } from '../../scripts/system-packages.ts';
import { unpacked } from '../../scripts/unpacked-packages.ts';

const promtool = (): string => {
  const root = unpacked('prometheus');
  const found = root === undefined ? program('promtool') : join(root, 'usr', 'bin', 'promtool');
  if (found === undefined) throw new Error('promtool is missing: see scripts/system-packages.ts');
  return found;
};

/** What Prometheus itself says of figures, rules and settings. */
export const judge = async (
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; said: string }> => {
  const child = spawn(promtool(), args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  child.stdin.end(input);
  const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, said: out + errors };
};
