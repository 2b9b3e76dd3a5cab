import { element, one } from './dom.js';
import { makePost, patchPost } from './posts.js';
import { makeThread } from './threads.js';

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
 * Among its siblings in their order.
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
 * To the first line of a message, since that one says how it went; the end if all of it has room.
 * @param {HTMLElement} scroll
 * @param {HTMLElement} article
 */
const scrollTo = (scroll, article) => {
  const above = article.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
  scroll.scrollTop += above - gap;
};

/** @param {HTMLElement} scroll */
const readsAlong = (scroll) => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < nearEnd;

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
  /** @type {Map<string, ReturnType<typeof makeThread>>} */
  const threads = new Map();

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
      const made = makeThread(post.id, answered);
      threads.set(post.id, made);
      made.speak(context);
      group.append(made.thread);
    }
    insert(parent, group, post.order);
    shown.set(post.id, { article, post });
    empty.hidden = true;
    patchPost(article, post, context);
  };

  /** @param {{ repliesToo: boolean }} options */
  const toNewest = ({ repliesToo }) => {
    const newest = [...shown.values()]
      .filter(({ post }) => repliesToo || post.root === null)
      .sort((one, other) => other.post.order - one.post.order)[0];
    if (newest) scrollTo(scroll, newest.article);
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
      const wasAtEnd = readsAlong(scroll);
      present.post = post;
      patchPost(present.article, post, context);
      if (wasAtEnd) scroll.scrollTop = scroll.scrollHeight;
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
