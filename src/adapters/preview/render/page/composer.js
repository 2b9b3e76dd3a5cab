import { post as send } from './api.js';
import { element } from './dom.js';
import { icon } from './icons.js';

/**
 * @typedef {import('./api.js').PageTexts} PageTexts
 * @typedef {import('./api.js').ClickAnswer} ClickAnswer
 */

/**
 * A line to write in. What was typed stays until the bot has taken it.
 * @param {{ name: string, pane: 'rep' | 'it', thread: string | null, answered(answer: ClickAnswer): void }} options
 */
export const makeComposer = ({ name, pane, thread, answered }) => {
  const label = element('label', { class: 'visually-hidden', for: `say-${name}` });
  const input = element('textarea', { id: `say-${name}`, name: 'say', rows: 1, autocomplete: 'off' });
  const button = element('button', { type: 'submit', class: 'send' }, [icon('send')]);
  const trouble = element('p', { class: 'trouble', role: 'alert', hidden: true });
  const form = element('form', { class: 'composer', novalidate: true, 'data-composer-of': name }, [
    trouble,
    element('div', { class: 'composer-line' }, [label, input, button]),
  ]);
  /** @type {PageTexts | null} */
  let texts = null;
  let waiting = false;

  const submit = async () => {
    const text = input.value.trim();
    if (text === '' || waiting) return;
    waiting = true;
    form.setAttribute('aria-busy', 'true');
    /** @type {Awaited<ReturnType<typeof send<ClickAnswer>>>} */
    const result = await send('message', { text, thread, pane });
    waiting = false;
    form.removeAttribute('aria-busy');
    trouble.hidden = result.ok;
    trouble.textContent = result.ok ? '' : (texts?.[result.trouble] ?? '');
    if (!result.ok) return;
    // What was typed meanwhile is the next message.
    if (input.value.trim() === text) input.value = '';
    answered(result.answer);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });

  return {
    form,
    input,
    /** @param {PageTexts} now */
    speak: (now) => {
      texts = now;
      const words =
        pane === 'it'
          ? { label: now.itComposerLabel, placeholder: now.itComposerPlaceholder }
          : { label: now.composerLabel, placeholder: now.composerPlaceholder };
      label.textContent = thread === null ? words.label : now.replyLabel;
      input.placeholder = thread === null ? words.placeholder : now.replyLabel;
      button.setAttribute('aria-label', now.send);
      button.title = now.send;
    },
  };
};
