import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Browser, startBrowser, type VisitOptions } from './browser.ts';
import { openPreview, type PreviewRig } from './preview-rig.ts';
import { button, checklist, everyBlock, forms, hostile, report, said, toRep, withButtons } from './script.ts';

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

const open = (options: Partial<VisitOptions> = {}) =>
  browser.visit(rig.web.url, { locale: 'de-DE', ...options });

describe('the page speaks', () => {
  test.each([
    ['de-AT', 'de', 'Ihr Chat', 'E-Mail-Konto prüfen', 'E-Mail-Adresse oder Nachricht'],
    ['en-US', 'en', 'Your chat', 'Check e-mail account', 'E-mail address or message'],
  ])('to a %s browser %s', async (locale, lang, pane, start, placeholder) => {
    await using visit = await open({ locale });
    const { page, complaints } = visit;
    expect(await page.getAttribute('html', 'lang')).toBe(lang);
    expect(await page.textContent('#rep-title')).toBe(pane);
    expect(await page.getByRole('button', { name: start }).isVisible()).toBe(true);
    await page.getByPlaceholder(placeholder).waitFor();
    await page.click('[data-action=start]');
    await page.waitForSelector('dialog [data-form=address]');
    expect(rig.received).toMatchObject([{ type: 'command', text: '', platformLocale: locale }]);
    expect(complaints).toEqual([]);
  });

  test('the language that is switched to, everywhere and for good', async () => {
    await toRep(rig.adapter, everyBlock);
    await using visit = await open();
    const { page } = visit;
    await page.getByRole('button', { name: 'Kopieren: Row' }).waitFor();
    await page.click('[data-locale=en]');
    await page.getByRole('button', { name: 'Copy: Row' }).waitFor();
    expect(await page.textContent('#it-title')).toBe('IT channel');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
    expect(await page.getAttribute('[data-locale=en]', 'aria-pressed')).toBe('true');
    expect(rig.received).toMatchObject([{ type: 'command', text: 'language en' }]);
    await page.reload();
    expect(await page.textContent('#rep-title')).toBe('Your chat');
  });
});

describe('messages', () => {
  test('change in place, with signs and words for every state', async () => {
    await using visit = await open();
    const { page } = visit;
    const ref = await toRep(rig.adapter, checklist('running', 'skipped', 'waiting'));
    await page.waitForSelector('.step[data-state=running]');
    const article = await page.locator(`[data-message=${ref.id}]`).elementHandle();
    const first = await page.locator('.step').first().elementHandle();
    const third = await page.locator('.step').nth(2).elementHandle();
    await rig.adapter.update(ref, checklist('running', 'skipped', 'bad'));
    await page.waitForSelector('.step[data-state=bad]');
    const stays = (handle: typeof first) => handle?.evaluate((element) => element.isConnected);
    expect([await stays(article), await stays(first), await stays(third)]).toEqual([true, true, false]);
    expect(await page.locator('.step[data-state=bad]').textContent()).toContain('Stand bad');
    expect(await page.locator('.step svg').count()).toBe(5);
    expect(await page.locator('.post').count()).toBe(1);
    expect(await page.textContent('[data-announcer]')).toBe('Wir prüfen Ihre Server.');
  });

  test('are text, whatever they hold', async () => {
    const blocks = JSON.parse(
      JSON.stringify(everyBlock.blocks, (key, value) =>
        typeof value === 'string' && !['type', 'tone', 'state'].includes(key) ? hostile : value,
      ),
    ) as typeof everyBlock.blocks;
    await toRep(rig.adapter, withButtons({ ...said(hostile), blocks }, button('edit', hostile)));
    await rig.adapter.post({ type: 'it-channel' }, { ...said(hostile), blocks });
    await using visit = await open();
    const { page, complaints } = visit;
    await page.fill('[name=say]', hostile);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-author=rep]');
    expect(await page.locator('[data-author=rep] .text').textContent()).toBe(hostile);
    expect(await page.locator('.post script, .post img, .post a').count()).toBe(0);
    expect(await page.locator('main').innerText()).toContain(hostile);
    expect(await page.evaluate("'ran' in window")).toBe(false);
    expect(complaints).toEqual([]);
  });

  test('link to our own login page and to nothing else', async () => {
    const own = `${rig.web.url}/login#abc`;
    await toRep(
      rig.adapter,
      said('x', { type: 'text', text: `${own} http://evil.example/login#abc javascript:x` }),
    );
    await using visit = await open();
    const links = visit.page.locator('.post a');
    await links.waitFor();
    expect(
      await links.evaluateAll((all) => all.map((one) => (one as unknown as { href: string }).href)),
    ).toEqual([own]);
  });

  test('of the IT channel stand in threads; replies go where they belong', async () => {
    const root = await rig.adapter.post(
      { type: 'it-channel' },
      withButtons(said('Fall', { type: 'text', text: 'Fall' }), button('claim', 'Übernehmen')),
    );
    await rig.adapter.post({ type: 'thread', root }, said('Beleg', { type: 'text', text: 'Beleg' }));
    await using visit = await open();
    const { page } = visit;
    const thread = page.locator(`[data-pane=it] [data-thread=${root.id}]`);
    await thread.locator('[data-message]').first().waitFor();
    expect(await thread.locator('[data-message]').allInnerTexts()).toEqual([
      expect.stringContaining('Beleg'),
    ]);
    await page.click('[data-pane=it] [data-action=claim]');
    await thread.getByRole('button', { name: 'Antworten' }).click();
    await thread.locator('textarea').fill('@connect-email Welcher Anbieter?');
    await page.keyboard.press('Enter');
    await thread.getByText('@connect-email Welcher Anbieter?').waitFor();
    expect(rig.received).toMatchObject([
      { type: 'button', action: 'claim', inItChannel: true, person: { id: 'it' } },
      { type: 'message', text: 'Welcher Anbieter?', thread: root },
    ]);
  });

  test('are there again after the connection was lost, and after a restart', async () => {
    await toRep(rig.adapter, said('vorher', { type: 'text', text: 'vorher' }));
    await using visit = await open();
    const { page } = visit;
    await page.getByText('vorher').waitFor();
    const { port } = rig.web;
    await rig.web.stop();
    await page.getByText('Die Verbindung ist unterbrochen').waitFor();
    await page.fill('[name=say]', 'nicht verloren');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.composer [role=alert]:visible');
    expect(await page.inputValue('[name=say]')).toBe('nicht verloren');
    rig = await openPreview({ memory: rig.memory, port });
    await toRep(rig.adapter, said('nachher', { type: 'text', text: 'nachher' }));
    await page.getByText('nachher').waitFor();
    await page.waitForSelector('[data-lost]', { state: 'hidden' });
    expect(await page.locator('.post').count()).toBe(2);
  });

  test('count one click while the first is still running', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    rig.script = { button: () => held };
    await toRep(rig.adapter, report);
    await using visit = await open();
    const { page } = visit;
    await page.click('[data-action=escalate]');
    await page.click('[data-action=escalate]');
    await page.click('[data-action=edit]');
    release();
    await page.waitForSelector('[data-waiting]', { state: 'detached' });
    expect(rig.received).toHaveLength(1);
  });
});

