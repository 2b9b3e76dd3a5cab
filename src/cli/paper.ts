import type { CheckResult, CheckWatch } from '../check.ts';
import type { Account } from '../diagnosis/account/account.ts';
import { checklistBlock, progressBlocks, stepsAfter } from '../wording/messages/checklist.ts';
import { type HintText, hintBlocks } from '../wording/messages/discovery.ts';
import { reportBlocks } from '../wording/messages/report.ts';
import { renderBlocks } from './render.ts';
import type { Terminal } from './surroundings.ts';

/**
 * A check as people read it: the checklist, drawn over in place on a terminal, and then the report. Loaded only for them,
 * since a machine that asks for JSON should not wait for it.
 */
export const openPaper = async (account: Account, { locale, colour, redraws, output }: Terminal) => {
  const paper = { width: Math.min(output.columns || 80, 100), colour: colour && output.isTTY };
  const live = output.isTTY && redraws ? (await import('./live.ts')).createLiveArea(output, paper) : null;
  const watch: Pick<CheckWatch, 'onProgress'> = live
    ? { onProgress: (steps) => live.draw(progressBlocks(account, steps, locale)) }
    : {};
  return {
    watch,
    /** `result: null`: it was broken off, and what was seen is no report. `reasons`: why a server is missing. */
    print: (result: CheckResult | null, reasons: readonly HintText[]): void => {
      live?.clear();
      if (!result) return;
      const { assessment } = result;
      const blocks = [
        checklistBlock(stepsAfter(assessment), locale),
        ...hintBlocks(reasons),
        ...reportBlocks({ account, assessment }, locale),
      ];
      output.write(`${renderBlocks(blocks, paper)}\n`);
    },
  };
};
