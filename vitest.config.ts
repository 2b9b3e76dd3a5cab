import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { closingLine } from './scripts/closing-line.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most files wait for daemons; still more workers would make the product's deadlines fire for lack of CPU.
    maxWorkers: 4,
    // Programs that tests start load compiled code, as those that npm starts do: half of their time is loading.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node', import.meta.url)) },
    reporters: ['default', closingLine()],
  },
});
