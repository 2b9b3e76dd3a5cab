import { post } from './api.js';
import { renderBlock } from './blocks.js';
import { element } from './dom.js';
import { readFields, renderField, showErrors } from './fields.js';
import { icon } from './icons.js';

/**
 * @typedef {import('./api.js').Form} Form
 * @typedef {import('./api.js').FormAnswer} FormAnswer
 * @typedef {import('./api.js').PageTexts} PageTexts
 * @typedef {'rep' | 'it'} Pane
 */

/**
 * The modal form. What was typed survives errors, a lost connection and a form closed by mistake.
 * @param {HTMLDialogElement} dialog
 * @param {() => PageTexts} texts
 */
export const makeDialog = (dialog, texts) => {
  /**
   * By form and context: what was offered and what was made of it.
   * @type {Map<string, Record<string, { initial: string | null, value: string | null }>>}
   */
  const drafts = new Map();
  /** @param {Form} form */
  const keyOf = ({ name, context }) => `${name} ${context}`;
  /** Told when the dialog closes, so that a draft is never lost. */
  let keep = () => {};

  /** Keeps the draft and leaves nothing of the form behind, where a reader of the page could still find it. */
  const shut = () => {
    keep();
    keep = () => {};
    if (dialog.open) dialog.close();
    dialog.replaceChildren();
  };
  dialog.addEventListener('cancel', shut);
  // The event comes late: by then another form may have been opened.
  dialog.addEventListener('close', () => {
    if (!dialog.open) shut();
  });

  /**
   * @param {Form} form
   * @param {Pane} pane
   */
  const show = (form, pane) => {
    const words = texts();
    const draft = drafts.get(keyOf(form)) ?? {};
    const fields = form.fields.map((field) => {
      const typed = draft[field.name];
      // What the bot offers anew counts more than what was once made of an older offer.
      const value = typed && typed.initial === field.initial ? typed.value : field.initial;
      return renderField(field, value, words);
    });
    const trouble = element('p', { class: 'trouble', role: 'alert', hidden: true });
    const submit = element('button', { type: 'submit', class: 'button primary' }, [form.submit]);
    const cancel = element('button', { type: 'button', class: 'button plain', 'data-cancel': true }, [
      form.cancel,
    ]);
    const cross = element('button', { type: 'button', class: 'cross', 'aria-label': words.close }, [
      icon('close'),
    ]);
    const body = element('form', { 'data-form': form.name, 'data-context': form.context, novalidate: true }, [
      element('header', { class: 'modal-head' }, [element('h2', { id: 'modal-title' }, [form.title]), cross]),
      element('div', { class: 'modal-body' }, [
        ...form.intro.map((block) => renderBlock(block, words)),
        element('div', { class: 'fields' }, fields),
        trouble,
      ]),
      element('footer', { class: 'modal-foot' }, [cancel, submit]),
    ]);
    let over = false;

    keep = () => {
      const values = readFields(body, form.fields);
      const typed = form.fields.map(({ name, initial }) => [name, { initial, value: values[name] ?? null }]);
      if (over) drafts.delete(keyOf(form));
      else drafts.set(keyOf(form), Object.fromEntries(typed));
    };
    cancel.addEventListener('click', shut);
    cross.addEventListener('click', shut);

    /** @param {FormAnswer} answer */
    const hear = (answer) => {
      if (answer.type === 'errors') {
        showErrors(body, answer.errors);
        const homeless = Object.entries(answer.errors).filter(
          ([name]) => !form.fields.some((f) => f.name === name),
        );
        trouble.textContent = homeless.map(([, text]) => text).join(' ');
        trouble.hidden = homeless.length === 0;
        return;
      }
      over = true;
      drafts.delete(keyOf(form));
      // Whoever has gone on to another form is not torn out of it.
      if (dialog.open && !dialog.contains(body)) return;
      if (answer.type === 'form') show(answer.form, pane);
      else if (dialog.contains(body)) shut();
    };

    body.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (submit.disabled) return;
      submit.disabled = true;
      submit.setAttribute('aria-busy', 'true');
      const values = readFields(body, form.fields);
      /** @type {Awaited<ReturnType<typeof post<FormAnswer>>>} */
      const result = await post('form', { form: form.name, context: form.context, pane, values });
      submit.disabled = false;
      submit.removeAttribute('aria-busy');
      if (!result.ok) {
        trouble.textContent = texts()[result.trouble];
        trouble.hidden = false;
        submit.focus();
        return;
      }
      trouble.hidden = true;
      hear(result.answer);
    });

    dialog.replaceChildren(body);
    if (!dialog.open) dialog.showModal();
    const first = body.querySelector(
      '.fields input:checked, .fields :is(input:not([type=radio]), select, textarea)',
    );
    const start = body.querySelector('.fields :is(input, select, textarea)');
    const target = start instanceof HTMLInputElement && start.type === 'radio' ? (first ?? start) : start;
    (target instanceof HTMLElement ? target : submit).focus();
  };

  return { show };
};
