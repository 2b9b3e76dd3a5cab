import { cleanText } from '../lib/clean.ts';
import type { Person } from './person.ts';
import type { Block, Button, Field, Form, FormAnswer, Mentioned, Message } from './view.ts';

const cleanedPerson = (person: Person): Person => ({ ...person, name: cleanedName(person.name) });

const cleanedMention = (to: Mentioned): Mentioned =>
  to.type === 'person' ? { ...to, person: cleanedPerson(to.person) } : to;

const cleanedBlock = (block: Block): Block => {
  switch (block.type) {
    case 'text':
      return {
        ...block,
        text: cleanText(block.text),
        ...(block.to && { to: cleanedMention(block.to) }),
      };
    case 'heading':
    case 'note':
      return { ...block, text: cleanText(block.text) };
    case 'finding':
    case 'evidence':
      return {
        ...block,
        title: cleanText(block.title),
        paragraphs: block.paragraphs.map(({ label, text }) => ({
          label: label === null ? null : cleanText(label),
          text: cleanText(text),
        })),
      };
    case 'checklist':
      return {
        ...block,
        items: block.items.map(({ state, stateLabel, label, detail }) => ({
          state,
          stateLabel: cleanText(stateLabel),
          label: cleanText(label),
          detail: detail === null ? null : cleanText(detail),
        })),
      };
    case 'values':
      return {
        ...block,
        title: cleanText(block.title),
        rows: block.rows.map(({ label, value, person }) => ({
          label: cleanText(label),
          value: cleanText(value),
          ...(person && { person: cleanedPerson(person) }),
        })),
      };
    case 'link':
      return { ...block, url: cleanText(block.url) };
    case 'code':
      return { ...block, label: cleanText(block.label), text: cleanText(block.text) };
    case 'quote':
      return { ...block, by: cleanText(block.by), text: cleanText(block.text) };
    default:
      return block satisfies never;
  }
};

/** Every adapter, and the terminal, shows these and no others: names, comments and servers' words are a stranger's. */
export const cleanedBlocks = (blocks: readonly Block[]): Block[] => blocks.map(cleanedBlock);

const cleanedButton = (button: Button): Button => ({ ...button, label: cleanText(button.label) });

export const cleanedMessage = (message: Message): Message => ({
  ...message,
  summary: cleanText(message.summary),
  blocks: cleanedBlocks(message.blocks),
  buttons: message.buttons.map(cleanedButton),
});

const cleanedField = (field: Field): Field => {
  const words = {
    label: cleanText(field.label),
    hint: field.hint === null ? null : cleanText(field.hint),
  };
  switch (field.type) {
    case 'text':
      return {
        ...field,
        ...words,
        initial: cleanText(field.initial),
        placeholder: field.placeholder === null ? null : cleanText(field.placeholder),
      };
    case 'multiline':
      return { ...field, ...words, initial: cleanText(field.initial) };
    case 'choice':
      return {
        ...field,
        ...words,
        options: field.options.map(({ value, label }) => ({ value, label: cleanText(label) })),
      };
    default:
      return field satisfies never;
  }
};

export const cleanedForm = (form: Form): Form => ({
  ...form,
  title: cleanText(form.title),
  submit: cleanText(form.submit),
  cancel: cleanText(form.cancel),
  intro: cleanedBlocks(form.intro),
  fields: form.fields.map(cleanedField),
});

/** By field: what is wrong with it, or what was typed into it. */
export const cleanedTexts = <T extends string | null>(
  texts: Readonly<Record<string, T>>,
): Record<string, T | string> =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, text === null ? text : cleanText(text)]),
  );

/** The reply to a form. */
export const cleanedAnswer = (answer: FormAnswer): FormAnswer => {
  switch (answer.type) {
    case 'close':
      return answer;
    case 'errors':
      return { ...answer, errors: cleanedTexts(answer.errors) };
    case 'form':
      return { ...answer, form: cleanedForm(answer.form) };
    default:
      return answer satisfies never;
  }
};

/** In characters. No platform allows more. */
const longestName = 200;

/** A person's name as it may stand in a sentence of ours; empty where nothing of it can be seen. */
export const cleanedName = (name: string): string =>
  cleanText(name).replaceAll(/\s+/gu, ' ').trim().slice(0, longestName);
