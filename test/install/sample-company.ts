import { expect } from 'vitest';
import { z } from 'zod';
import { postJson, stateOf } from '../adapters/preview-doors.ts';
import { until } from '../support/until.ts';

const form = z.object({
  form: z.object({
    name: z.string(),
    context: z.string(),
    fields: z.array(z.object({ name: z.string(), initial: z.string().nullish() })),
  }),
});
const english = { 'Accept-Language': 'en' };

/** What is shown in the rep's chat of a running preview. */
const chatOf = async (url: string): Promise<string> => JSON.stringify((await stateOf(url, english)).posts);

/** Types an address and takes whatever is proposed. Where nothing was found in time, the form asks for it instead. */
const submitProposal = async (url: string, address: string): Promise<void> => {
  let next = await postJson(url, 'command', { text: address, typed: true }, english);
  for (const name of ['address', 'servers']) {
    const { form: asked } = form.parse(JSON.parse(next.text));
    expect(asked.name).toBe(name);
    const values = Object.fromEntries(asked.fields.map((field) => [field.name, field.initial ?? null]));
    const body = { form: asked.name, context: asked.context, pane: 'rep', values };
    next = await postJson(url, 'form', body, english);
    expect([next.status, next.text]).toEqual([200, expect.not.stringContaining('"errors"')]);
  }
};

/** A check of an address whose servers are found; reads on until these words are there. */
export const connect = async (url: string, address: string, words: RegExp): Promise<void> => {
  // On a busy machine the three seconds of a look-up are not always enough.
  await until(() => submitProposal(url, address), { timeout: 45_000, interval: 1_000 });
  await until(async () => expect(await chatOf(url)).toMatch(words));
};
