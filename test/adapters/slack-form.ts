/** A form as Slack sends it, for whoever drives the product from outside. */
import { randomUUID } from 'node:crypto';
import { sendForm } from './slack-transport.ts';

/** Resolves with the body of the answer. */
export const submitForm = async (
  botUrl: string,
  user: string,
  [form, values]: readonly [string, Readonly<Record<string, string>>],
): Promise<string> => {
  const state = Object.entries(values).map(([name, value]) => [name, { [name]: { type: 'x', value } }]);
  const view = {
    id: `V${user}`,
    callback_id: form,
    private_metadata: JSON.stringify({ context: '', it: false, locale: 'de' }),
    state: { values: Object.fromEntries(state) },
  };
  const payload = { type: 'view_submission', user: { id: user, name: user }, trigger_id: randomUUID(), view };
  return (await sendForm(botUrl, { payload: JSON.stringify(payload) })).body;
};
