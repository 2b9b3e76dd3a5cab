import { makeComposer } from './composer.js';
import { element, one } from './dom.js';
import { icon } from './icons.js';
import { makePost, patchPost } from './posts.js';

/**
 * @typedef {import('./api.js').Post} Post
 * @typedef {import('./api.js').ClickAnswer} ClickAnswer
 * @typedef {import('./posts.js').PostContext} PostContext
 */

/** How far from the end still counts as reading along, in pixels. */
const nearEnd = 120;
/** Air above a message that was scrolled to, in pixels. */
const gap = 20;

/**
 * A chat: messages in their order; in the IT channel each with its thread below.
 * @param {HTMLElement} pane
 * @param {(answer: ClickAnswer) => void} answered
 */
export const makePane = (pane, answered) => {
  const scroll = one(pane, '.scroll');
  const list = one(pane, '[data-posts]');
  const empty = one(pane, '[data-empty]');
  scroll.tabIndex = 0;
  /** @type {Map<string, { article: HTMLElement, post: Post }>} */
  const shown = new Map();
  /** @type {Map<string, { replies: HTMLElement, speak(context: PostContext): void }>} */
  const threads = new Map();

  /** @param {string} root */
  const makeThread = (root) => {
    const replies = element('div', { class: 'replies' });
    const composer = makeComposer({ name: root, thread: root, answered });
    const hint = element('p', { class: 'hint', id: `hint-${root}` });
    const toggle = element('button', {
      type: 'button',
      class: 'link',
      'aria-expanded': 'false',
      'data-reply': root,
    });
    const box = element('div', { class: 'reply-box', hidden: true }, [composer.form, hint]);
    composer.input.setAttribute('aria-describedby', hint.id);
    toggle.addEventListener('click', () => {
      box.hidden = !box.hidden;
      toggle.setAttribute('aria-expanded', String(!box.hidden));
      if (!box.hidden) composer.input.focus();
    });
    const thread = element('div', { class: 'thread', 'data-thread': root }, [replies, toggle, box]);
    /** @param {PostContext} context */
    const speak = ({ texts }) => {
      toggle.replaceChildren(icon('reply'), texts.reply);
      hint.textContent = texts.replyHint;
      composer.speak(texts);
    };
    return { thread, replies, speak };
  };

  /**
   * @param {HTMLElement} parent
   * @param {HTMLElement} added
   * @param {number} order
   */
  const insert = (parent, added, order) => {
    added.dataset.order = String(order);
    const next = [...parent.children].find(
      (one) => Number(/** @type {HTMLElement} */ (one).dataset.order) > order,
    );
    parent.insertBefore(added, next ?? null);
  };

  /**
   * @param {Post} post
   * @param {PostContext} context
   */
  const add = (post, context) => {
    const article = makePost(post);
    const parent = post.root === null ? list : threads.get(post.root)?.replies;
    if (!parent) return;
    const group = element('div', { class: 'group' }, [article]);
    if (post.pane === 'it' && post.root === null) {
      const made = makeThread(post.id);
      threads.set(post.id, made);
      made.speak(context);
      group.append(made.thread);
    }
    insert(parent, group, post.order);
    shown.set(post.id, { article, post });
    empty.hidden = true;
    patchPost(article, post, context);
  };

  const toEnd = () => {
    scroll.scrollTop = scroll.scrollHeight;
  };

  /**
   * To the first line of the newest message, since that one says how it went; the end if all of it has room.
   * @param {{ repliesToo: boolean }} options
   */
  const toNewest = ({ repliesToo }) => {
    const newest = [...shown.values()]
      .filter(({ post }) => repliesToo || post.root === null)
      .sort((one, other) => other.post.order - one.post.order)[0];
    if (!newest) return;
    const above = newest.article.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
    scroll.scrollTop += above - gap;
  };

  return {
    /**
     * @param {Post} post
     * @param {PostContext} context
     */
    show: (post, context) => {
      const present = shown.get(post.id);
      if (!present) {
        add(post, context);
        // Somebody else's reply must not carry IT away from the case that it is reading.
        if (post.root === null || post.author !== 'bot') toNewest({ repliesToo: true });
        return;
      }
      const readsAlong = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < nearEnd;
      present.post = post;
      patchPost(present.article, post, context);
      if (readsAlong) toEnd();
    },
    /** @param {PostContext} context */
    speak: (context) => {
      for (const { article, post } of shown.values()) patchPost(article, post, context);
      for (const thread of threads.values()) thread.speak(context);
    },
    clear: () => {
      list.replaceChildren();
      shown.clear();
      threads.clear();
      empty.hidden = false;
    },
    toNewest,
  };
};
