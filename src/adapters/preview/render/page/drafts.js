/**
 * @typedef {import('./api.js').Form} Form
 * @typedef {import('../../../../chat/view.ts').Field} Field
 */

/** What was typed into forms and not yet taken: it survives errors, a lost connection and a form closed by mistake. */
export const makeDrafts = () => {
  /**
   * By form and context: what was offered and what was made of it.
   * @type {Map<string, Record<string, { initial: string | null, value: string | null }>>}
   */
  const drafts = new Map();
  /** @param {Form} form */
  const keyOf = ({ name, context }) => `${name} ${context}`;

  return {
    /**
     * What the bot offers anew counts more than what was once made of an older offer.
     * @param {Form} form
     * @param {Field} field
     * @returns {string | null}
     */
    valueOf: (form, field) => {
      const typed = drafts.get(keyOf(form))?.[field.name];
      return typed && typed.initial === field.initial ? typed.value : field.initial;
    },
    /**
     * @param {Form} form
     * @param {Record<string, string | null>} values
     */
    keep: (form, values) => {
      const typed = form.fields.map(({ name, initial }) => [name, { initial, value: values[name] ?? null }]);
      drafts.set(keyOf(form), Object.fromEntries(typed));
    },
    /** @param {Form} form */
    forget: (form) => drafts.delete(keyOf(form)),
  };
};
