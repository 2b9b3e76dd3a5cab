import { patchBlocks } from './blocks.js';
import { element } from './dom.js';

/**
 * @typedef {import('./api.js').Post} Post
 * @typedef {import('./api.js').State} State
 * @typedef {import('./api.js').PageTexts} PageTexts
 * @typedef {{ action: string, value: string }} Press
 * @typedef {{ texts: PageTexts, locale: string, names: Record<Post['author'], string>, press(post: Post, button: Press): Promise<void> }} PostContext
 */

/**
 * @param {Post} post
 * @param {PostContext} context
 */
const head = (post, { names, texts, locale }) => {
  const own = post.pane === 'rep' && post.author === 'rep';
  const at = new Date(post.at);
  const time = at.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
  return element('header', { class: 'post-head' }, [
    element('span', { class: 'author' }, [own ? texts.you : names[post.author]]),
    element('time', { datetime: at.toISOString() }, [time]),
  ]);
};

/**
 * What each row of buttons offers now: a button that stays must not be replaced under the finger.
 * @type {WeakMap<HTMLElement, string>}
 */
const offered = new WeakMap();

/**
 * @param {HTMLElement} row
 * @param {Post} post
 * @param {PostContext} context
 */
const patchButtons = (row, post, context) => {
  const wanted = post.content.type === 'message' ? post.content.message.buttons : [];
  const said = JSON.stringify(wanted);
  if (offered.get(row) === said) return;
  offered.set(row, said);
  const focused = document.activeElement instanceof HTMLElement && row.contains(document.activeElement);
  const focusedAction = focused ? document.activeElement?.getAttribute('data-action') : null;
  const made = wanted.map(({ action, label, value, style }) => {
    const button = element(
      'button',
      { type: 'button', class: `button ${style}`, 'data-action': action, 'data-value': value },
      [label],
    );
    button.addEventListener('click', async () => {
      // A second click while the first is still running must not count.
      if (row.hasAttribute('data-waiting')) return;
      row.toggleAttribute('data-waiting', true);
      button.setAttribute('aria-busy', 'true');
      await context.press(post, { action, value });
      row.removeAttribute('data-waiting');
      button.removeAttribute('aria-busy');
    });
    return button;
  });
  row.replaceChildren(...made);
  row.hidden = made.length === 0;
  if (!focusedAction) return;
  const again = made.find((button) => button.dataset.action === focusedAction) ?? made[0];
  again?.focus({ preventScroll: true });
};

/**
 * @param {Post} post
 * @returns {HTMLElement}
 */
export const makePost = (post) =>
  element('article', { class: 'post', 'data-message': post.id, 'data-author': post.author }, [
    element('div', { class: 'avatar', 'aria-hidden': 'true' }),
    element('div', { class: 'body' }, [
      element('div', { class: 'post-top' }),
      element('div', { class: 'blocks' }),
      element('div', { class: 'buttons' }),
    ]),
  ]);

/**
 * Brings a message's element up to date.
 * @param {HTMLElement} article
 * @param {Post} post
 * @param {PostContext} context
 */
export const patchPost = (article, post, context) => {
  const [avatar, body] = /** @type {HTMLElement[]} */ ([...article.children]);
  const [top, blocks, buttons] = /** @type {HTMLElement[]} */ ([...(body?.children ?? [])]);
  if (!avatar || !top || !blocks || !buttons) return;
  const letters = context.names[post.author].split(/[\s-]/).map((part) => part[0]?.toUpperCase() ?? '');
  avatar.textContent = letters.slice(0, 2).join('');
  top.replaceChildren(head(post, context));
  const content = post.content;
  patchBlocks(
    blocks,
    content.type === 'message' ? content.message.blocks : [{ type: 'text', text: content.text }],
    context.texts,
  );
  patchButtons(buttons, post, context);
};

/** @param {Post} post what a screen reader is told in one line */
export const summaryOf = (post) =>
  post.content.type === 'message' ? post.content.message.summary : post.content.text;
