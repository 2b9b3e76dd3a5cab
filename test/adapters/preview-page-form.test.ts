import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, startBrowser } from './browser.ts';
import { openPreview, type PreviewRig } from './preview-rig.ts';
import { forms, hostile, portError, report, toRep } from './script.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

let rig: PreviewRig;
beforeEach(async () => {
  rig = await openPreview({ script: forms });
});
afterEach(() => rig.web.stop());

const open = () => browser.visit(rig.web.url, { locale: 'de-DE' });
const focused = (page: Page) => page.locator(':focus').getAttribute('name');

describe('a form', () => {
  test('shows errors under their fields and keeps all that was typed', async () => {
    await using visit = await open();
    const { page } = visit;
    await page.click('[data-action=start]');
    await page.fill('[name=address]', 'anna@firma.example');
    await page.click('[data-form=address] [type=submit]');
    await page.fill('[data-form=servers] [name=imapHost]', hostile);
    await page.fill('[name=imapPort]', '99x');
    await page.check('[name=imapEncryption][value=starttls]');
    await page.click('[data-form=servers] [type=submit]');
    const error = page.locator('[data-field=imapPort] [data-error-for=imapPort]');
    expect(await error.textContent()).toBe(portError);
    expect(await page.locator('[data-error-for]').count()).toBe(1);
    const port = page.locator('[name=imapPort]');
    expect(await port.getAttribute('aria-invalid')).toBe('true');
    expect(await port.getAttribute('aria-describedby')).toContain(
      (await error.getAttribute('id')) ?? 'no id',
    );
    expect(await focused(page)).toBe('imapPort');
    expect(await page.inputValue('[name=imapHost]')).toBe(hostile);
    expect(await port.inputValue()).toBe('99x');
    expect(await page.isChecked('[name=imapEncryption][value=starttls]')).toBe(true);
    await port.fill('143');
    await page.click('[data-form=servers] [type=submit]');
    await page.waitForSelector('dialog', { state: 'hidden' });
    expect(rig.received.at(-1)).toMatchObject({
      form: 'servers',
      context: 'conversation/',
      values: { imapHost: hostile, imapPort: '143', imapEncryption: 'starttls', smtpLogin: 'same' },
    });
  });

  test('that was closed by mistake has everything when it comes back; once sent it starts afresh', async () => {
    await toRep(rig.adapter, report);
    await using visit = await open();
    const { page } = visit;
    await page.click('[data-action=escalate]');
    await page.fill('[name=comment]', hostile);
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'hidden' });
    await page.click('[data-action=escalate]');
    expect(await page.inputValue('[name=comment]')).toBe(hostile);
    await page.click('[data-form=escalate] [type=submit]');
    await page.waitForSelector('dialog', { state: 'hidden' });
    await page.click('[data-action=escalate]');
    expect(await page.inputValue('[name=comment]')).toBe('');
  });

  test('says kindly that the bot is silent, keeps what was typed, and can be sent again', async () => {
    await toRep(rig.adapter, report);
    rig.script = { ...forms, form: () => new Promise(() => {}) };
    await using visit = await open();
    const { page } = visit;
    await page.click('[data-action=escalate]');
    await page.fill('[name=comment]', 'Bitte bald');
    await page.click('[data-form=escalate] [type=submit]');
    expect(await page.isDisabled('[data-form=escalate] [type=submit]')).toBe(true);
    await page.getByText('Ihre Eingaben sind noch da').waitFor();
    expect(await page.inputValue('[name=comment]')).toBe('Bitte bald');
    rig.script = forms;
    await page.click('[data-form=escalate] [type=submit]');
    await page.waitForSelector('dialog', { state: 'hidden' });
  });

  test('works with the keyboard alone', async () => {
    await using visit = await open();
    const { page } = visit;
    await page.waitForSelector('[data-action=start]:visible');
    const tabTo = async (selector: string) => {
      for (let i = 0; i < 20; i += 1) {
        if ((await page.locator(`${selector}:focus`).count()) === 1) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab never came to ${selector}`);
    };
    await tabTo('[data-action=start]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-form=address]');
    expect(await focused(page)).toBe('address');
    await page.keyboard.type('anna@firma.example');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-form=servers]');
    expect(await focused(page)).toBe('imapHost');
    await tabTo('[name=imapEncryption]');
    await page.keyboard.press('ArrowRight');
    expect(await page.isChecked('[name=imapEncryption][value=starttls]')).toBe(true);
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'hidden' });
    expect(await page.locator(':focus').getAttribute('data-action')).toBe('start');
    await tabTo('[name=say]');
    await page.keyboard.type('Hilfe');
    await page.keyboard.press('Enter');
    await page.getByText('Hilfe', { exact: true }).waitFor();
    expect(rig.received.at(-1)).toMatchObject({ type: 'message', text: 'Hilfe' });
    expect(await page.inputValue('[name=say]')).toBe('');
  });
});
