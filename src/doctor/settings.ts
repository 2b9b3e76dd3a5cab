import type { EnvFault } from '../config/env/fault.ts';
import type { ConfigProblem } from '../config/index.ts';
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

/** Each variable that is wrong, once. */
export const problemsFound = (problems: readonly ConfigProblem[]): Found[] => {
  const variables = [...new Set(problems.map(({ variable }) => variable))];
  return variables.map((variable) => {
    const problem = problems.find((one) => one.variable === variable)?.expected;
    return found('configuration', 'wrong', { variable, ...(problem === undefined ? {} : { problem }) });
  });
};
