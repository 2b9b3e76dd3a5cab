import type { Block } from '../../chat/view.ts';
import { type LoginRules, offersLoginTest } from '../../conversation/check/login-test.ts';
import type { Check, Locale } from '../../conversation/state/conversation.ts';
import { findCheck, isFinished, newestCheck } from '../../conversation/state/selectors.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Checks } from '../jobs/check.ts';
import type { KnownLink } from './links.ts';

/** `elsewhere`: another browser has used the link; `unknown`: there is no such check any more. */
export type Progress =
  | { type: 'elsewhere' | 'unknown' }
  | {
      type: 'known';
      locale: Locale;
      check: Check;
      isOver: boolean;
      blocks: Block[];
      /** There is a reason to ask for a new link, and it is to be had. */
      canRenew: boolean;
    };

export type ProgressParts = { wording: Wording; checks: Checks; rules: LoginRules };

/** What speaks of the chat as “here” has no place on a page. */
const isForPage = ({ type }: Block): boolean => type !== 'note';

const wasRefused = ({ assessment }: Check): boolean =>
  assessment?.findings.some(
    ({ requirement, verdict }) => requirement === 'login-accepted' && verdict !== 'pass',
  ) ?? false;

/** How far a login test is, for the browser that began it. */
export const loginProgress = (
  known: KnownLink | null,
  session: string,
  { wording, checks, rules }: ProgressParts,
): Progress => {
  if (known?.link.use?.by !== session) return { type: 'elsewhere' };
  const { conversation, link } = known;
  const check = findCheck(conversation, link.use?.checkId ?? '');
  if (!check) return { type: 'unknown' };
  const isOver = check.state !== 'running';
  const shown = { type: 'known', locale: conversation.locale, check, isOver } as const;
  if (!isOver) {
    const steps = checks.progressOf(check.id);
    const blocks = steps ? wording.progress(conversation, check.id, steps).blocks.filter(isForPage) : [];
    return { ...shown, blocks, canRenew: false };
  }
  const slot = isFinished(check) ? (`report:${check.id}` as const) : (`progress:${check.id}` as const);
  const isNewest = newestCheck(conversation)?.id === check.id;
  const canRenew = isNewest && wasRefused(check) && offersLoginTest(check, rules);
  return { ...shown, blocks: wording.message(conversation, slot).blocks, canRenew };
};
