/**
 * Reads the token from the link's fragment, sends the password once, and shows how far the check is. Nothing is kept:
 * no storage, no history, no third party.
 * @typedef {import('../../../chat/view.ts').Block} Block
 * @typedef {{ blocks: Block[], isOver: boolean, canRenew: boolean, hasTestMail: boolean, announced: string | null }} Progress
 */

/** Milliseconds between two looks at how far the check is; longer once it should have been over. */
const pollMs = 700;
const slowPollMs = 3000;
/** How long one request may take, and after how long without any answer that is said, in milliseconds. */
const answerMs = 5000;
const silenceMs = 6000;
/** A check is over within 30 seconds, and with a test mail within 90 more, whatever the servers do; then something is wrong with us. In milliseconds. */
const longestMs = 35_000;
const longestWithMailMs = 130_000;
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
const show = /** @type {HTMLInputElement} */ (byId('show'));
const sendTestMail = /** @type {HTMLInputElement} */ (byId('send-test-mail'));
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

/** @param {string} path @param {Record<string, string | boolean>} more */
const post = async (path, more = {}) => {
  const body = JSON.stringify({ token, ...more });
  const headers = { 'Content-Type': 'application/json' };
  try {
    const signal = AbortSignal.timeout(answerMs);
    const response = await fetch(path, { method: 'POST', headers, body, signal });
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

/** @param {string} text @param {{ isPasswordWrong?: boolean }} what */
const tellTrouble = (text, { isPasswordWrong = true } = {}) => {
  byId('trouble').textContent = text;
  byId('trouble').hidden = false;
  password.setAttribute('aria-invalid', String(isPasswordWrong));
  password.focus();
};

/** @param {HTMLElement} list @param {{ label: string, value: string }[]} rows */
const fillRows = (list, rows) =>
  list.replaceChildren(...rows.flatMap(({ label, value }) => [element('dt', label), element('dd', value)]));

/** What a colour says is said by a sign as well; the words beside it say it to those who hear the page. */
const signs = { good: '✓', warning: '!', bad: '✕', open: '?', neutral: '' };
/** @param {'h2' | 'h3'} tag @param {keyof typeof signs} tone @param {string} text */
const toned = (tag, tone, text) => {
  const sign = signs[tone];
  if (sign === '') return element(tag, text);
  const icon = element('span', sign);
  icon.className = 'icon';
  icon.ariaHidden = 'true';
  const heading = element(tag, icon, element('span', text));
  heading.dataset.tone = tone;
  return heading;
};

/** @param {readonly { label: string | null, text: string }[]} paragraphs */
const labelled = (paragraphs) =>
  paragraphs.map(({ label, text }) =>
    label === null ? element('p', text) : element('p', element('strong', `${label}: `), text),
  );

/** @param {Block} block @returns {Node[]} */
const renderBlock = (block) => {
  switch (block.type) {
    case 'heading':
      return [toned('h2', block.tone, block.text)];
    case 'finding':
      return [toned('h3', block.tone, block.title), ...labelled(block.paragraphs)];
    case 'evidence':
      return [element('h3', block.title), ...labelled(block.paragraphs)];
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

/** @param {string} title @param {(string | undefined)[]} paragraphs */
const showInstead = (title, ...paragraphs) => {
  form.hidden = true;
  entitle(title);
  byId('result').replaceChildren(...paragraphs.map((text) => element('p', text ?? '')));
  byId('result').hidden = false;
};

/** @param {{ canRenew?: boolean }} answer */
const showGone = ({ canRenew = false }) => {
  showInstead(texts.gone ?? '', texts['gone-text'], ...(canRenew ? [] : [texts['gone-how']]));
  renew.hidden = !canRenew;
};

/** The heading of the result gets the focus, so that it is read aloud and the keyboard goes on from there. */
const showResult = (/** @type {{ canRenew: boolean }} */ { canRenew }) => {
  entitle(texts.title ?? '');
  const heading = /** @type {HTMLElement | null} */ (byId('result').querySelector('h2')) ?? byId('title');
  heading.tabIndex = -1;
  heading.focus();
  document.title = heading.textContent ?? '';
  renew.hidden = !canRenew;
  tellAfter(texts.over ?? '');
};

/** The check that this page shows is under way. */
let isFollowing = false;

/** @param {boolean} hasTestMail A test mail is sent: it takes longer, and closing the page calls it off. */
const follow = (hasTestMail) => {
  const begun = performance.now();
  let heard = begun;
  let shown = '';
  let isSilent = false;

  const tellRunning = () => {
    isSilent = false;
    entitle(texts.running ?? '');
    tellAfter(texts[hasTestMail ? 'test-mail-running-note' : 'running-note'] ?? '');
  };
  const tellSilence = () => {
    if (isSilent) return;
    isSilent = true;
    shown = '';
    showInstead(texts['no-answer'] ?? '', texts['no-answer-text'], texts['no-answer-how']);
    byId('after').hidden = true;
  };

  /** The steps are not read aloud one by one; those of a test mail are, since they take their time. */
  const showSteps = (/** @type {Progress} */ answer) => {
    if (answer.hasTestMail !== hasTestMail) {
      hasTestMail = answer.hasTestMail;
      tellRunning();
    }
    const blocks = JSON.stringify(answer.blocks);
    if (blocks !== shown) byId('result').replaceChildren(...answer.blocks.flatMap(renderBlock));
    byId('result').hidden = answer.blocks.length === 0;
    shown = blocks;
    if (byId('announced').textContent !== (answer.announced ?? ''))
      byId('announced').textContent = answer.announced ?? '';
  };

  /** Looks again until the check is over. */
  const look = async () => {
    const { status, answer } = await post('login/progress', { csrf });
    if (status === 404 || status === 403 || status === 400) {
      byId('result').hidden = true;
      return tellAfter(texts['in-chat'] ?? '');
    }
    const now = performance.now();
    if (status === 200) {
      heard = now;
      if (isSilent) tellRunning();
      showSteps(answer);
      isFollowing = !answer.isOver;
      if (answer.isOver) return showResult(answer);
    } else if (now - heard > silenceMs) tellSilence();
    const isLate = now - begun > (hasTestMail ? longestWithMailMs : longestMs);
    if (isLate && !isSilent) tellAfter(texts.slow ?? '');
    setTimeout(look, isLate || isSilent ? slowPollMs : pollMs);
  };

  form.hidden = true;
  renew.hidden = true;
  isFollowing = true;
  tellRunning();
  return look();
};

show.addEventListener('change', () => {
  password.type = show.checked ? 'text' : 'password';
});

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (submit.disabled) return;
  if (password.value === '') return tellTrouble(texts.missing ?? '');
  submit.disabled = true;
  // Hidden again before it goes, and gone from the page before it is answered.
  const typed = password.value;
  show.checked = false;
  password.type = 'password';
  password.value = '';
  const hasTestMail = sendTestMail.checked;
  const { status, answer } = await post('login', { csrf, password: typed, sendTestMail: hasTestMail });
  submit.disabled = false;
  if (status === 202) return follow(hasTestMail);
  if (status === 409 && answer.error === 'rehearsing')
    return tellTrouble(texts['test-mail-busy'] ?? '', { isPasswordWrong: false });
  // Perhaps another tab of this browser has used the link.
  if (status === 410) return open();
  if (status === 409 || status === 429)
    return showInstead(texts.title ?? '', status === 409 ? texts.busy : answer.told);
  // No answer: it may have arrived all the same.
  if (status === 0) return open();
  tellTrouble(texts.failed ?? '');
});

renew.addEventListener('click', async () => {
  renew.disabled = true;
  const { answer } = await post('login/renew', { csrf });
  renew.hidden = true;
  tellAfter((answer.isSent ? texts.renewed : texts['not-renewed']) ?? '');
});

/** @param {{ address: string, username: string, servers: { label: string, value: string }[], asker: string, foreign: string | null, testMail: string | null }} answer */
const showForm = ({ address, username, servers, asker, foreign, testMail }) => {
  byId('asker').textContent = asker;
  fillRows(byId('account'), [{ label: texts.address ?? '', value: address }]);
  fillRows(byId('servers'), servers);
  byId('foreign').hidden = foreign === null;
  byId('foreign-text').textContent = foreign ?? '';
  byId('test-mail').hidden = testMail === null;
  byId('test-mail-what').textContent = testMail ?? '';
  // A browser may remember that it was ticked; nobody else may.
  sendTestMail.checked = false;
  /** @type {HTMLInputElement} */ (byId('username')).value = username;
  form.hidden = false;
  password.focus();
};

const open = async () => {
  const { status, answer } = await post('login/open');
  byId('loading').hidden = true;
  if (status !== 200 && status !== 410) {
    form.hidden = true;
    byId(answer.error === 'other-address' ? 'wrong-address' : 'failed').hidden = false;
    return;
  }
  texts = answer.texts;
  csrf = answer.csrf;
  speak(answer.language);
  if (status === 410) return showGone(answer);
  if (answer.type === 'submitted') return follow(false);
  if (answer.type === 'not-allowed')
    return showInstead(texts['not-allowed'] ?? '', answer.foreign, texts['not-allowed-how']);
  showForm(answer);
};

// Whoever closes the page during a test mail calls it off; a page that is loaded again asks a moment later.
addEventListener('pagehide', () => {
  if (!isFollowing) return;
  const body = new Blob([JSON.stringify({ token, csrf })], { type: 'application/json' });
  navigator.sendBeacon('login/leave', body);
});

// Another link in the same tab changes the fragment alone, which loads nothing by itself.
addEventListener('hashchange', () => location.reload());

byId('loading').hidden = false;
await open();
