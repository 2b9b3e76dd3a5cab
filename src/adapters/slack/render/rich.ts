import type { types } from '@slack/bolt';
import { limits } from '../limits.ts';
import { split } from './text.ts';

type RichText = types.RichTextBlock;
type Element = RichText['elements'][number];

export type Mention = types.RichTextUserMention | types.RichTextUsergroupMention;

/** A stretch of text in one style. `mention`: shown in its place. */
export type Run = { text: string; style?: 'bold' | 'code'; mention?: Mention };

const element = ({ text, style, mention }: Run): types.RichTextText | Mention => {
  if (mention) return mention;
  return style === undefined ? { type: 'text', text } : { type: 'text', text, style: { [style]: true } };
};

const lengthOf = (line: readonly Run[]): number => line.reduce((sum, { text }) => sum + text.length, 0);

/** A line that is too long becomes several. */
const fitting = (line: readonly Run[]): Run[][] => {
  if (lengthOf(line) <= limits.text) return [[...line]];
  return line.flatMap((run) => split(run.text, limits.text).map((text) => [{ ...run, text }]));
};

/** Neighbours in the same style are one run, and empty ones none: Slack refuses empty text. */
const joined = (runs: readonly Run[]): Run[] => {
  const all: Run[] = [];
  for (const run of runs) {
    const last = all.at(-1);
    if (run.text === '' && !run.mention) continue;
    const isOne = last && !last.mention && !run.mention && last.style === run.style;
    if (isOne) all[all.length - 1] = { ...last, text: last.text + run.text };
    else all.push(run);
  }
  return all;
};

const block = (...elements: Element[]): RichText => ({ type: 'rich_text', elements });

/**
 * Lines as rich text, which Slack shows as they are: no mark in it is ever read as markup, a mention or a link. As many
 * blocks as the limit asks for.
 */
export const lines = (all: readonly (readonly Run[])[]): RichText[] => {
  const blocks: Run[][] = [];
  for (const line of all.flatMap(fitting)) {
    const last = blocks.at(-1);
    if (last && lengthOf(last) + lengthOf(line) < limits.text) last.push({ text: '\n' }, ...line);
    else blocks.push(line);
  }
  return blocks
    .map(joined)
    .filter((runs) => runs.length > 0)
    .map((runs) => block({ type: 'rich_text_section', elements: runs.map(element) }));
};

/** The only text of ours that leads anywhere. */
export const link = (url: string): RichText =>
  block({ type: 'rich_text_section', elements: [{ type: 'link', url }] });

type Verbatim = 'rich_text_preformatted' | 'rich_text_quote';

/** A heading line and below it, untouched, what a server, a person or a shell says. */
export const verbatim = (type: Verbatim, label: string, text: string): RichText[] => {
  const [first, ...rest] = split(text, limits.text - 200)
    .filter((piece) => piece !== '')
    .map((piece): Element => ({ type, elements: [{ type: 'text', text: piece }] }));
  const heading = lines([[{ text: label.slice(0, 200), style: 'bold' }]]).flatMap(({ elements }) => elements);
  const opening = [...heading, ...(first ? [first] : [])];
  return [...(opening.length > 0 ? [block(...opening)] : []), ...rest.map((piece) => block(piece))];
};
