/** The systemd unit that is shipped: what it keeps from the disk, and how open systemd itself finds it. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { program } from '../../scripts/system-packages.ts';

const run = promisify(execFile);
const unit = fileURLToPath(new URL('../../docs/connect-email.service', import.meta.url));
const analyze = program('systemd-analyze');

describe('the unit', () => {
  test('keeps the memory of the process out of dumps and swap', async () => {
    const lines = (await readFile(unit, 'utf8')).split('\n');
    expect(lines).toEqual(expect.arrayContaining(['LimitCORE=0', 'MemorySwapMax=0', 'UMask=0077']));
  });

  test.runIf(analyze)('is hardly exposed by systemd’s own measure', async () => {
    const { stdout } = await run(analyze ?? '', ['security', '--offline=true', '--no-pager', unit]);
    const [, level = '10'] =
      /Overall exposure level for connect-email\.service: ([\d.]+)/u.exec(stdout) ?? [];
    expect(Number(level)).toBeLessThanOrEqual(1.4);
  });
});
