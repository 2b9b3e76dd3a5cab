/**
 * Builds an element. Every text becomes a text node, so that nothing a person or a mail server wrote is ever markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number | boolean | null>} [attributes] null and false leave the attribute out
 * @param {(Node | string | null)[]} [children]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const element = (tag, attributes = {}, children = []) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== null && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  made.append(...children.filter((child) => child !== null));
  return made;
};

/**
 * @param {string} text
 * @returns {HTMLElement}
 */
export const hidden = (text) => element('span', { class: 'visually-hidden' }, [text]);

/**
 * The one element that must be there.
 * @template {HTMLElement} [Found=HTMLElement]
 * @param {ParentNode} within
 * @param {string} selector
 * @returns {Found}
 */
export const one = (within, selector) => {
  const found = within.querySelector(selector);
  if (!(found instanceof HTMLElement)) throw new Error(`the page has no ${selector}`);
  return /** @type {Found} */ (found);
};
