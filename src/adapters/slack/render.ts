import type { types } from '@slack/bolt';
import type { Block, Button, Message } from '../../chat/view.ts';
import { plain, renderBlock } from './blocks.ts';
import { limits } from './limits.ts';
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
  (block) => (block.type === 'finding' && block.paragraphs.length > 0 ? { ...block, paragraphs: [] } : null),
  (block) =>
    block.type === 'checklist' && block.items.some(({ detail }) => detail !== null)
      ? { ...block, items: block.items.map((item) => ({ ...item, detail: null })) }
      : null,
];

const fits = (rendered: readonly KnownBlock[]): boolean =>
  rendered.length <= limits.blocksPerMessage && JSON.stringify(rendered).length <= limits.messageJson;

/** Everything where it fits; else the last blocks say less, titles and commands stay longest, and the end says so. */
const renderAll = (blocks: readonly Block[], end: readonly KnownBlock[], cutText: string): KnownBlock[] => {
  const whole = [...blocks.flatMap(renderBlock), ...end];
  if (fits(whole)) return whole;
  const cutLine = renderBlock({ type: 'note', text: cutText });
  const kept = [...blocks];
  const rendered = kept.map(renderBlock);
  const now = () => [...rendered.flat(), ...cutLine, ...end];
  for (const shorten of shorter)
    for (let index = kept.length - 1; index >= 0 && !fits(now()); index -= 1) {
      const block = kept[index];
      const less = block && shorten(block);
      if (!less) continue;
      kept[index] = less;
      rendered[index] = renderBlock(less);
    }
  while (!fits(now())) {
    const last = rendered.at(-1);
    if (!last) break;
    if (last.length > 1) last.pop();
    else rendered.pop();
  }
  return now();
};

/** A message as Slack takes it. `cutText`: the line that says that a part had to be left out. */
export const renderMessage = (message: Message, cutText: string): Payload => ({
  text: escapeMarkup(clip(message.summary, limits.summary)),
  blocks: renderAll(message.blocks, actions(message.buttons), cutText),
});
