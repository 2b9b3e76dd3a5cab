import type { Reporter, TestModule } from 'vitest/node';

/** Prints `N passed, N failed` alone on the last line, for whoever reads test results in any language. */
export const closingLine = (): Reporter => ({
  onTestRunEnd: (modules: readonly TestModule[], unhandled) => {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: 'passed' | 'failed' | 'skipped') =>
      tests.filter((test) => test.result().state === state).length;
    // A file that cannot even be loaded has no tests to count, but has failed.
    const broken = modules.filter(
      (module) => module.state() === 'failed' && module.errors().length > 0,
    ).length;
    const left = count('skipped');
    const failed = count('failed') + broken + unhandled.length;
    process.on('exit', () => {
      process.stdout.write(
        `${count('passed')} passed, ${failed} failed${left > 0 ? `, ${left} skipped` : ''}\n`,
      );
    });
  },
});
