import { post } from './api.js';
import { makeDrafts } from './drafts.js';
import { readFields } from './fields.js';
import { complain, focusFirst, renderModal, setBusy, showFormErrors } from './modal.js';

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
  const drafts = makeDrafts();
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
    const modal = renderModal(form, (field) => drafts.valueOf(form, field), texts());
    const { body, submit, closers } = modal;
    let over = false;
    keep = () => {
      if (over) drafts.forget(form);
      else drafts.keep(form, readFields(body, form.fields));
    };
    for (const button of closers) button.addEventListener('click', shut);

    /** @param {FormAnswer} answer */
    const hear = (answer) => {
      if (answer.type === 'errors') return showFormErrors(modal, form, answer.errors);
      over = true;
      drafts.forget(form);
      // Whoever has gone on to another form is not torn out of it.
      if (dialog.open && !dialog.contains(body)) return;
      if (answer.type === 'form') show(answer.form, pane);
      else if (dialog.contains(body)) shut();
    };
    body.addEventListener('submit', async (event) => {
      event.preventDefault();
      if (submit.disabled) return;
      setBusy(modal, true);
      const values = readFields(body, form.fields);
      /** @type {Awaited<ReturnType<typeof post<FormAnswer>>>} */
      const result = await post('form', { form: form.name, context: form.context, pane, values });
      setBusy(modal, false);
      complain(modal, result.ok ? '' : texts()[result.trouble]);
      if (result.ok) hear(result.answer);
      else submit.focus();
    });

    dialog.replaceChildren(body);
    if (!dialog.open) dialog.showModal();
    focusFirst(modal);
  };

  return { show };
};
