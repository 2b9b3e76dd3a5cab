import { readFile } from 'node:fs/promises';

/** What a process holds now, or has held at most (`VmHWM`), in MB as the kernel counts them (1,024 kB). Linux only. */
export const memoryOf = async (pid: number | undefined, what: 'VmHWM' | 'VmRSS'): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${what}:\\s+(\\d+)`, 'mu').exec(status)?.[1]) / 1024;
};
