/** What is said of our own test mail, besides what the findings say of it. */
import type { Block } from '../../chat/view.ts';
import type { Check, Locale } from '../../conversation/state/conversation.ts';
import { partsOfEvidence, unmet } from '../../diagnosis/finding.ts';
import { testMailSubject } from '../../diagnosis/observed/rehearsal.ts';
import { translator } from '../catalogue/catalogue.ts';

/** Where it may lie, so that she is not surprised by it; null: it does not, or there was none. */
export const mayLieInWords = ({ testMail, account }: Check, locale: Locale): string | null =>
  testMail == null
    ? null
    : translator(locale)('test-mail:may-lie', { address: account.address, subject: testMailSubject });

/** Where it is known in which folders ours lie: said by the finding, unless that is one of which nothing else is said. */
const leftInWords = ({ assessment }: Check, locale: Locale): { isKnown: boolean; text: string | null } => {
  const found = assessment?.findings.find(({ evidence }) => evidence.leftBehind !== undefined);
  if (!found) return { isKnown: false, text: null };
  const { folders } = partsOfEvidence(found.evidence);
  const text = unmet(found) ? null : translator(locale)('findings:notes.left-behind', { folders });
  return { isKnown: true, text };
};

/** Above the findings of a check that was to be rehearsed. */
export const testMailBlocks = (check: Check, locale: Locale): Block[] => {
  const left = leftInWords(check, locale);
  const texts = [
    check.rehearsal === 'cancelled' ? translator(locale)('test-mail:cancelled') : null,
    left.text,
    left.isKnown ? null : mayLieInWords(check, locale),
  ];
  return texts.flatMap((text) => (text === null ? [] : [{ type: 'text', text }]));
};
