import type { Preview } from './payloads.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const html = (text: unknown): string => String(text).replace(/[&<>"]/gu, (sign) => entities[sign] ?? sign);

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

const article = ({ name, type, payload }: Preview): string => {
  const whole: Node = { ...payload };
  const head = type === 'modal' ? `<h2>${words(whole.title)}</h2>` : '';
  const foot =
    type === 'modal'
      ? `<div><button>${words(whole.close)}</button> <button class="primary">${words(whole.submit)}</button></div>`
      : `<small>Notification: ${html(whole.text)}</small>`;
  return `<article class="${type}"><code>${html(name)}</code>${head}${nodes(whole.blocks).map(block).join('')}<hr>${foot}</article>`;
};

const style = `
body{font:15px/1.46 Lato,system-ui,sans-serif;margin:2rem;background:#f4f4f4;color:#1d1c1d}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(24rem,1fr));gap:1rem;align-items:start}
article{background:#fff;border:1px solid #ddd;border-radius:8px;padding:1rem;overflow-wrap:anywhere}
p{white-space:pre-wrap;margin:.5rem 0}pre{white-space:pre-wrap;background:#f8f8f8;border:1px solid #ddd;padding:.5rem}
blockquote{border-left:4px solid #ddd;margin:.5rem 0;padding-left:.75rem;white-space:pre-wrap}
code{color:#c01343}.at{color:#1264a3;background:#e8f5fa}small{color:#616061}button{padding:.35rem .7rem;border:1px solid #bbb;border-radius:4px;background:#fff}
.primary{background:#007a5a;color:#fff}.danger{background:#e01e5a;color:#fff}input:not([type]),textarea{width:95%}`;

/** Roughly as Slack shows it, for reading; how Slack itself shows it is seen in its Block Kit Builder. */
export const previewPage = (
  languages: Readonly<Record<string, readonly Preview[]>>,
): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Everything connect-email says in Slack</title><style>${style}</style>
${Object.entries(languages)
  .map(
    ([language, previews]) =>
      `<h1>${language}</h1><main lang="${language}">${previews.map(article).join('\n')}</main>`,
  )
  .join('\n')}
</html>
`;
