/** What is said of our own test mail, besides what the findings say of it. */
import type { Block } from '../../chat/view.ts';
import type { Check, Locale } from '../../conversation/state/conversation.ts';
import { translator } from '../catalogue/catalogue.ts';

/** Where it may lie, so that she is not surprised by it; null: it does not, or there was none. */
export const mayLieInWords = ({ testMail, account }: Check, locale: Locale): string | null =>
  testMail == null
    ? null
    : translator(locale)('test-mail:may-lie', { address: account.address, subject: 'connect-email' });

/** Where it is known in which folders it lies, the finding says so. */
const isFound = ({ assessment }: Check): boolean =>
  assessment?.findings.some(({ evidence }) => evidence.leftBehind !== undefined) ?? false;

/** Above the findings of a check that was to be rehearsed. */
export const testMailBlocks = (check: Check, locale: Locale): Block[] => {
  const mayLie = isFound(check) ? null : mayLieInWords(check, locale);
  return [
    ...(check.rehearsal === 'cancelled' ? [translator(locale)('test-mail:cancelled')] : []),
    ...(mayLie === null ? [] : [mayLie]),
  ].map((text) => ({ type: 'text', text }));
};
