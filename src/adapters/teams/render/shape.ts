import { z } from 'zod';
import { type Form, formNames } from '../../../chat/view.ts';

const base = {
  name: z.string(),
  label: z.string(),
  hint: z.string().nullable(),
  optional: z.boolean(),
  version: z.number(),
};
const field = z.discriminatedUnion('type', [
  z.object({
    ...base,
    type: z.literal('text'),
    initial: z.string(),
    maxLength: z.number(),
    placeholder: z.string().nullable(),
    inputMode: z.enum(['text', 'email', 'numeric']),
  }),
  z.object({ ...base, type: z.literal('multiline'), initial: z.string(), maxLength: z.number() }),
  z.object({
    ...base,
    type: z.literal('choice'),
    initial: z.string().nullable(),
    options: z.array(z.object({ value: z.string(), label: z.string() })),
  }),
]);

const tone = z.enum(['good', 'bad', 'warning', 'open', 'neutral']);
const state = z.enum(['waiting', 'running', 'good', 'bad', 'warning', 'open', 'skipped']);
const words = z.string();
const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('heading'), text: words, tone }),
  z.object({ type: z.literal('text'), text: words }),
  z.object({
    type: z.literal('finding'),
    tone,
    title: words,
    paragraphs: z.array(z.object({ label: words.nullable(), text: words })),
  }),
  z.object({
    type: z.literal('evidence'),
    title: words,
    paragraphs: z.array(z.object({ label: words.nullable(), text: words })),
  }),
  z.object({
    type: z.literal('checklist'),
    items: z.array(z.object({ state, stateLabel: words, label: words, detail: words.nullable() })),
  }),
  z.object({
    type: z.literal('values'),
    title: words,
    rows: z.array(z.object({ label: words, value: words })),
  }),
  z.object({ type: z.literal('link'), url: words }),
  z.object({ type: z.literal('code'), label: words, text: words }),
  z.object({ type: z.literal('quote'), by: words, text: words }),
  z.object({ type: z.literal('note'), text: words }),
]);

const kept = z.object({
  name: z.enum(formNames),
  title: z.string(),
  submit: z.string(),
  cancel: z.string(),
  context: z.string(),
  intro: z.array(block),
  fields: z.array(field),
  /** For what has to be said where nothing is known of her: in which language the form is. */
  locale: z.string().exactOptional(),
}) satisfies z.ZodType<Form>;

/**
 * A form travels with its own card: Teams wants the whole form again to show an error in it, also after a restart, and
 * so nothing has to be kept. Whoever sends us a changed one changes what she herself sees, and nothing else.
 */
export const shapeOf = (form: Form): unknown => ({
  ...form,
  fields: form.fields.map((one) => ({ ...one, initial: one.type === 'choice' ? null : '' })),
});

/** Null: it is no form that we could have sent. */
export const formOf = (shape: unknown): Form | null => kept.safeParse(shape).data ?? null;
