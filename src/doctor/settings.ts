import { type EnvFault, stopsTheStart } from '../config/env-fault.ts';
import type { ConfigProblem } from '../config.ts';
import { type Found, found } from './examination.ts';

/** What is wrong with the file of settings, or stands there and does nothing. */
export const faultsFound = (faults: readonly EnvFault[]): Found[] =>
  faults.map(({ what, ...values }) => {
    // Outside of the file there is no line to name.
    const isOutside = values.line === undefined;
    if (isOutside && what === 'likely-name') return found('configuration', 'name-likely', values);
    if (isOutside && what === 'unknown-name') return found('configuration', 'name-unknown', values);
    return found('configuration', `file-${what}`, values);
  });

/** Each variable that is wrong, once, and not again where its line is. */
export const problemsFound = (problems: readonly ConfigProblem[], faults: readonly EnvFault[]): Found[] => {
  const named = faults.filter(stopsTheStart).map(({ name }) => name);
  const first = new Map(problems.toReversed().map((problem) => [problem.variable, problem]));
  return [...first.values()]
    .toReversed()
    .filter(({ variable }) => !named.includes(variable))
    .map(({ variable, expected }) =>
      found('configuration', 'wrong', { variable, ...(expected === undefined ? {} : { problem: expected }) }),
    );
};
