import { type Found, outcomeOf } from '../doctor/examination.ts';
import { examine } from '../doctor/index.ts';
import { examinationBlocks, foundText, verdictOf } from '../wording/messages/doctor.ts';
import type { DoctorCommand } from './command.ts';
import { printable } from './json.ts';
import { renderBlocks } from './render.ts';
import type { Terminal } from './surroundings.ts';

const toJson = (all: readonly Found[], locale: Terminal['locale']) => ({
  ok: verdictOf(all) !== 'bad',
  parts: all.map((one) => {
    const { platform, ...values } = one.values;
    return {
      part: one.part,
      ...(platform === undefined ? {} : { platform: String(platform).toLowerCase() }),
      outcome: outcomeOf(one),
      found: one.found,
      text: foundText(one, locale),
      values,
    };
  }),
});

/** Runs `doctor` and prints what was found. Returns the exit status. */
export const doctor = async ({ blocks, json }: DoctorCommand, terminal: Terminal): Promise<number> => {
  const { locale, colour, output } = terminal;
  const all = await examine({ blocks });
  const paper = { width: Math.min(output.columns || 80, 100), colour: colour && output.isTTY };
  output.write(
    json ? `${printable(toJson(all, locale))}\n` : `${renderBlocks(examinationBlocks(all, locale), paper)}\n`,
  );
  return verdictOf(all) === 'bad' ? 1 : 0;
};
