/** What Slack would refuse, or show to nobody, in a message or a modal. Empty: nothing. */
import { z } from 'zod';
import { limits } from '../../src/adapters/slack/limits.ts';

type Problems = string[];
const record = z.record(z.string(), z.unknown());
const read = (value: unknown): Record<string, unknown> => record.safeParse(value).data ?? {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const within = (what: string, value: unknown, max: number): Problems => {
  if (typeof value !== 'string' || value === '') return [`${what} is empty`];
  return value.length > max ? [`${what} has ${value.length} characters, possible are ${max}`] : [];
};
const maybe = (what: string, value: unknown, max: number): Problems =>
  value === undefined ? [] : within(what, value, max);

const textObject = (what: string, value: unknown, max: number): Problems => {
  const { type, text } = read(value);
  const kinds = type === 'plain_text' || type === 'mrkdwn' ? [] : [`${what} is a ${String(type)}`];
  return [...kinds, ...within(what, text, max)];
};
const plainText = (what: string, value: unknown, max: number): Problems => [
  ...textObject(what, value, max),
  ...(read(value).type === 'plain_text' ? [] : [`${what} must be plain text`]),
];

const options = (what: string, element: Record<string, unknown>, most: number): Problems => {
  const all = list(element.options).map(read);
  const values = all.map(({ value }) => value);
  const chosen = element.initial_option;
  return [
    ...(all.length >= 1 && all.length <= most ? [] : [`${what} has ${all.length} options`]),
    ...(new Set(values).size === values.length ? [] : [`${what} has a value twice`]),
    ...all.flatMap(({ text, value }) => [
      ...plainText(`an option of ${what}`, text, limits.optionText),
      ...within(`an option's value of ${what}`, value, limits.optionValue),
    ]),
    ...(chosen === undefined || all.some((one) => JSON.stringify(one) === JSON.stringify(chosen))
      ? []
      : [`${what} starts with what is no option`]),
  ];
};

const textInput = (what: string, element: Record<string, unknown>): Problems => {
  const max = Number(element.max_length ?? limits.input);
  return [
    ...(max >= 1 && max <= limits.input ? [] : [`${what} takes ${max} characters`]),
    ...maybe(`the initial value of ${what}`, element.initial_value, max),
    ...(element.placeholder === undefined
      ? []
      : plainText(`the placeholder of ${what}`, element.placeholder, limits.placeholder)),
  ];
};

const elementProblems = (value: unknown): Problems => {
  const element = read(value);
  const what = String(element.action_id);
  const own = within('an action_id', element.action_id, limits.actionId);
  switch (element.type) {
    case 'button':
      return [
        ...own,
        ...plainText(`the button ${what}`, element.text, limits.buttonText),
        ...within(`the value of ${what}`, element.value, limits.buttonValue),
        ...(['primary', 'danger', undefined].some((style) => style === element.style)
          ? []
          : [`${what} has the style ${String(element.style)}`]),
      ];
    case 'plain_text_input':
      return [...own, ...textInput(what, element)];
    case 'radio_buttons':
      return [...own, ...options(what, element, limits.radioOptions)];
    case 'static_select':
      return [...own, ...options(what, element, limits.options)];
    default:
      return [`an element is a ${String(element.type)}`];
  }
};

/** Nothing leads anywhere but to our own login page. */
const ownPage = /^https?:\/\/[^\s/]+\/(?:[^\s#]*\/)?login#[\w-]+$/u;
const runProblems = ({ type, text, url, ...ids }: Record<string, unknown>): Problems => {
  if (type === 'user') return /^[UW][A-Z0-9]+$/u.test(String(ids.user_id)) ? [] : ['a mention of nobody'];
  if (type === 'usergroup')
    return /^S[A-Z0-9]+$/u.test(String(ids.usergroup_id)) ? [] : ['a mention of no group'];
  if (type === 'link') return ownPage.test(String(url)) ? [] : [`a link leads to ${String(url)}`];
  return [
    ...(type === 'text' ? [] : [`rich text holds a ${String(type)}`]),
    ...within('a run of rich text', text, limits.text),
  ];
};

const richProblems = (value: unknown): Problems => {
  const { type, elements } = read(value);
  const known = ['rich_text_section', 'rich_text_preformatted', 'rich_text_quote'].includes(String(type));
  return [
    ...(known ? [] : [`rich text holds a ${String(type)}`]),
    ...(list(elements).length > 0 ? [] : ['rich text is empty']),
    ...list(elements).flatMap((run) => [...runProblems(read(run))]),
  ];
};

const blockProblems = (value: unknown): Problems => {
  const block = read(value);
  const elements = list(block.elements);
  const id = maybe('a block_id', block.block_id, limits.blockId);
  switch (block.type) {
    case 'header':
      return [...id, ...plainText('a header', block.text, limits.header)];
    case 'section':
      return [...id, ...textObject('a section', block.text, limits.text)];
    case 'context':
      return [
        ...id,
        ...(elements.length >= 1 && elements.length <= limits.contextElements
          ? []
          : ['a context is over-full']),
        ...elements.flatMap((one) => textObject('a note', one, limits.text)),
      ];
    case 'actions': {
      const names = elements.map((one) => read(one).action_id);
      return [
        ...id,
        ...(elements.length >= 1 && elements.length <= limits.buttonsPerBlock ? [] : ['too many buttons']),
        ...(new Set(names).size === names.length ? [] : ['two buttons with one name']),
        ...elements.flatMap(elementProblems),
      ];
    }
    case 'input':
      return [
        ...id,
        ...plainText('a label', block.label, limits.label),
        ...(block.hint === undefined ? [] : plainText('a hint', block.hint, limits.hint)),
        ...elementProblems(block.element),
      ];
    case 'rich_text':
      return [
        ...id,
        ...(elements.length > 0 ? [] : ['rich text is empty']),
        ...elements.flatMap(richProblems),
      ];
    default:
      return [`a block is a ${String(block.type)}`];
  }
};

const sameIds = (blocks: readonly unknown[]): Problems => {
  const ids = blocks.map((block) => read(block).block_id).filter((id) => id !== undefined);
  return new Set(ids).size === ids.length ? [] : ['two blocks with one id'];
};

/** Of chat.postMessage, chat.update and chat.postEphemeral. */
export const messageProblems = (message: { text?: unknown; blocks?: unknown }): Problems => {
  const blocks = list(message.blocks);
  const size = JSON.stringify(blocks).length;
  return [
    ...within('the text beside the blocks', message.text, 40_000),
    ...(blocks.length <= limits.blocksPerMessage ? [] : [`a message has ${blocks.length} blocks`]),
    ...(size <= limits.messageJson ? [] : [`a message has ${size} characters in its blocks`]),
    ...(blocks.some((block) => read(block).type === 'input') ? ['a message has a field'] : []),
    ...sameIds(blocks),
    ...blocks.flatMap(blockProblems),
  ];
};

/** Of views.publish. */
export const homeProblems = (value: unknown): Problems => {
  const view = read(value);
  const blocks = list(view.blocks);
  const size = Buffer.byteLength(JSON.stringify(view));
  return [
    ...(view.type === 'home' ? [] : ['a page is no home']),
    ...(blocks.length >= 1 && blocks.length <= limits.blocksPerView
      ? []
      : [`a page has ${blocks.length} blocks`]),
    ...(size <= limits.viewBytes ? [] : [`a page has ${size} bytes`]),
    ...sameIds(blocks),
    ...blocks.flatMap(blockProblems),
  ];
};

/** Of views.open, views.update and the answer to a submission. */
export const viewProblems = (value: unknown): Problems => {
  const view = read(value);
  const blocks = list(view.blocks);
  const size = Buffer.byteLength(JSON.stringify(view));
  const ends = (text: unknown): Problems =>
    String(read(text).text ?? '').endsWith('…') ? [`“${String(read(text).text)}” was cut`] : [];
  return [
    ...(view.type === 'modal' ? [] : ['a view is no modal']),
    ...plainText('the title', view.title, limits.modalTitle),
    ...plainText('the submit button', view.submit, limits.modalButton),
    ...plainText('the close button', view.close, limits.modalButton),
    ...[view.title, view.submit, view.close].flatMap(ends),
    ...within('private_metadata', view.private_metadata, limits.privateMetadata),
    ...within('callback_id', view.callback_id, limits.callbackId),
    ...(blocks.length >= 1 && blocks.length <= limits.blocksPerView
      ? []
      : [`a view has ${blocks.length} blocks`]),
    ...(size <= limits.viewBytes ? [] : [`a view has ${size} bytes`]),
    ...sameIds(blocks),
    ...blocks.flatMap(blockProblems),
  ];
};
