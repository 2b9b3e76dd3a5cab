/** What only a rehearsal needs in a terminal: whether it may be, and what Ctrl-C leaves. Loaded for one alone. */
import type { CheckResult } from '../check.ts';
import { ConfigError, readRehearsal } from '../config/index.ts';
import type { Locale } from '../language.ts';
import type { Rehearsal } from '../probe/diagnose.ts';
import { translator } from '../wording/catalogue/catalogue.ts';

/** How it is to be done, by the environment; else why not, in one line. */
export const consented = (locale: Locale): Rehearsal | string => {
  try {
    const { REHEARSAL, REHEARSAL_PATIENCE } = readRehearsal();
    if (REHEARSAL === 'off') return translator(locale)('terminal:usage.rehearsal-off');
    return { patienceMs: REHEARSAL_PATIENCE * 1_000 };
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
};

/** From now on Ctrl-C ends the rehearsal, which clears up, and not the process; the second time it does. */
export const interruption = (): AbortSignal => {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  return interrupted.signal;
};

/** Taken, or perhaps taken, and neither seen to arrive nor to come back. */
const mayStillCome = ({ observations }: CheckResult): boolean => {
  const wasTaken = observations.some(
    (seen) => seen.type === 'test-mail' && (seen.phase === 'taken' || seen.phase === 'unanswered'),
  );
  const isSettled = observations.some(
    (seen) =>
      (seen.type === 'test-mail' && seen.phase === 'cleared') ||
      (seen.type === 'arrival' && (seen.outcome === 'arrived' || seen.outcome === 'bounced')) ||
      (seen.type === 'left-behind' && seen.what === 'test-mail'),
  );
  return wasTaken && !isSettled;
};

/** What stays of a rehearsal that was broken off, or may still come, in a sentence or two. */
export const whatStays = (result: CheckResult, locale: Locale): string => {
  const t = translator(locale);
  const folders = result.observations.flatMap((seen) => (seen.type === 'left-behind' ? [seen.folder] : []));
  const said = [
    ...(mayStillCome(result) ? [t('terminal:interrupted.may-come')] : []),
    ...(folders.length > 0 ? [t('terminal:interrupted.left', { folders })] : []),
  ];
  return [
    t('terminal:interrupted.stopped'),
    ...(said.length > 0 ? said : [t('terminal:interrupted.cleared')]),
  ].join(' ');
};
