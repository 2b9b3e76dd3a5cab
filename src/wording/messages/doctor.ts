import type { Block, Tone } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import { type Found, type Outcome, outcomeOf } from '../../doctor/examination.ts';
import { isKey, type Key, translator } from '../catalogue/catalogue.ts';

const tones = {
  good: 'good',
  warning: 'warning',
  bad: 'bad',
  'left-out': 'neutral',
} as const satisfies Record<Outcome, Tone>;

const orElse = (key: string, otherwise: Key): Key => (isKey(key) ? key : otherwise);

/** What is found, in one sentence or two. */
export const foundText = ({ part, found, values }: Found, locale: Locale): string => {
  const t = translator(locale);
  const variable = String(values.variable ?? '');
  const reason = t(orElse(`doctor:store-reason.${values.code}`, 'doctor:store-reason.other'), values);
  const expected = t(orElse(`doctor:expected.${values.problem ?? variable}`, 'doctor:expected.other'));
  const [key] = [`doctor:${part}.${found}`].filter(isKey);
  return key ? t(key, { ...values, expected, reason }) : found;
};

const nameOf = ({ part, found, values }: Found, locale: Locale): string =>
  translator(locale)(
    found === 'not-configured' ? 'doctor:platform.name-of-none' : `doctor:${part}.name`,
    values,
  );

/** The worst that was found. */
export const verdictOf = (all: readonly Found[]): 'good' | 'warning' | 'bad' => {
  const outcomes = all.map(outcomeOf);
  if (outcomes.includes('bad')) return 'bad';
  return outcomes.includes('warning') ? 'warning' : 'good';
};

/** One mark and one name for each part, and the verdict at the end. */
export const examinationBlocks = (all: readonly Found[], locale: Locale): Block[] => {
  const t = translator(locale);
  const verdict = verdictOf(all);
  return [
    { type: 'heading', tone: 'neutral', text: t('doctor:title') },
    ...all.map((one): Block => {
      const outcome = outcomeOf(one);
      return {
        type: 'finding',
        tone: tones[outcome],
        title: `${nameOf(one, locale)}: ${t(`doctor:outcome.${outcome}`)}`,
        paragraphs: [{ label: null, text: foundText(one, locale) }],
      };
    }),
    { type: 'heading', tone: tones[verdict], text: t(`doctor:verdict.${verdict}`) },
  ];
};
