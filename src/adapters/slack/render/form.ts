import type { types } from '@slack/bolt';
import { z } from 'zod';
import { cleanedForm } from '../../../chat/cleaned.ts';
import type { Field, Form } from '../../../chat/view.ts';
import { limits } from '../limits.ts';
import { plain, renderBlock } from './blocks.ts';
import { clip } from './text.ts';

/** What comes back with a form: ids, where it was opened, and its language for the words we add. */
const metadata = z.object({ context: z.string(), it: z.boolean(), locale: z.string().nullable() });
export type FormMetadata = z.infer<typeof metadata>;

export const readMetadata = (text: string): FormMetadata => {
  const found = z
    .preprocess((value) => {
      try {
        return JSON.parse(String(value)) as unknown;
      } catch {
        return null;
      }
    }, metadata)
    .safeParse(text);
  return found.data ?? { context: '', it: false, locale: null };
};

/** Slack keeps what was typed as long as this stays the same. */
const blockId = ({ name, version }: Field): string => (version > 0 ? `${name}:${version}` : name);

const option = ({ value, label }: { value: string; label: string }): types.PlainTextOption => ({
  text: plain(clip(label, limits.optionText)),
  value,
});

/** Two or three possibilities are shown at a glance, more in a list. */
const atAGlance = 2;

const textInput = (
  field: Extract<Field, { type: 'text' | 'multiline' }>,
  placeholder: string | null,
): types.PlainTextInput => {
  const max = Math.min(field.maxLength, limits.input);
  const initial = field.initial.slice(0, max);
  return {
    type: 'plain_text_input',
    action_id: field.name,
    max_length: max,
    ...(field.type === 'multiline' ? { multiline: true } : {}),
    ...(initial === '' ? {} : { initial_value: initial }),
    ...(placeholder ? { placeholder: plain(clip(placeholder, limits.placeholder)) } : {}),
  };
};

const element = (field: Field): types.PlainTextInput | types.RadioButtons | types.StaticSelect => {
  switch (field.type) {
    case 'text':
      return textInput(field, field.placeholder);
    case 'multiline':
      return textInput(field, null);
    case 'choice': {
      const options = field.options.map(option);
      const chosen = options.find(({ value }) => value === field.initial);
      const base = {
        action_id: field.name,
        options,
        ...(chosen ? { initial_option: chosen } : {}),
      };
      return options.length <= atAGlance
        ? { type: 'radio_buttons', ...base }
        : { type: 'static_select', ...base };
    }
    default:
      return field satisfies never;
  }
};

const input = (field: Field): types.InputBlock => ({
  type: 'input',
  block_id: blockId(field),
  label: plain(clip(field.label, limits.label)),
  element: element(field),
  optional: field.optional,
  ...(field.hint === null ? {} : { hint: plain(clip(field.hint, limits.hint)) }),
});

/** A form as a modal. `inIt`: opened from the IT channel. */
export const renderForm = (given: Form, inIt: boolean): types.ModalView => {
  const form = cleanedForm(given);
  const kept: FormMetadata = { context: form.context, it: inIt, locale: form.locale ?? null };
  const fields = form.fields.map(input);
  const intro = form.intro
    .flatMap((block) => renderBlock(block, null))
    .slice(0, limits.blocksPerView - fields.length);
  return {
    type: 'modal',
    callback_id: form.name,
    private_metadata: JSON.stringify(kept),
    title: plain(clip(form.title, limits.modalTitle)),
    submit: plain(clip(form.submit, limits.modalButton)),
    close: plain(clip(form.cancel, limits.modalButton)),
    blocks: [...intro, ...fields],
  };
};
