/** What a person does on the login page in a real browser, wherever the link to it came from. */
import { expect } from 'vitest';
import type { Browser } from '../adapters/browser.ts';
import { picture } from './preview-page.ts';
import type { Locale } from './stage.ts';

const boxes = { de: 'Testmail senden', en: 'Send a test mail' } as const;

type Given = { locale: Locale; width: number; password: string; sendTestMail: boolean; name: string };

/** She types her password, ticks the box or does not, and sends it. */
export const sendPassword = async (browser: Browser, link: string, given: Given) => {
  const { locale, width, password, sendTestMail, name } = given;
  const visit = await browser.visit(link, { locale: locale === 'de' ? 'en-US' : 'de-DE', width });
  const { page } = visit;
  await page.locator('form').waitFor();
  const box = page.getByRole('checkbox', { name: boxes[locale] });
  expect(await box.isChecked()).toBe(false);
  if (sendTestMail) await box.check();
  await page.fill('#password', password);
  await page.keyboard.press('Enter');
  return {
    visit,
    page,
    look: (what: string) => picture(page, `test-mail-${name}-${what}-${locale}-${width}`),
    /** What those hear who do not see the page. */
    hears: (text: string) => page.locator('#announced').getByText(text, { exact: true }).waitFor(),
    /** What stands there in the end. */
    reads: async (): Promise<string> => {
      await page.locator('#result h2[data-tone]').waitFor();
      expect(visit.complaints).toEqual([]);
      return (await page.locator('main').textContent()) ?? '';
    },
  };
};
