import { cleanedForm, cleanedTexts } from '../../../chat/cleaned.ts';
import type { Field, Form } from '../../../chat/view.ts';
import { cleanText } from '../../../lib/clean.ts';
import { limits } from '../limits.ts';
import { beside, type Card, card, container, type Element, text } from './elements.ts';
import { blocksElements, bytesOf } from './render.ts';
import { shapeOf } from './shape.ts';

/** What stands in a form besides its definition: what was typed and what is wrong with it. */
export type Filled = {
  values: Readonly<Record<string, string | null>>;
  errors: Readonly<Record<string, string>>;
};
export const unfilled: Filled = { values: {}, errors: {} };

const typedIn = (field: Field, { values }: Filled): string =>
  (field.name in values ? values[field.name] : field.initial) ?? '';

/** Nothing is checked in the client: its words would not be ours, and every client checks something else. */
const input = (field: Field, filled: Filled): Element => {
  const error = filled.errors[field.name];
  const base = { id: field.name, label: field.label, ...(error !== undefined && { errorMessage: error }) };
  const value = typedIn(field, filled);
  switch (field.type) {
    case 'text':
      return {
        type: 'Input.Text',
        ...base,
        value,
        ...(field.placeholder !== null && { placeholder: field.placeholder }),
        ...(field.inputMode === 'email' && { style: 'Email' }),
      };
    case 'multiline':
      return { type: 'Input.Text', ...base, value, isMultiline: true };
    case 'choice':
      return {
        type: 'Input.ChoiceSet',
        ...base,
        value,
        style: 'compact',
        choices: field.options.map(({ value: choice, label }) => ({ title: label, value: choice })),
      };
    default:
      return field satisfies never;
  }
};

/** With a sign beside it, since not everybody sees its colour. */
const mistake = (error: string): Element =>
  beside(
    text('✖', { weight: 'Bolder', color: 'Attention' }),
    text(error, { color: 'Attention', weight: 'Bolder' }),
  );

const fieldElements = (field: Field, filled: Filled): Element => {
  const error = filled.errors[field.name];
  return container(
    [
      input(field, filled),
      ...(error === undefined ? [] : [mistake(error)]),
      ...(field.hint === null ? [] : text(field.hint, { size: 'Small', spacing: 'Small' })),
    ],
    { spacing: 'Medium' },
  );
};

/** Errors of fields that the form does not have are shown all the same. */
const strayErrors = (form: Form, { errors }: Filled): Element[] =>
  Object.entries(errors)
    .filter(([name]) => !form.fields.some((field) => field.name === name))
    .map(([, error]) => mistake(error));

const drawn = (form: Form, filled: Filled, titled: boolean): Card =>
  card(
    form.title,
    [
      ...(titled ? text(form.title, { heading: true, weight: 'Bolder', size: 'Medium' }) : []),
      ...blocksElements(form.intro),
      ...strayErrors(form, filled),
      ...form.fields.map((field) => fieldElements(field, filled)),
    ],
    [
      {
        type: 'Action.Submit',
        title: form.submit,
        style: 'positive',
        data: { form: form.name, context: form.context, shape: shapeOf(form) },
      },
    ],
  );

/** Far too long a text is shown in part; the conversation has kept it, and the error says how long it may be. */
const shortened = (form: Form, filled: Filled, most: number): Filled => ({
  errors: filled.errors,
  values: Object.fromEntries(form.fields.map((field) => [field.name, typedIn(field, filled).slice(0, most)])),
});

const cleaned = (form: Form, { values, errors }: Filled): [Form, Filled] => [
  cleanedForm(form),
  { values: cleanedTexts(values), errors: cleanedTexts(errors) },
];

/** `titled`: the card stands in the chat; a dialog has its title in its own frame. */
export const renderForm = (given: Form, typed: Filled, titled: boolean): Card => {
  const [form, filled] = cleaned(given, typed);
  const whole = drawn(form, filled, titled);
  if (bytesOf(whole) <= limits.cardBytes) return whole;
  for (let most = 16_000; most >= 500; most = Math.floor(most * 0.7)) {
    const part = drawn(form, shortened(form, filled, most), titled);
    if (bytesOf(part) <= limits.cardBytes) return part;
  }
  return drawn({ ...form, intro: [] }, shortened(form, filled, 500), titled);
};

const answered = (field: Field, filled: Filled): string => {
  const value = typedIn(field, filled);
  if (field.type !== 'choice') return value;
  return field.options.find((option) => option.value === value)?.label ?? value;
};

/** A form of the chat after its use: what was typed can be read, nothing can be sent twice. */
export const renderUsedForm = (given: Form, typed: Filled): Card => {
  const [form, filled] = cleaned(given, typed);
  return card(
    form.title,
    [
      ...text(form.title, { heading: true, weight: 'Bolder', size: 'Medium' }),
      ...form.fields.flatMap((field) => [
        ...text(field.label, { size: 'Small', spacing: 'Small' }),
        ...text(answered(field, filled).slice(0, 2000) || '–', { spacing: 'None' }),
      ]),
    ],
    [],
  );
};

/** A dialog with a form; sizes are words of the Teams client. */
export const dialog = (form: Form, filled: Filled) => ({
  title: cleanText(form.title),
  height: form.fields.length > 3 ? 'large' : 'medium',
  width: 'medium',
  card: {
    contentType: 'application/vnd.microsoft.card.adaptive',
    content: renderForm(form, filled, false),
  },
});
