import { defineConfig } from 'vitest/config';
import { closingLine } from './scripts/closing-line.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores and real daemons: more workers only make the deadlines of the product fire for lack of CPU.
    maxWorkers: 3,
    reporters: ['default', closingLine()],
  },
});
