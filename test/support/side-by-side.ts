import { describe } from 'vitest';

/**
 * Suites that run at the same time, with the tests of each one after another: for journeys, which mostly wait for what
 * the product puts off on purpose. `name` may show `$name` of each.
 */
export const sideBySide = <T extends object>(
  cases: readonly T[],
  name: string,
  body: (one: T) => void,
): void =>
  describe.concurrent.each([...cases])(name, (one) => {
    describe('in turn', { concurrent: false }, () => body(one));
  });

/** One suite that runs beside its siblings of the same kind, with its own tests one after another. */
export const beside = (name: string, body: () => void): void => {
  describe.concurrent(name, () => {
    describe('in turn', { concurrent: false }, body);
  });
};
