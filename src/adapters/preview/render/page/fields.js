import { element } from './dom.js';

/**
 * @typedef {import('../../../../chat/view.ts').Field} Field
 * @typedef {import('./api.js').PageTexts} PageTexts
 */

/** More options than these are easier to choose from a list. */
const mostRadios = 4;

/** @param {string} name */
const idOf = (name) => `field-${name}`;
/** @param {string} name */
const errorIdOf = (name) => `error-${name}`;
/** @param {string} name */
const hintIdOf = (name) => `hint-${name}`;

/**
 * @param {Field} field
 * @param {string | null} value
 */
const radios = (field, value) =>
  field.type !== 'choice'
    ? []
    : field.options.map((option, index) =>
        element('label', { class: 'option' }, [
          element('input', {
            type: 'radio',
            name: field.name,
            id: index === 0 ? idOf(field.name) : `${idOf(field.name)}-${index}`,
            value: option.value,
            checked: option.value === value,
            'aria-describedby': field.hint === null ? null : hintIdOf(field.name),
          }),
          element('span', {}, [option.label]),
        ]),
      );

/**
 * @param {Field} field
 * @param {string | null} value
 */
const control = (field, value) => {
  const common = {
    id: idOf(field.name),
    name: field.name,
    'aria-required': String(!field.optional),
    'aria-describedby': field.hint === null ? null : hintIdOf(field.name),
  };
  if (field.type === 'choice') {
    const chosen = value ?? '';
    const none = field.options.some((option) => option.value === chosen)
      ? []
      : [element('option', { value: '' })];
    const options = field.options.map((option) =>
      element('option', { value: option.value, selected: option.value === chosen }, [option.label]),
    );
    return element('select', common, [...none, ...options]);
  }
  if (field.type === 'multiline') {
    const area = element('textarea', { ...common, rows: 4 });
    area.value = value ?? '';
    return area;
  }
  // No maxlength: a browser would cut what is pasted without a word. The bot says what is too long.
  const input = element('input', {
    ...common,
    type: 'text',
    inputmode: field.inputMode,
    placeholder: field.placeholder,
    autocomplete: field.inputMode === 'email' ? 'email' : 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
  });
  input.value = value ?? '';
  return input;
};

/**
 * One labelled field with its hint; its error stands below it.
 * @param {Field} field
 * @param {string | null} value
 * @param {PageTexts} texts
 */
export const renderField = (field, value, texts) => {
  const optional = field.optional ? [' ', element('small', {}, [`(${texts.optional})`])] : [];
  const hint =
    field.hint === null ? null : element('p', { class: 'hint', id: hintIdOf(field.name) }, [field.hint]);
  const shape = field.type === 'text' && field.inputMode === 'numeric' ? 'short' : field.type;
  if (field.type === 'choice' && field.options.length <= mostRadios)
    return element('fieldset', { class: 'field', 'data-field': field.name, 'data-shape': 'radios' }, [
      element('legend', {}, [field.label, ...optional]),
      hint,
      element('div', { class: 'options' }, radios(field, value)),
    ]);
  return element('div', { class: 'field', 'data-field': field.name, 'data-shape': shape }, [
    element('label', { for: idOf(field.name) }, [field.label, ...optional]),
    control(field, value),
    hint,
  ]);
};

/**
 * What stands in the form now; a choice that was not made is null.
 * @param {HTMLFormElement} form
 * @param {readonly Field[]} fields
 * @returns {Record<string, string | null>}
 */
export const readFields = (form, fields) => {
  const data = new FormData(form);
  return Object.fromEntries(
    fields.map(({ name, type }) => {
      const value = data.get(name);
      return [name, typeof value !== 'string' || (type === 'choice' && value === '') ? null : value];
    }),
  );
};

/**
 * Shows each error under its field, takes away the ones that are gone, and goes to the first.
 * @param {HTMLFormElement} form
 * @param {Record<string, string>} errors
 */
export const showErrors = (form, errors) => {
  for (const wrapper of form.querySelectorAll('[data-field]')) {
    const name = wrapper.getAttribute('data-field') ?? '';
    const text = Object.hasOwn(errors, name) ? errors[name] : undefined;
    wrapper.querySelector('[data-error-for]')?.remove();
    wrapper.toggleAttribute('data-wrong', text !== undefined);
    const described = [wrapper.querySelector('.hint')?.id, text === undefined ? undefined : errorIdOf(name)];
    for (const input of wrapper.querySelectorAll('input, select, textarea')) {
      if (text === undefined) input.removeAttribute('aria-invalid');
      else input.setAttribute('aria-invalid', 'true');
      input.setAttribute('aria-describedby', described.filter(Boolean).join(' '));
    }
    if (text !== undefined)
      wrapper.append(element('p', { class: 'error', id: errorIdOf(name), 'data-error-for': name }, [text]));
  }
  const first = form.querySelector('[aria-invalid]:checked, [aria-invalid]:not([type=radio])');
  const target = form.querySelector('[data-wrong]')?.contains(first)
    ? first
    : form.querySelector('[aria-invalid]');
  if (target instanceof HTMLElement) target.focus();
};
