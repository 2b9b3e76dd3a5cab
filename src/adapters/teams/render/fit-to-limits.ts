import type { Block, Message } from '../../../chat/view.ts';

/** Stands where text was left out; needs no language. */
const cutMark = ' […]';

/** Texts shorter than this are never cut: titles, labels, values that somebody copies. */
const shortest = 300;

const cut = (words: string, most: number): string =>
  words.length <= most
    ? words
    : `${words.slice(0, most).replace(/\s\S{0,40}$|[\ud800-\udbff]$/u, '')}${cutMark}`;

const cutBlock = (block: Block, most: number): Block => {
  switch (block.type) {
    case 'heading':
    case 'text':
    case 'code':
    case 'quote':
    case 'note':
      return { ...block, text: cut(block.text, most) };
    case 'finding':
    case 'evidence':
      return {
        ...block,
        title: cut(block.title, most),
        paragraphs: block.paragraphs.map(({ label, text }) => ({ label, text: cut(text, most) })),
      };
    case 'link':
      return block;
    case 'checklist':
      return {
        ...block,
        items: block.items.map((item) => ({ ...item, detail: item.detail && cut(item.detail, most) })),
      };
    case 'values':
      return { ...block, rows: block.rows.map(({ label, value }) => ({ label, value: cut(value, most) })) };
    default:
      return block satisfies never;
  }
};

const cutList = <T>(items: readonly T[], most: number, rest: T): T[] =>
  items.length <= most ? [...items] : [...items.slice(0, most), rest];

/** The first of the lines or entries of one block, where cutting its texts is not enough. */
const fewer = (block: Block, most: number): Block => {
  switch (block.type) {
    case 'checklist': {
      const rest = { state: 'skipped', stateLabel: '', label: cutMark.trim(), detail: null } as const;
      return { ...block, items: cutList(block.items, most, rest) };
    }
    case 'code':
      return { ...block, text: cutList(block.text.split('\n'), most * 3, cutMark.trim()).join('\n') };
    case 'heading':
    case 'text':
    case 'quote':
    case 'note':
    case 'finding':
    case 'evidence':
    case 'link':
    case 'values':
      return block;
    default:
      return block satisfies never;
  }
};

/**
 * Cuts the longest texts first and only as far as needed; then long lists; then whole blocks from the end. What is left
 * out leaves a mark.
 */
export const fitToLimits = (message: Message, fits: (message: Message) => boolean): Message => {
  if (fits(message)) return message;
  for (let most = 16_000; most >= shortest; most = Math.floor(most * 0.7)) {
    const shorter = { ...message, blocks: message.blocks.map((block) => cutBlock(block, most)) };
    if (fits(shorter)) return shorter;
  }
  const short = message.blocks.map((block) => cutBlock(block, shortest));
  for (let most = 40; most >= 4; most = Math.floor(most * 0.8)) {
    const shorter = { ...message, blocks: short.map((block) => fewer(block, most)) };
    if (fits(shorter)) return shorter;
  }
  const least = short.map((block) => fewer(block, 4));
  for (let count = least.length - 1; count > 0; count -= 1) {
    const rest: Block = { type: 'note', text: cutMark.trim() };
    const shorter = { ...message, blocks: [...least.slice(0, count), rest] };
    if (fits(shorter)) return shorter;
  }
  return { ...message, blocks: least.slice(0, 1) };
};
