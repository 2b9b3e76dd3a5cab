import { z } from 'zod';
import type { AdapterMemory } from '../../chat/port.ts';
import { type Form, type FormName, formNames } from '../../chat/view.ts';

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
    type: z.literal('checklist'),
    items: z.array(z.object({ state, stateLabel: words, label: words, detail: words.nullable() })),
  }),
  z.object({
    type: z.literal('values'),
    title: words,
    rows: z.array(z.object({ label: words, value: words })),
  }),
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
}) satisfies z.ZodType<Form>;

/**
 * The forms that people have open. Teams wants the whole form again to show an error in it, also after a restart. Per
 * person and kind the newest is kept.
 */
export const createOpenForms = (memory: AdapterMemory) => {
  const key = (person: string, name: FormName): string => `form/${person}/${name}`;
  return {
    remember: async (person: string, form: Form): Promise<void> => {
      await memory.put(key(person, form.name), form);
    },
    /** The form with this context; null: none is known. */
    find: async (person: string, name: FormName, context: string): Promise<Form | null> => {
      const found = kept.safeParse(await memory.get(key(person, name)));
      return found.success ? { ...found.data, context } : null;
    },
  };
};
export type OpenForms = ReturnType<typeof createOpenForms>;
