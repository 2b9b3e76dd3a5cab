import type { BlocksReport } from '../chat/access.ts';
import { type Found, found } from './examination.ts';

type Asked = { platform: string; ask(): Promise<BlocksReport> };

/** More of them say nothing more. */
const mostShown = 10;

const foundAt = async ({ platform, ask }: Asked): Promise<Found> => {
  const report = await ask();
  const { count } = report;
  if (report.found === 'valid') return found('blocks', 'valid', { platform, count });
  if (report.found === 'checkout-only') return found('blocks', 'checkout-only', { platform });
  if (report.found !== 'invalid') return found('blocks', report.found, { platform, code: report.code });
  const faults = report.faults.slice(0, mostShown);
  return found('blocks', 'invalid', { platform, count: report.faults.length, faults });
};

/** Whether each platform that can be asked would take all that is said there. */
export const examineBlocks = (asked: readonly Asked[]): Promise<Found[]> =>
  asked.length === 0 ? Promise.resolve([found('blocks', 'not-configured')]) : Promise.all(asked.map(foundAt));
