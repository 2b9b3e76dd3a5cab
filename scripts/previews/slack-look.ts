/** Roughly as Slack shows it, for reading; how Slack itself shows it is seen in its Block Kit Builder. */
import { html } from './html.ts';

type Node = Record<string, unknown>;
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);
const words = (value: unknown): string => (isNode(value) ? html(value.text) : '');

const run = ({ text, style, type, user_id, usergroup_id }: Node): string => {
  if (type === 'user' || type === 'usergroup') return `<b class="at">@${html(user_id ?? usergroup_id)}</b>`;
  const shown = html(text);
  if (!isNode(style)) return shown;
  return style.code ? `<code>${shown}</code>` : `<b>${shown}</b>`;
};

const rich = ({ type, elements }: Node): string => {
  const inside = nodes(elements).map(run).join('');
  if (type === 'rich_text_preformatted') return `<pre>${inside}</pre>`;
  return type === 'rich_text_quote' ? `<blockquote>${inside}</blockquote>` : `<p>${inside}</p>`;
};

const field = (element: Node): string => {
  if (element.type === 'plain_text_input')
    return element.multiline
      ? `<textarea rows="3">${html(element.initial_value ?? '')}</textarea>`
      : `<input value="${html(element.initial_value ?? '')}" placeholder="${words(element.placeholder)}">`;
  const chosen = isNode(element.initial_option) ? element.initial_option.value : null;
  return nodes(element.options)
    .map(
      ({ text, value }) =>
        `<label><input type="radio" ${value === chosen ? 'checked' : ''}> ${words(text)}</label>`,
    )
    .join(' ');
};

const block = (one: Node): string => {
  switch (one.type) {
    case 'header':
      return `<h3>${words(one.text)}</h3>`;
    case 'section':
      return `<p>${words(one.text)}</p>`;
    case 'context':
      return `<small>${nodes(one.elements).map(words).join(' ')}</small>`;
    case 'rich_text':
      return nodes(one.elements).map(rich).join('');
    case 'actions':
      return `<div>${nodes(one.elements)
        .map(({ text, style }) => `<button class="${html(style ?? '')}">${words(text)}</button>`)
        .join(' ')}</div>`;
    case 'input':
      return `<p><b>${words(one.label)}</b>${one.optional ? ' <i>(optional)</i>' : ''}<br>${
        isNode(one.element) ? field(one.element) : ''
      }<br><small>${words(one.hint)}</small></p>`;
    default:
      return `<pre>${html(JSON.stringify(one))}</pre>`;
  }
};

const blocksOf = (payload: unknown): string =>
  isNode(payload) ? nodes(payload.blocks).map(block).join('') : '';

/** A message, as it stands in a chat. */
export const slackMessage = (payload: { text: string; blocks: readonly unknown[] }): string =>
  `<div class="slack">${blocksOf(payload)}</div>`;

/** A modal, with its title and its buttons. */
export const slackModal = (payload: unknown): string => {
  const { title, close, submit }: Node = isNode(payload) ? payload : {};
  return `<div class="slack modal"><h2>${words(title)}</h2>${blocksOf(payload)}<div class="foot"><button>${words(close)}</button> <button class="primary">${words(submit)}</button></div></div>`;
};
