/** How every bench prints what it measured, and says whether a promise was kept. */
const broken: string[] = [];

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

export const heading = (text: string): void => print(`\n${text}`);
export const row = (name: string, value: string): void => print(`  ${name.padEnd(44)} ${value}`);
export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;

/** Of a copy; the lower of the two in the middle. */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.max(0, Math.ceil(values.length * share) - 1)] ??
  Number.NaN;
export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** A ratio that must not be passed. */
export const expectation = (name: string, ratio: number, atMost: number): void => {
  const kept = ratio <= atMost;
  if (!kept) broken.push(name);
  row(name, `${ratio.toFixed(3)} (at most ${atMost})${kept ? '' : '  MISSED'}`);
};

/** The closing line; the exit status is 1 when something was missed. */
export const report = (): void => {
  print(broken.length === 0 ? '\nall promises kept' : `\nmissed: ${broken.join('; ')}`);
  process.exitCode = broken.length === 0 ? 0 : 1;
};
