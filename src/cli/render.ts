import { styleText } from 'node:util';
import { cleanedBlocks } from '../chat/cleaned.ts';
import type { Block, StepState, Tone } from '../chat/view.ts';

export type Paper = { width: number; colour: boolean };

type Style = Parameters<typeof styleText>[0];

const toneStyles = {
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  open: 'cyan',
  neutral: 'reset',
} as const satisfies Record<Tone, Style>;

const toneMarks = { good: '✓', bad: '✗', warning: '!', open: '?', neutral: '·' } as const satisfies Record<
  Tone,
  string
>;

const stepMarks = {
  waiting: { mark: '·', style: 'dim' },
  running: { mark: '…', style: 'bold' },
  good: { mark: '✓', style: 'green' },
  bad: { mark: '✗', style: 'red' },
  warning: { mark: '!', style: 'yellow' },
  open: { mark: '?', style: 'cyan' },
  skipped: { mark: '–', style: 'dim' },
} as const satisfies Record<StepState, { mark: string; style: Style }>;

const paint = (style: Style, text: string, { colour }: Paper): string =>
  colour ? styleText(style, text, { validateStream: false }) : text;

/** Breaks at spaces; a word longer than the line stays whole, so that it can be copied. */
const wrap = (text: string, width: number, indent: string): string[] => {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && indent.length + line.length + 1 + word.length > width) {
        lines.push(indent + line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(indent + line);
  }
  return lines;
};

const table = (rows: readonly { label: string; value: string }[]): string[] => {
  const longest = Math.max(0, ...rows.map(({ label }) => label.length));
  return rows.map(({ label, value }) => `  ${label.padEnd(longest)}  ${value}`);
};

const renderBlock = (block: Block, paper: Paper): string[] => {
  const { width } = paper;
  switch (block.type) {
    case 'heading':
      return wrap(block.text, width, '').map((line) => paint(['bold', toneStyles[block.tone]], line, paper));
    case 'text':
      return wrap(block.text, width, '');
    case 'finding': {
      const [first = '', ...rest] = wrap(block.title, width - 2, '');
      const head = `${paint(toneStyles[block.tone], toneMarks[block.tone], paper)} ${paint('bold', first, paper)}`;
      const body = block.paragraphs.flatMap(({ label, text }) =>
        wrap(label === null ? text : `${label}: ${text}`, width, '  '),
      );
      return [head, ...rest.map((line) => `  ${paint('bold', line, paper)}`), ...body];
    }
    case 'evidence':
      return [
        ...wrap(block.title, width, '').map((line) => paint('bold', line, paper)),
        ...block.paragraphs.flatMap(({ label, text }) =>
          wrap(label === null ? text : `${label}: ${text}`, width, '  '),
        ),
      ];
    case 'checklist':
      return block.items.map(({ state, stateLabel, label, detail }) => {
        const { mark, style } = stepMarks[state];
        const more = detail === null ? stateLabel : `${stateLabel}, ${detail}`;
        return `${paint(style, mark, paper)} ${label} ${paint('dim', `– ${more}`, paper)}`;
      });
    case 'values':
      return [...wrap(block.title, width, ''), ...table(block.rows)];
    case 'link':
      return [block.url];
    case 'code':
      return [...wrap(block.label, width, ''), ...block.text.split('\n').map((line) => `  ${line}`)];
    case 'quote':
      return [...wrap(`${block.by}:`, width, ''), ...wrap(block.text, width, '  > ')];
    case 'note':
      return wrap(block.text, width, '').map((line) => paint('dim', line, paper));
    default:
      return block satisfies never;
  }
};

/** The blocks of a message as plain lines, one empty line between them. */
export const renderBlocks = (blocks: readonly Block[], paper: Paper): string =>
  cleanedBlocks(blocks)
    .map((block) => renderBlock(block, paper).join('\n'))
    .join('\n\n');
