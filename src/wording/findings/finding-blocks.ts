import type { Block, Tone } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import type { Account } from '../../diagnosis/account/account.ts';
import { type Assessment, type Finding, unmet } from '../../diagnosis/finding.ts';
import { byCause } from '../../diagnosis/one-cause.ts';
import { inReadingOrder } from '../../diagnosis/order.ts';
import type { Verdict } from '../../diagnosis/policy.ts';
import type { HubspotStep, Policy } from '../../diagnosis/target/hubspot/index.ts';
import { translator } from '../catalogue/catalogue.ts';
import type { FindingText } from '../wording.ts';
import { textOfBoth } from './both.ts';
import { findingText, findingTextForIt, hubspotError, policyNotes } from './findings.ts';
import { labelOfBoth, requirementName } from './values.ts';

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

/** `smtp`: the same cause as it shows at the other server; then `finding` is IMAP's, and the text speaks of both. */
export type WordedFinding = { finding: Finding; smtp: Finding | null; text: FindingText };

/** These findings in the order in which people read them, each cause once. */
export const inWords = (
  findings: readonly Finding[],
  account: Account,
  { locale, isIt }: Reader,
): WordedFinding[] => {
  const textOf = (finding: Finding) => (isIt ? findingTextForIt : findingText)(finding, account, locale);
  return byCause(inReadingOrder(findings)).flatMap(({ finding, smtp }): WordedFinding[] => {
    const own: WordedFinding = { finding, smtp: null, text: textOf(finding) };
    if (!smtp) return [own];
    const text = textOfBoth({ imap: finding, smtp }, account, { locale, isIt });
    if (text) return [{ finding, smtp, text }];
    const other: WordedFinding = { finding: smtp, smtp: null, text: textOf(smtp) };
    // What speaks of the account, and of neither server, is said of both already.
    return JSON.stringify(own.text) === JSON.stringify(other.text) ? [{ ...own, smtp }] : [own, other];
  });
};

/** What is unmet, each cause once. */
export const unmetInWords = (
  { account, assessment }: JudgedAccount,
  locale: Locale,
  { isIt }: Pick<Reader, 'isIt'> = { isIt: false },
): WordedFinding[] => inWords(assessment.findings.filter(unmet), account, { locale, isIt });

type Paragraph = FindingBlock['paragraphs'][number];

const paragraph = (label: string | null, text: string | null): Paragraph[] =>
  text === null || text === '' ? [] : [{ label, text }];

const actor = ({ actor: who, reason }: Finding, { locale, isIt }: Reader): Paragraph[] => {
  // Where the fault is ours, nobody has to act.
  if (reason === 'not-measured') return [];
  const t = translator(locale);
  return paragraph(t('views:report.who'), t(isIt ? `views:actor-for-it.${who}` : `views:actor.${who}`));
};

const toDo = ({ finding, text }: WordedFinding, reader: Reader): Paragraph[] => [
  ...actor(finding, reader),
  ...paragraph(translator(reader.locale)('views:report.what'), text.remedy),
];

/** What HubSpot would show, at each step that it concerns. */
const errors = ({ finding, smtp }: WordedFinding, locale: Locale): Paragraph[] => {
  if (finding.verdict === 'warn') return [];
  const steps = [finding.hubspotStep, smtp?.hubspotStep ?? null].filter(
    (step, index, all): step is HubspotStep => step !== null && all.indexOf(step) === index,
  );
  if (steps.includes('imap-connect') && steps.includes('smtp-connect'))
    return paragraph(null, translator(locale)('both:hubspot-error.connect'));
  return steps.flatMap((step) => paragraph(null, hubspotError(step, locale)));
};

/** The requirement that it is about, and the server: explanations go on to speak of the server. */
const nameOf = ({ finding, smtp }: WordedFinding, locale: Locale): string => {
  const name = requirementName(finding.requirement, locale);
  if (smtp) return labelOfBoth(finding, locale);
  if (!finding.endpoint) return name;
  const service = finding.endpoint.service.toUpperCase();
  return translator(locale)('views:report.seen-at', { name, service });
};

type Sources = { policy: Policy };

/** Where HubSpot's pages do not agree on it, or only a newer one knows it. */
const notes = (worded: WordedFinding, locale: Locale, { policy }: Sources): string[] =>
  policyNotes(worded.finding, { policy, locale });

/** What a rep needs at once: what is wrong, who acts, and what to do. */
export const actionBlock = (worded: WordedFinding, locale: Locale): FindingBlock => ({
  type: 'finding',
  tone: toneOf(worded.finding),
  title: worded.text.title,
  paragraphs: toDo(worded, { locale, isIt: false }),
});

/** What that rests on, each under the name of its requirement: what was seen, HubSpot's error, and how sure the rule is. */
export const seenBlocks = (all: readonly WordedFinding[], locale: Locale, sources: Sources): Block[] => {
  if (all.length === 0) return [];
  const paragraphs = all.flatMap((worded) => [
    ...paragraph(nameOf(worded, locale), worded.text.explanation),
    ...errors(worded, locale),
    ...notes(worded, locale, sources).flatMap((note) => paragraph(null, note)),
  ]);
  const title = translator(locale)('views:report.seen');
  return [{ type: 'evidence', title, paragraphs }];
};

/** All of it in one place, as IT reads it: what was seen first. */
export const findingBlockForIt = (worded: WordedFinding, locale: Locale, sources: Sources): FindingBlock => {
  const reader: Reader = { locale, isIt: true };
  return {
    type: 'finding',
    tone: toneOf(worded.finding),
    title: worded.text.title,
    paragraphs: [
      { label: null, text: worded.text.explanation },
      ...toDo(worded, reader),
      ...errors(worded, locale),
      ...notes(worded, locale, sources).flatMap((note) => paragraph(nameOf(worded, locale), note)),
    ],
  };
};
