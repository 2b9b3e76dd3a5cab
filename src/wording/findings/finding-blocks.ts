import type { Block, Tone } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import { bySeverity } from '../../conversation/state/selectors.ts';
import type { Account } from '../../diagnosis/account/account.ts';
import { type Assessment, type Finding, unmet } from '../../diagnosis/finding.ts';
import type { Verdict } from '../../diagnosis/policy.ts';
import type { Policy } from '../../diagnosis/target/hubspot/index.ts';
import { translator } from '../catalogue/catalogue.ts';
import type { FindingText } from '../wording.ts';
import { findingText, findingTextForIt, hubspotError, policyNotes } from './findings.ts';

export type FindingBlock = Extract<Block, { type: 'finding' }>;

/** Whom a text is written for; it decides how the actors are named and who is spoken to. */
export type Reader = { locale: Locale; isIt: boolean };

/** What a text needs to know of a check. */
export type JudgedAccount = { account: Account; assessment: Assessment };

const tones = {
  pass: 'good',
  warn: 'warning',
  fail: 'bad',
  unknown: 'open',
  'not-applicable': 'neutral',
} as const satisfies Record<Verdict, Tone>;
export const toneOf = ({ verdict }: Finding): Tone => tones[verdict];

export type WordedFinding = { finding: Finding; text: FindingText };

/** Unmet requirements, blockers first. What reads the same for both services is said once. */
export const unmetInWords = (
  { account, assessment }: JudgedAccount,
  locale: Locale,
  { isIt }: Pick<Reader, 'isIt'> = { isIt: false },
): WordedFinding[] => {
  const textOf = isIt ? findingTextForIt : findingText;
  const seen = new Set<string>();
  return bySeverity(assessment.findings.filter(unmet)).flatMap((finding) => {
    const text = textOf(finding, account, locale);
    const key = JSON.stringify(text);
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ finding, text }];
  });
};

type Paragraph = FindingBlock['paragraphs'][number];

const actorParagraph = ({ actor, reason }: Finding, { locale, isIt }: Reader): Paragraph[] => {
  // Where the fault is ours, nobody has to act.
  if (reason === 'not-measured') return [];
  const t = translator(locale);
  return [
    { label: t('views:report.who'), text: t(isIt ? `views:actor-for-it.${actor}` : `views:actor.${actor}`) },
  ];
};

/** One unmet requirement in full: what was seen and why it matters, who acts and how, what HubSpot would show. */
export const findingBlock = ({ finding, text }: WordedFinding, reader: Reader): FindingBlock => {
  const t = translator(reader.locale);
  const error = finding.verdict === 'warn' ? null : hubspotError(finding.hubspotStep, reader.locale);
  const paragraph = (label: string | null, words: string | null): Paragraph[] =>
    words === null || words === '' ? [] : [{ label, text: words }];
  return {
    type: 'finding',
    tone: toneOf(finding),
    title: text.title,
    paragraphs: [
      { label: null, text: text.explanation },
      ...actorParagraph(finding, reader),
      ...paragraph(t('views:report.what'), text.remedy),
      ...paragraph(null, error),
    ],
  };
};

/** Where HubSpot's pages do not agree; each thing once, however many findings rest on it. */
export const policyBlocks = (
  worded: readonly WordedFinding[],
  options: { policy: Policy; locale: Locale },
): Block[] => {
  const notes = new Set(worded.flatMap(({ finding }) => policyNotes(finding, options)));
  return [...notes].map((text) => ({ type: 'note', text }));
};
