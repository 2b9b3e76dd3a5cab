/** Messages as a page to read: what is said, in its order, without the looks of any platform. */
import type { Block, Message, StepState, Tone } from '../../src/chat/view.ts';

const signs = {
  good: '✔',
  bad: '✖',
  warning: '⚠',
  open: '?',
  neutral: '',
  waiting: '○',
  running: '◔',
  skipped: '–',
} as const satisfies Record<Tone | StepState, string>;

/** What a server or a text says is read as it stands. */
const plain = (text: string): string =>
  text.replaceAll(/[\\`*_[\]<>#|]/gu, String.raw`\$&`).replaceAll('\n', '  \n');

const signed = (tone: Tone | StepState, text: string): string => `${signs[tone]} ${text}`.trim();

const titled = (title: string, paragraphs: readonly { label: string | null; text: string }[]): string =>
  [
    `**${title}**`,
    ...paragraphs.map(({ label, text }) =>
      label === null ? `- ${plain(text)}` : `- **${plain(label)}:** ${plain(text)}`,
    ),
  ].join('\n');

const block = (one: Block): string => {
  switch (one.type) {
    case 'heading':
      return `### ${signed(one.tone, plain(one.text))}`;
    case 'text':
      return plain(one.text);
    case 'finding':
      return titled(signed(one.tone, plain(one.title)), one.paragraphs);
    case 'evidence':
      return titled(plain(one.title), one.paragraphs);
    case 'checklist':
      return one.items
        .map(
          ({ state, stateLabel, label, detail }) =>
            `- ${signed(state, plain(label))} (${stateLabel})${detail === null ? '' : `: ${plain(detail)}`}`,
        )
        .join('\n');
    case 'values':
      return [
        `**${plain(one.title)}**`,
        ...one.rows.map(({ label, value }) => `- ${plain(label)}: \`${value}\``),
      ].join('\n');
    case 'link':
      return `<${one.url}>`;
    case 'code':
      return `**${plain(one.label)}**\n\n\`\`\`\n${one.text}\n\`\`\``;
    case 'quote':
      return `**${plain(one.by)}**\n\n> ${plain(one.text)}`;
    case 'note':
      return `*${plain(one.text)}*`;
    default:
      return one satisfies never;
  }
};

export const markdown = ({ blocks, buttons }: Message): string =>
  [
    ...blocks.map(block),
    ...(buttons.length > 0 ? [buttons.map(({ label }) => `\\[ ${label} \\]`).join(' ')] : []),
  ].join('\n\n');
