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
    // Nobody is to be kept in the dark about a test that does not always pass.
    const unsteady = tests.filter((test) => test.diagnostic()?.flaky).map(({ fullName }) => fullName);
    process.on('exit', () => {
      for (const name of unsteady) process.stdout.write(`passed at the second try only: ${name}\n`);
      process.stdout.write(
        `${count('passed')} passed, ${failed} failed${left > 0 ? `, ${left} skipped` : ''}\n`,
      );
    });
  },
});
