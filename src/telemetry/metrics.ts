import type { Metrics } from '../bot/ports.ts';
import type { OnRefused } from '../chat/refusals.ts';
import { createOnDemand } from '../lib/on-demand.ts';
import type { createFigures } from './figures.ts';

type Figures = ReturnType<typeof createFigures>;

/**
 * What is counted in this process, and the page that shows it. Prometheus' library takes longer to load than most of what
 * a start needs, so it is loaded with the first thing to count or to show; every later page has what was counted before.
 */
export const createMetrics = () => {
  const figures = createOnDemand(async () => (await import('./figures.ts')).createFigures());
  const count = <Args extends unknown[]>(find: (loaded: Figures) => (...args: Args) => void) => {
    const add = figures.call(find);
    return (...args: Args): void => void add(...args);
  };
  return {
    checked: count(({ checked }) => checked),
    checkFailed: count(({ checkFailed }) => checkFailed),
    rehearsed: count(({ rehearsed }) => rehearsed),
    answered: count(({ answered }) => answered),
    refused: count(({ refused }) => refused),
    turnedAway: count(({ turnedAway }) => turnedAway),
    /** Doors at which nobody has been refused are shown as well: the first refusal must be seen as a rise. */
    page: figures.call(({ page }) => page),
  } satisfies Metrics & { turnedAway: OnRefused; page: Figures['page'] };
};
