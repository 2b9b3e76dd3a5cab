import { element, hidden } from './dom.js';
import { icon } from './icons.js';

/**
 * @typedef {import('../../../../chat/view.ts').Block} Block
 * @typedef {import('./api.js').PageTexts} PageTexts
 */

/** Our own one-time pages are the only addresses that may be followed: a mail server's banner must not become a link. */
const ownPage = /(https?:\/\/[^\s/]+\/login#[\w-]+)/;

/** @param {string} text */
const withOwnLinks = (text) =>
  text.split(ownPage).map((part) => {
    if (!ownPage.test(part) || new URL(part).origin !== location.origin) return part;
    return element('a', { href: part, target: '_blank', rel: 'noopener noreferrer' }, [part]);
  });

/**
 * @param {string} label
 * @param {string} text
 * @param {PageTexts} texts
 */
const copyButton = (label, text, texts) => {
  const button = element(
    'button',
    { type: 'button', class: 'copy', 'aria-label': `${texts.copy}: ${label}` },
    [icon('copy'), element('span', { 'aria-hidden': 'true' }, [texts.copy])],
  );
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    button.replaceChildren(icon('good'), element('span', { role: 'status' }, [texts.copied]));
    setTimeout(() => {
      button.replaceChildren(icon('copy'), element('span', { 'aria-hidden': 'true' }, [texts.copy]));
    }, 2000);
  });
  return button;
};

/** @param {Extract<Block, { type: 'checklist' }>['items'][number]} item */
const checklistItem = ({ state, stateLabel, label, detail }) =>
  element('li', { class: 'step', 'data-state': state }, [
    element('span', { class: 'disc' }, [icon(state)]),
    element('span', { class: 'step-text' }, [
      element('span', { class: 'step-label' }, [hidden(`${stateLabel}: `), label]),
      detail === null ? null : element('span', { class: 'step-detail' }, [detail]),
    ]),
  ]);

/** @param {Extract<Block, { type: 'finding' }>} block */
const finding = ({ tone, title, paragraphs }) =>
  element('section', { class: 'finding', 'data-tone': tone }, [
    element('h4', {}, [element('span', { class: 'disc' }, [icon(tone)]), element('span', {}, [title])]),
    ...paragraphs.map(({ label, text }) =>
      element('p', {}, [label === null ? null : element('strong', {}, [label]), ...withOwnLinks(text)]),
    ),
  ]);

/** @param {Extract<Block, { type: 'evidence' }>} block */
const evidence = ({ title, paragraphs }) =>
  element('section', { class: 'evidence' }, [
    element('h4', {}, [title]),
    ...paragraphs.map(({ label, text }) =>
      element('p', {}, [label === null ? null : element('strong', {}, [label]), ...withOwnLinks(text)]),
    ),
  ]);

/**
 * @param {Extract<Block, { type: 'values' }>} block
 * @param {PageTexts} texts
 */
const values = ({ title, rows }, texts) =>
  element('section', { class: 'values' }, [
    element('h4', {}, [title]),
    element(
      'dl',
      {},
      rows.map(({ label, value }) =>
        element('div', {}, [
          element('dt', {}, [label]),
          element('dd', {}, [value]),
          copyButton(label, value, texts),
        ]),
      ),
    ),
  ]);

/** @param {Extract<Block, { type: 'text' }>} block */
const text = ({ text: words, to }) =>
  element('p', { class: 'text' }, [
    to?.type === 'person' ? element('span', { class: 'mention' }, [`@${to.person.name}`]) : null,
    to?.type === 'person' ? ' ' : null,
    ...withOwnLinks(words),
  ]);

/**
 * @param {Block} block
 * @param {PageTexts} texts
 * @returns {HTMLElement}
 */
export const renderBlock = (block, texts) => {
  switch (block.type) {
    case 'heading':
      return element('h3', { class: 'heading', 'data-tone': block.tone }, [
        block.tone === 'neutral' ? null : element('span', { class: 'disc' }, [icon(block.tone)]),
        element('span', {}, [block.text]),
      ]);
    case 'text':
      return text(block);
    case 'link':
      return element('p', { class: 'text' }, withOwnLinks(block.url));
    case 'finding':
      return finding(block);
    case 'evidence':
      return evidence(block);
    case 'checklist':
      return element('ol', { class: 'checklist' }, block.items.map(checklistItem));
    case 'values':
      return values(block, texts);
    case 'code':
      return element('figure', { class: 'code' }, [
        element('figcaption', {}, [
          element('span', {}, [block.label]),
          copyButton(block.label, block.text, texts),
        ]),
        element('pre', { tabindex: 0, 'aria-label': block.label }, [element('code', {}, [block.text])]),
      ]);
    case 'quote':
      return element('figure', { class: 'quote' }, [
        element('figcaption', {}, [block.by]),
        element('blockquote', {}, [block.text]),
      ]);
    case 'note':
      return element('p', { class: 'note' }, [icon('info'), element('span', {}, withOwnLinks(block.text))]);
    default:
      throw new Error(`unknown block ${JSON.stringify(block)}`);
  }
};

/**
 * Brings a list of elements up to date: what says the same stays as it is, with its focus, selection and motion.
 * @template Item
 * @param {HTMLElement} parent
 * @param {readonly Item[]} items
 * @param {(item: Item, old: Element | undefined, before: Item | undefined) => HTMLElement} render
 */
const patch = (parent, items, render) => {
  const before = /** @type {Item[]} */ (shown.get(parent) ?? []);
  const old = [...parent.children];
  items.forEach((item, index) => {
    const present = old[index];
    if (present && JSON.stringify(before[index]) === JSON.stringify(item)) return;
    const fresh = render(item, present, before[index]);
    if (!present) parent.append(fresh);
    else if (fresh !== present) present.replaceWith(fresh);
  });
  for (const left of old.slice(items.length)) left.remove();
  shown.set(parent, items);
};
/** @type {WeakMap<Element, readonly unknown[]>} */
const shown = new WeakMap();

/**
 * @param {HTMLElement} parent
 * @param {readonly Block[]} blocks
 * @param {PageTexts} texts
 */
export const patchBlocks = (parent, blocks, texts) => {
  // In another language the copy buttons say something else too.
  if (parent.lang !== '' && parent.lang !== document.documentElement.lang) {
    parent.replaceChildren();
    shown.delete(parent);
  }
  parent.lang = document.documentElement.lang;
  patch(parent, blocks, (block, old, before) => {
    const inPlace = old instanceof HTMLElement && block.type === 'checklist' && before?.type === 'checklist';
    const list = inPlace ? old : renderBlock(block, texts);
    if (block.type === 'checklist') patch(list, block.items, checklistItem);
    return list;
  });
};
