/** What a person does with the page of the preview, and what she sees there. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Env } from './product.ts';

type FormName = 'address' | 'servers' | 'escalate';
const form = (page: Page, name: FormName): Locator => page.locator(`dialog [data-form=${name}]`);

const isRadio = (values: Locator) => values.first().evaluate((one) => one.getAttribute('type') === 'radio');

/** Types into the fields that are named and leaves the others as they are. */
export const fillAll = async (within: Locator, values: Env): Promise<void> => {
  await within.waitFor();
  for (const [field, value] of Object.entries(values)) {
    const control = within.locator(`[name=${field}]`);
    if (await isRadio(control)) await control.and(within.page().locator(`[value=${value}]`)).check();
    else await control.fill(value);
  }
};
export const fill = (page: Page, name: FormName, values: Env): Promise<void> =>
  fillAll(form(page, name), values);

export const submit = (page: Page, name: FormName): Promise<void> =>
  form(page, name).locator('[type=submit]').click();

/** What stands in the form now. */
export const typedIn = async (within: Locator, fields: readonly string[]): Promise<Env> => {
  const read = fields.map(async (field): Promise<[string, string]> => {
    const control = within.locator(`[name=${field}]`);
    const chosen = (await isRadio(control)) ? control.and(within.page().locator(':checked')) : control;
    return [field, await chosen.inputValue()];
  });
  return Object.fromEntries(await Promise.all(read));
};
export const typed = (page: Page, name: FormName, fields: readonly string[]): Promise<Env> =>
  typedIn(form(page, name), fields);

export const errorUnder = async (page: Page, field: string): Promise<string | null> =>
  page.locator(`[data-field=${field}] [data-error-for=${field}]`).textContent();

/** From the empty chat to the form for the servers. */
export const giveAddress = async (page: Page): Promise<void> => {
  await page.click('[data-pane=rep] [data-empty] [data-action=start]');
  await fill(page, 'address', { address: 'rep@example.test' });
  await submit(page, 'address');
  await form(page, 'servers').waitFor();
};

export const say = async (page: Page, text: string): Promise<void> => {
  await page.fill('[data-pane=rep] textarea[name=say]', text);
  await page.keyboard.press('Enter');
};

/** The message of the chat or channel that has this heading. */
export const message = (page: Page, pane: 'rep' | 'it', heading: string): Locator =>
  page
    .locator(`[data-pane=${pane}] article.post`)
    .filter({ has: page.locator('h3.heading').getByText(heading, { exact: true }) });

/** On a phone there is one pane at a time. */
export const turnTo = async (page: Page, pane: 'rep' | 'it'): Promise<void> => {
  const tab = page.locator(`[data-show=${pane}]`);
  if (await tab.isVisible()) await tab.click();
  await page.locator(`[data-pane=${pane}]`).waitFor();
};

/** Remembers every heading that the page shows from now on, however short. */
export const watchHeadings = async (page: Page): Promise<() => Promise<string[]>> => {
  await page.evaluate(`
    window.headings = new Set();
    new MutationObserver(() => {
      for (const one of document.querySelectorAll('h3.heading')) window.headings.add(one.textContent);
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  `);
  return async () => {
    const seen: unknown = await page.evaluate('[...window.headings]');
    return Array.isArray(seen) ? seen.map(String) : [];
  };
};

export const expectNothingSideways = async (page: Page): Promise<void> => {
  const wide = await page
    .locator('html, body, .scroll, .modal-body, .post, dialog')
    .evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML.slice(0, 80)),
    );
  expect(wide).toEqual([]);
};

/** A picture for people to look at, only where SCREENSHOTS names a folder. */
export const picture = async (page: Page, name: string): Promise<void> => {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', fullPage: true });
};
