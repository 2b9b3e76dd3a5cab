import { z } from 'zod';
import { buttonActions, type Message } from '../../../chat/view.ts';

const tone = z.enum(['good', 'bad', 'warning', 'open', 'neutral']);
const state = z.enum(['waiting', 'running', 'good', 'bad', 'warning', 'open', 'skipped']);
const paragraph = z.object({ label: z.string().nullable(), text: z.string() });
const step = z.object({ state, stateLabel: z.string(), label: z.string(), detail: z.string().nullable() });
const row = z.object({ label: z.string(), value: z.string() });

const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('heading'), text: z.string(), tone }),
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('finding'), tone, title: z.string(), paragraphs: z.array(paragraph) }),
  z.object({ type: z.literal('evidence'), title: z.string(), paragraphs: z.array(paragraph) }),
  z.object({ type: z.literal('checklist'), items: z.array(step) }),
  z.object({ type: z.literal('values'), title: z.string(), rows: z.array(row) }),
  z.object({ type: z.literal('link'), url: z.string() }),
  z.object({ type: z.literal('code'), label: z.string(), text: z.string() }),
  z.object({ type: z.literal('quote'), by: z.string(), text: z.string() }),
  z.object({ type: z.literal('note'), text: z.string() }),
]);

const message = z.object({
  summary: z.string(),
  blocks: z.array(block),
  buttons: z.array(
    z.object({
      action: z.enum(buttonActions),
      label: z.string(),
      value: z.string(),
      style: z.enum(['primary', 'danger', 'plain']),
    }),
  ),
}) satisfies z.ZodType<Message>;

/** One entry of the two panes, as it is kept and as the page gets it. */
export const post = z.object({
  id: z.string(),
  order: z.number(),
  pane: z.enum(['rep', 'it']),
  /** The message it is a reply to. */
  root: z.string().nullable(),
  author: z.enum(['bot', 'rep', 'it']),
  /** Milliseconds since the epoch. */
  at: z.number(),
  content: z.discriminatedUnion('type', [
    z.object({ type: z.literal('message'), message }),
    z.object({ type: z.literal('said'), text: z.string() }),
  ]),
});
export type Post = z.infer<typeof post>;
