/**
 * Reads the token from the link's fragment, sends the password once, and shows how far the check is. Nothing is kept:
 * no storage, no history, no third party.
 * @typedef {import('../../chat/view.ts').Block} Block
 */

/** Milliseconds between two looks at how far the check is. */
const pollMs = 700;
const token = location.hash.slice(1);
let csrf = '';
/** @type {Record<string, string>} */
let texts = {};

/**
 * @template {HTMLElement} Kind
 * @param {string} id
 * @returns {Kind}
 */
const byId = (id) => /** @type {Kind} */ (document.getElementById(id));
const form = byId('form');
const password = /** @type {HTMLInputElement} */ (byId('password'));
const submit = /** @type {HTMLButtonElement} */ (form.querySelector('button'));
const renew = /** @type {HTMLButtonElement} */ (byId('renew'));

/**
 * Texts become text nodes, so that nothing a mail server said is ever markup.
 * @param {string} tag
 * @param {(Node | string)[]} children
 */
const element = (tag, ...children) => {
  const made = document.createElement(tag);
  made.append(...children);
  return made;
};

/** @param {string} path @param {Record<string, string>} more */
const post = async (path, more = {}) => {
  const body = JSON.stringify({ token, ...more });
  const headers = { 'Content-Type': 'application/json' };
  try {
    const response = await fetch(path, { method: 'POST', headers, body });
    return { status: response.status, answer: await response.json() };
  } catch {
    return { status: 0, answer: {} };
  }
};

/** @param {string} language */
const speak = (language) => {
  document.documentElement.lang = language;
  for (const one of document.querySelectorAll('[data-text]')) {
    const text = texts[/** @type {HTMLElement} */ (one).dataset.text ?? ''];
    if (text !== undefined) one.textContent = text;
  }
};

/** @param {string} text */
const entitle = (text) => {
  const title = byId('title');
  title.textContent = text;
  document.title = text;
  title.focus();
};

/** @param {string} text */
const tellAfter = (text) => {
  byId('after').textContent = text;
  byId('after').hidden = false;
};

/** @param {string} text */
const tellTrouble = (text) => {
  byId('trouble').textContent = text;
  byId('trouble').hidden = false;
  password.setAttribute('aria-invalid', 'true');
  password.focus();
};

/** @param {HTMLElement} list @param {{ label: string, value: string }[]} rows */
const fillRows = (list, rows) =>
  list.replaceChildren(...rows.flatMap(({ label, value }) => [element('dt', label), element('dd', value)]));

/** @param {Block} block @returns {Node[]} */
const renderBlock = (block) => {
  switch (block.type) {
    case 'heading':
      return [element('h2', block.text)];
    case 'finding':
      return [
        element('h3', block.title),
        ...block.paragraphs.map(({ label, text }) =>
          label === null ? element('p', text) : element('p', element('strong', `${label}: `), text),
        ),
      ];
    case 'checklist': {
      const items = block.items.map(({ label, stateLabel }) =>
        element('li', `${label}: `, element('span', stateLabel)),
      );
      return [element('ol', ...items)];
    }
    case 'values': {
      const list = element('dl');
      fillRows(list, block.rows);
      return [element('h3', block.title), list];
    }
    case 'code':
      return [element('h3', block.label), element('pre', block.text)];
    case 'quote':
      return [element('p', `${block.by}: ${block.text}`)];
    default:
      return [element('p', block.text)];
  }
};

/** @param {{ canRenew?: boolean }} answer */
const showGone = ({ canRenew }) => {
  form.hidden = true;
  entitle(texts.gone ?? '');
  const result = byId('result');
  result.replaceChildren(element('p', texts['gone-text'] ?? ''));
  if (!canRenew) result.append(element('p', texts['gone-how'] ?? ''));
  result.hidden = false;
  renew.hidden = !canRenew;
};

/** Looks again until the check is over. The steps are not read aloud one by one; the result gets the focus. */
const follow = async (before = '') => {
  const { status, answer } = await post('login/progress', { csrf });
  if (status === 404) {
    byId('result').hidden = true;
    return tellAfter(texts['in-chat'] ?? '');
  }
  const shown = JSON.stringify(answer.blocks ?? []);
  if (status === 200 && shown !== before) {
    byId('result').replaceChildren(...answer.blocks.flatMap(renderBlock));
    byId('result').hidden = false;
  }
  if (status === 200 && answer.isOver) {
    entitle(texts.title ?? '');
    byId('result').focus();
    return tellAfter(texts.over ?? '');
  }
  setTimeout(follow, pollMs, status === 200 ? shown : before);
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (submit.disabled) return;
  if (password.value === '') return tellTrouble(texts.missing ?? '');
  submit.disabled = true;
  const { status, answer } = await post('login', { csrf, password: password.value });
  password.value = '';
  submit.disabled = false;
  if (status === 202) {
    form.hidden = true;
    entitle(texts.running ?? '');
    tellAfter(texts['running-note'] ?? '');
    return follow();
  }
  if (status === 410) return showGone(answer);
  if (status === 409 || status === 429) {
    form.hidden = true;
    return tellAfter((status === 409 ? texts.busy : answer.told) ?? '');
  }
  tellTrouble(texts.failed ?? '');
});

renew.addEventListener('click', async () => {
  renew.disabled = true;
  const { answer } = await post('login/renew', { csrf });
  renew.hidden = true;
  tellAfter((answer.isSent ? texts.renewed : texts['not-renewed']) ?? '');
});

const open = async () => {
  const { status, answer } = await post('login/open');
  if (status !== 200 && status !== 410) {
    byId('loading').hidden = true;
    byId('failed').hidden = false;
    return;
  }
  texts = answer.texts;
  csrf = answer.csrf;
  speak(answer.language);
  byId('loading').hidden = true;
  if (status === 410) return showGone(answer);
  fillRows(byId('account'), [{ label: texts.address ?? '', value: answer.address }]);
  fillRows(byId('servers'), answer.servers);
  form.hidden = false;
  password.focus();
};

// Another link in the same tab changes the fragment alone, which loads nothing by itself.
addEventListener('hashchange', () => location.reload());

await open();
