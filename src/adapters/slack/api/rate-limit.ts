import { type Budget, type BudgetParts, createBudget, type MethodRates } from '../../../chat/budget.ts';
import { inChannel, rates } from '../limits.ts';
import { platform } from './refs.ts';

const byMethod: ReadonlyMap<string, MethodRates> = new Map(Object.entries(rates));
const uncounted: MethodRates = { all: null, each: inChannel };

/** What the bot may send to one workspace, all its processes together. */
export const createRateLimit = (parts: Omit<BudgetParts, 'platform' | 'rates'>): Budget =>
  createBudget({ ...parts, platform, rates: (method) => byMethod.get(method) ?? uncounted });
