import { cleanedBlocks, cleanedMessage } from '../../../chat/cleaned.ts';
import type { Block, Button, ButtonAction, Message, StepState, Tone } from '../../../chat/view.ts';
import { limits } from '../limits.ts';
import {
  attachment,
  beside,
  type Card,
  card,
  container,
  type Element,
  link,
  mentionLine,
  text,
} from './elements.ts';
import { fitToLimits } from './fit-to-limits.ts';
import { type ItMention, mentionOf, mentionsIn } from './mention.ts';

type Sign = { sign: string; color?: 'Good' | 'Warning' | 'Attention' | 'Accent' };

const toneSigns: Record<Tone, Sign | null> = {
  good: { sign: '✔', color: 'Good' },
  bad: { sign: '✖', color: 'Attention' },
  warning: { sign: '⚠', color: 'Warning' },
  open: { sign: '?', color: 'Accent' },
  neutral: null,
};

const stateSigns: Record<StepState, Sign> = {
  waiting: { sign: '○' },
  running: { sign: '◔', color: 'Accent' },
  good: { sign: '✔', color: 'Good' },
  bad: { sign: '✖', color: 'Attention' },
  warning: { sign: '⚠', color: 'Warning' },
  open: { sign: '?', color: 'Accent' },
  skipped: { sign: '–' },
};

const boxes: Record<Tone, string> = {
  good: 'good',
  bad: 'attention',
  warning: 'warning',
  open: 'emphasis',
  neutral: 'emphasis',
};

const signed = (sign: Sign | null, words: Element[]): Element[] =>
  sign
    ? [beside(text(sign.sign, { weight: 'Bolder', ...(sign.color && { color: sign.color }) }), words)]
    : words;

const caption = (words: string): Element[] => text(words, { weight: 'Bolder', spacing: 'Medium' });

type Item = Extract<Block, { type: 'checklist' }>['items'][number];

const small = (words: string | null): Element[] =>
  words === null ? [] : text(words, { size: 'Small', spacing: 'None' });

const item = ({ state, stateLabel, label, detail }: Item): Element[] =>
  signed(stateSigns[state], [...text(label, { weight: 'Bolder' }), ...small(stateLabel), ...small(detail)]);

/** Columns for each sign would make a card of all details too large. */
const longList = 10;
const plainItem = ({ state, stateLabel, label, detail }: Item): Element[] => [
  ...text(`${stateSigns[state].sign} ${label} – ${stateLabel}`),
  ...small(detail),
];

const paragraphs = (all: readonly { label: string | null; text: string }[]): Element[] =>
  all.flatMap(({ label, text: words }) => [
    ...(label === null ? [] : text(label, { weight: 'Bolder', size: 'Small', spacing: 'Small' })),
    ...text(words, { spacing: label === null ? 'Small' : 'None' }),
  ]);

/** Who is called stands above what is said. */
const addressed = (
  { text: words, to }: Extract<Block, { type: 'text' }>,
  it: ItMention | null,
): Element[] => {
  const mention = mentionOf(to, it);
  return mention ? [mentionLine(mention), ...text(words, { spacing: 'None' })] : text(words);
};

const blockElements = (block: Block, it: ItMention | null): Element[] => {
  switch (block.type) {
    case 'heading':
      return signed(
        toneSigns[block.tone],
        text(block.text, { heading: true, weight: 'Bolder', size: 'Medium' }),
      );
    case 'text':
      return addressed(block, it);
    case 'finding':
      return [
        container(
          [
            ...signed(toneSigns[block.tone], text(block.title, { weight: 'Bolder' })),
            ...paragraphs(block.paragraphs),
          ],
          { style: boxes[block.tone], spacing: 'Medium' },
        ),
      ];
    case 'evidence':
      return [...caption(block.title), container(paragraphs(block.paragraphs), { spacing: 'Small' })];
    case 'checklist':
      return block.items.flatMap(block.items.length > longList ? plainItem : item);
    case 'values':
      return [
        ...caption(block.title),
        container(
          block.rows.flatMap(({ label, value }) => [
            ...text(label, { size: 'Small', spacing: 'Small' }),
            ...text(value, { fontType: 'Monospace', spacing: 'None' }),
          ]),
          { style: 'emphasis', spacing: 'Small' },
        ),
      ];
    case 'link':
      return [link(block.url)];
    case 'code':
      return [
        ...caption(block.label),
        container(text(block.text, { fontType: 'Monospace', size: 'Small' }), {
          style: 'emphasis',
          spacing: 'Small',
        }),
      ];
    case 'quote':
      return [
        container(
          [
            ...(block.by === '' ? [] : text(block.by, { weight: 'Bolder', size: 'Small' })),
            ...text(block.text, { italic: true }),
          ],
          { style: 'emphasis', spacing: 'Medium' },
        ),
      ];
    case 'note':
      return text(block.text, { size: 'Small', spacing: 'Medium' });
    default:
      return block satisfies never;
  }
};

export const blocksElements = (blocks: readonly Block[], it: ItMention | null = null): Element[] =>
  cleanedBlocks(blocks).flatMap((block) => blockElements(block, it));

const styles: Record<Button['style'], string> = {
  primary: 'positive',
  danger: 'destructive',
  plain: 'default',
};

/** Only a click can open a dialog, and only of an Action.Submit of this kind. */
const opensForm: ReadonlySet<ButtonAction> = new Set([
  'start',
  'edit',
  'escalate',
  'ask-rep',
  'answer',
  'said-other',
]);

/** Where a colour says that something cannot be taken back, a sign says it too. */
const dangerSign = '⚠';

const action = ({ action: name, label, value, style }: Button, index: number): Element => {
  const shown = {
    title: style === 'danger' ? `${dangerSign} ${label}` : label,
    style: styles[style],
    ...(index >= limits.primaryActions && { mode: 'secondary' }),
  };
  return opensForm.has(name)
    ? { type: 'Action.Submit', ...shown, data: { action: name, value, msteams: { type: 'task/fetch' } } }
    : { type: 'Action.Execute', ...shown, verb: name, data: { action: name, value } };
};

const drawn = (message: Message, it: ItMention | null): Card =>
  card(
    message.summary.slice(0, limits.summary),
    blocksElements(message.blocks, it),
    message.buttons.map(action),
    mentionsIn(message.blocks, it),
  );

/** `textFormat`: the summary is no Markdown. */
export type Outgoing = { type: 'message'; textFormat: 'plain'; summary: string; attachments: unknown[] };

/** `summary`: the line for toasts; cards of another kind are named by words of ours, which hold no signs of Markdown. */
export const asActivity = (content: Card, summary = content.fallbackText): Outgoing => ({
  type: 'message',
  textFormat: 'plain',
  summary: summary.slice(0, limits.summary),
  attachments: [attachment(content)],
});

const posted = (message: Message, it: ItMention | null): Outgoing =>
  asActivity(drawn(message, it), message.summary);

export const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/**
 * A message as Teams takes it, within its size: what is too long ends with a mark that says so. `it`: who is called by a new
 * case; null: nobody.
 */
export const renderMessage = (message: Message, it: ItMention | null = null): Outgoing => {
  const shown = fitToLimits(cleanedMessage(message), (one) => bytesOf(posted(one, it)) <= limits.cardBytes);
  return posted(shown, it);
};
