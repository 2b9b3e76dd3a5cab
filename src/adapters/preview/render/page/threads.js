import { makeComposer } from './composer.js';
import { element } from './dom.js';
import { icon } from './icons.js';

/**
 * @typedef {import('./api.js').ClickAnswer} ClickAnswer
 * @typedef {import('./posts.js').PostContext} PostContext
 */

/**
 * What stands below a message of the IT channel: its replies, and a line to write one in.
 * @param {string} root
 * @param {(answer: ClickAnswer) => void} answered
 */
export const makeThread = (root, answered) => {
  const replies = element('div', { class: 'replies' });
  const composer = makeComposer({ name: root, pane: 'it', thread: root, answered });
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
  return {
    thread: element('div', { class: 'thread', 'data-thread': root }, [replies, toggle, box]),
    replies,
    /** @param {PostContext} context */
    speak: ({ texts }) => {
      toggle.replaceChildren(icon('reply'), texts.reply);
      hint.textContent = texts.replyHint;
      composer.speak(texts);
    },
  };
};