describe('on a phone', () => {
  const phone = { width: 390, height: 844 };

  test('nothing scrolls sideways and nothing is cut off', async () => {
    const long = {
      ...everyBlock,
      blocks: [...everyBlock.blocks, { type: 'text' as const, text: 'x'.repeat(300) }],
    };
    await toRep(rig.adapter, withButtons(long, button('edit', 'Angaben ändern')));
    const root = await rig.adapter.post({ type: 'it-channel' }, long);
    await rig.adapter.post({ type: 'thread', root }, long);
    await using visit = await open(phone);
    const { page } = visit;
    const overflowing = () =>
      page
        .locator('html, body, .scroll, .modal-body, .post, dialog')
        .evaluateAll((all) =>
          all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.outerHTML.slice(0, 80)),
        );
    await page.waitForSelector('.post:visible');
    expect(await overflowing()).toEqual([]);
    await page.click('[data-show=it]');
    expect(await overflowing()).toEqual([]);
    await page.click('[data-show=rep]');
    await page.click('[data-action=edit]');
    await page.waitForSelector('[data-form=servers]');
    expect(await overflowing()).toEqual([]);
    const submit = await page.locator('[data-form=servers] [type=submit]').boundingBox();
    expect((submit?.y ?? 9999) + (submit?.height ?? 0)).toBeLessThanOrEqual(phone.height);
  });

  test('one pane at a time, with what is new in the other', async () => {
    await using visit = await open(phone);
    const { page } = visit;
    await page.waitForSelector('[data-action=start]:visible');
    expect(await page.isVisible('[data-pane=it]')).toBe(false);
    await rig.adapter.post({ type: 'it-channel' }, said('Fall', { type: 'text', text: 'Fall' }));
    await page.waitForSelector('[data-show=it] .unread:visible');
    expect(await page.textContent('[data-show=it] .unread')).toBe('1');
    await page.click('[data-show=it]');
    await page.locator('[data-pane=it] .post').getByText('Fall').waitFor();
    expect(await page.isVisible('[data-show=it] .unread')).toBe(false);
    expect(await page.isVisible('[data-pane=rep]')).toBe(false);
  });
});
