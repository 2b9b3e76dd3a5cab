import type { types } from '@slack/bolt';
import { cleanedMessage } from '../../../chat/cleaned.ts';
import type { Block, Button, Message } from '../../../chat/view.ts';
import { limits } from '../limits.ts';
import { plain, renderBlock } from './blocks.ts';
import { clip, escapeMarkup, shortenMiddle } from './text.ts';

type KnownBlock = types.KnownBlock;
export type Payload = { text: string; blocks: KnownBlock[] };

const button = ({ action, label, value, style }: Button): types.Button => ({
  type: 'button',
  action_id: action,
  text: plain(clip(label, limits.buttonText)),
  value,
  ...(style === 'plain' ? {} : { style }),
});

const actions = (buttons: readonly Button[]): KnownBlock[] =>
  buttons.length === 0
    ? []
    : [{ type: 'actions', elements: buttons.slice(0, limits.buttonsPerBlock).map(button) }];

/** What is left of a transcript of which the middle had to go. */
const shortCode = 1200;

/** Ways to say less, the least painful first. Null: this one cannot be said shorter. */
const shorter: readonly ((block: Block) => Block | null)[] = [
  (block) =>
    block.type === 'code' && block.text.length > shortCode
      ? { ...block, text: shortenMiddle(block.text, shortCode) }
      : null,
  (block) => (block.type === 'evidence' && block.paragraphs.length > 0 ? { ...block, paragraphs: [] } : null),
  (block) => (block.type === 'finding' && block.paragraphs.length > 0 ? { ...block, paragraphs: [] } : null),
  (block) =>
    block.type === 'checklist' && block.items.some(({ detail }) => detail !== null)
      ? { ...block, items: block.items.map((item) => ({ ...item, detail: null })) }
      : null,
];

type Measured = { blocks: KnownBlock[]; size: number };
const measured = (blocks: KnownBlock[]): Measured => ({
  blocks,
  // With the comma that follows each.
  size: blocks.reduce((sum, one) => sum + JSON.stringify(one).length + 1, 0),
});

/** Blocks, and characters of them as JSON. */
type Room = { blocks: number; json: number };
const roomOfMessage: Room = { blocks: limits.blocksPerMessage, json: limits.messageJson };
/** In bytes it may be that large; a sign takes four at most, and the frame some. */
const roomOfHome: Room = { blocks: limits.blocksPerView, json: limits.viewBytes / 5 };

const fitsInto =
  (room: Room) =>
  (parts: readonly Measured[]): boolean =>
    parts.reduce((sum, { blocks }) => sum + blocks.length, 0) <= room.blocks &&
    parts.reduce((sum, { size }) => sum + size, 0) < room.json;

/** Everything where it fits; else the last blocks say less, titles and commands stay longest, and the end says so. */
const renderAll = (
  {
    blocks,
    end,
    cutText,
    it,
  }: { blocks: readonly Block[]; end: KnownBlock[]; cutText: string; it: string | null },
  room: Room,
): KnownBlock[] => {
  const fits = fitsInto(room);
  const parts = blocks.map((block) => measured(renderBlock(block, it)));
  const last = measured(end);
  if (fits([...parts, last])) return [...parts, last].flatMap((part) => part.blocks);
  const closing = measured([...renderBlock({ type: 'note', text: cutText }, it), ...end]);
  const kept = [...blocks];
  for (const shorten of shorter)
    for (let index = kept.length - 1; index >= 0 && !fits([...parts, closing]); index -= 1) {
      const block = kept[index];
      const less = block && shorten(block);
      if (!less) continue;
      kept[index] = less;
      parts[index] = measured(renderBlock(less, it));
    }
  while (!fits([...parts, closing])) {
    const part = parts.pop();
    if (!part) break;
    if (part.blocks.length > 1) parts.push(measured(part.blocks.slice(0, -1)));
  }
  return [...parts, closing].flatMap((part) => part.blocks);
};

/**
 * A message as Slack takes it. `cutText`: the line that says that a part had to be left out. `it`: the id of who is called by
 * a new case; null: nobody.
 */
export const renderMessage = (message: Message, cutText: string, it: string | null = null): Payload => {
  const { summary, blocks, buttons } = cleanedMessage(message);
  return {
    text: escapeMarkup(clip(summary, limits.summary)),
    blocks: renderAll({ blocks, end: actions(buttons), cutText, it }, roomOfMessage),
  };
};

/** The same as a page: what can be done stands above what there is to read. */
export const renderHome = (message: Message, cutText: string): types.HomeView => {
  const { blocks, buttons } = cleanedMessage(message);
  const above = actions(buttons);
  const room = { ...roomOfHome, blocks: roomOfHome.blocks - above.length };
  return { type: 'home', blocks: [...above, ...renderAll({ blocks, end: [], cutText, it: null }, room)] };
};
