import { renderBlock } from './blocks.js';
import { element } from './dom.js';
import { renderField, showErrors } from './fields.js';
import { icon } from './icons.js';

/**
 * @typedef {import('./api.js').Form} Form
 * @typedef {import('./api.js').PageTexts} PageTexts
 * @typedef {import('../../../../chat/view.ts').Field} Field
 * @typedef {{ body: HTMLFormElement, trouble: HTMLElement, submit: HTMLButtonElement, closers: HTMLButtonElement[] }} Modal
 */

/**
 * A form as the dialog shows it.
 * @param {Form} form
 * @param {(field: Field) => string | null} initialOf
 * @param {PageTexts} words
 * @returns {Modal}
 */
export const renderModal = (form, initialOf, words) => {
  const fields = form.fields.map((field) => renderField(field, initialOf(field), words));
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
  return { body, trouble, submit, closers: [cancel, cross] };
};

/**
 * An empty text takes the line away.
 * @param {Modal} modal
 * @param {string} text
 */
export const complain = ({ trouble }, text) => {
  trouble.textContent = text;
  trouble.hidden = text === '';
};

/**
 * Each error under its field; what belongs to none stands below them all.
 * @param {Modal} modal
 * @param {Form} form
 * @param {Record<string, string>} errors
 */
export const showFormErrors = (modal, form, errors) => {
  showErrors(modal.body, errors);
  const homeless = Object.entries(errors).filter(([name]) => !form.fields.some((f) => f.name === name));
  complain(modal, homeless.map(([, text]) => text).join(' '));
};

/**
 * To what is to be filled in first, or to what was chosen there.
 * @param {Modal} modal
 */
export const focusFirst = ({ body, submit }) => {
  const first = body.querySelector(
    '.fields input:checked, .fields :is(input:not([type=radio]), select, textarea)',
  );
  const start = body.querySelector('.fields :is(input, select, textarea)');
  const target = start instanceof HTMLInputElement && start.type === 'radio' ? (first ?? start) : start;
  (target instanceof HTMLElement ? target : submit).focus();
};

/**
 * Whether an answer is awaited: then it cannot be sent again.
 * @param {Modal} modal
 * @param {boolean} isBusy
 */
export const setBusy = ({ submit }, isBusy) => {
  submit.disabled = isBusy;
  if (isBusy) submit.setAttribute('aria-busy', 'true');
  else submit.removeAttribute('aria-busy');
};
