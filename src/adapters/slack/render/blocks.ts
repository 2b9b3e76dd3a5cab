import type { types } from '@slack/bolt';
import type { Block, StepState, Tone } from '../../../chat/view.ts';
import { limits } from '../limits.ts';
import { memberMention, mentionOf } from './mention.ts';
import { lines, link, type Run, verbatim } from './rich.ts';
import { split } from './text.ts';

type KnownBlock = types.KnownBlock;

const toneSigns = { good: '✅', bad: '❌', warning: '⚠️', open: '❔', neutral: '' } as const satisfies Record<
  Tone,
  string
>;

const stateSigns = {
  waiting: '⚪',
  running: '⏳',
  good: '✅',
  bad: '❌',
  warning: '⚠️',
  open: '❔',
  skipped: '➖',
} as const satisfies Record<StepState, string>;

/** No names between colons become pictures: what people and servers say is shown as they said it. */
export const plain = (text: string): types.PlainTextElement => ({ type: 'plain_text', text, emoji: false });

const signed = (tone: Tone, text: string): string =>
  toneSigns[tone] === '' ? text : `${toneSigns[tone]} ${text}`;

const heading = (text: string, tone: Tone): KnownBlock[] => {
  const whole = signed(tone, text);
  return whole.length <= limits.header
    ? [{ type: 'header', text: plain(whole) }]
    : lines([[{ text: whole, style: 'bold' }]]);
};

const text = (words: string): KnownBlock[] =>
  split(words, limits.text)
    .filter((piece) => piece.trim() !== '')
    .map((piece) => ({ type: 'section', text: plain(piece), expand: true }));

const note = (words: string): KnownBlock[] =>
  split(words, limits.text)
    .filter((piece) => piece.trim() !== '')
    .map((piece) => ({ type: 'context', elements: [plain(piece)] }));

const labelled = (label: string | null, words: string): Run[] =>
  label === null ? [{ text: words }] : [{ text: `${label}: `, style: 'bold' }, { text: words }];

/** A line that calls somebody. */
const addressed = (
  { text: words, to }: Extract<Block, { type: 'text' }>,
  it: string | null,
): KnownBlock[] => {
  const mention = mentionOf(to, it);
  return mention ? lines([[{ text: '', mention }, { text: ` ${words}` }]]) : text(words);
};

type Row = Extract<Block, { type: 'values' }>['rows'][number];
const rowValue = ({ value, person }: Row): Run => {
  const mention = person && memberMention(person);
  return mention ? { text: '', mention } : { text: value, style: 'code' };
};

/** One block of the view in as many of Slack's as it takes. `it`: who is called by a new case; null: nobody. */
export const renderBlock = (block: Block, it: string | null): KnownBlock[] => {
  switch (block.type) {
    case 'heading':
      return heading(block.text, block.tone);
    case 'text':
      return addressed(block, it);
    case 'finding':
      return lines([
        [{ text: signed(block.tone, block.title), style: 'bold' }],
        ...block.paragraphs.map(({ label, text: words }) => labelled(label, words)),
      ]);
    case 'evidence':
      return lines([
        [{ text: block.title, style: 'bold' }],
        ...block.paragraphs.map(({ label, text: words }) => labelled(label, words)),
      ]);
    case 'checklist':
      return lines(
        block.items.flatMap(({ state, stateLabel, label, detail }) => [
          [{ text: `${stateSigns[state]} ` }, { text: label, style: 'bold' }, { text: ` (${stateLabel})` }],
          ...(detail === null ? [] : [[{ text: detail }]]),
        ]),
      );
    case 'values':
      return lines([
        [{ text: block.title, style: 'bold' }],
        ...block.rows.map((row): Run[] => [{ text: `${row.label}: ` }, rowValue(row)]),
      ]);
    case 'link':
      return [link(block.url)];
    case 'code':
      return verbatim('rich_text_preformatted', block.label, block.text);
    case 'quote':
      return verbatim('rich_text_quote', block.by, block.text);
    case 'note':
      return note(block.text);
    default:
      return block satisfies never;
  }
};
