import { statfsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { closingLine } from './scripts/closing-line.ts';

const memory = '/dev/shm';
const gigabyte = 2 ** 30;

/** Hundreds of small databases are written durably: where there is a gigabyte of memory to spare, they lie there. */
const inMemory = (): { TMPDIR?: string } => {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > gigabyte ? { TMPDIR: memory } : {};
  } catch {
    return {};
  }
};

/** In a clean clone vitest knows only how large a file is. Those of the first line take up to two minutes. */
const longest = [
  /\/(?:stories|operator|matrix\/matrix|web\/login-page)\.test/u,
  /\/(?:crash|journeys|matrix)\/|\/install\/(?:image|package)\.test|\/(?:one-cause|probe-thread|postgres|processes|web\/server|forgotten)\.test/u,
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = longest.findIndex((pattern) => pattern.test(moduleId));
      return index < 0 ? longest.length : index;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Real daemons on a busy machine; whatever needs it is named at the end.
    retry: 1,
    // Waiting costs nothing where it is not needed; a second is not enough on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    // Most files wait for daemons; still more workers would make the product's deadlines fire for lack of CPU.
    maxWorkers: 4,
    // A quarter of the processor's time went into loading the same modules again for each file.
    isolate: false,
    setupFiles: ['test/support/setup.ts'],
    sequence: { sequencer: LongestFirst },
    // Programs that tests start load compiled code, as those that npm starts do: half of their time is loading.
    env: {
      NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node', import.meta.url)),
      ...inMemory(),
    },
    reporters: ['default', closingLine()],
  },
});
