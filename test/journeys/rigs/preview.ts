import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { z } from 'zod';
import { type Browser, startBrowser } from '../../adapters/browser.ts';
import { scope } from '../../mail-servers/index.ts';
import { until } from '../../support/until.ts';
import {
  errorUnder,
  expectNothingSideways,
  fillAll,
  picture,
  say,
  turnTo,
  typedIn,
  watchHeadings,
} from '../preview-page.ts';
import { loopback, type Product, startProduct, startWithin } from '../product.ts';
import {
  createOriginals,
  type ItMember,
  type Locale,
  type Message,
  newestLink,
  newestWith,
  type OpenForm,
  type Rep,
  type Rig,
  type Stage,
  type StageOptions,
  type Submitted,
} from '../stage.ts';
import { variants } from '../words.ts';

type Pane = 'rep' | 'it';
const article = z.object({
  id: z.string(),
  root: z.string().nullable(),
  lines: z.array(z.string()),
  buttons: z.array(z.object({ action: z.string(), value: z.string() })),
  /** What became more than text: a person's or a server's words never may. */
  markup: z.number(),
});
type Article = z.infer<typeof article>;

/** Runs in the page: every message of a pane, oldest first. */
const articlesOf = (pane: Pane): string => `
  [...document.querySelectorAll('[data-pane=${pane}] article.post[data-author=bot]')].map((one) => ({
    id: one.dataset.message,
    root: one.closest('.replies')?.parentElement.dataset.thread ?? null,
    lines: [...one.querySelectorAll(
      'h3, h4, p, dt, dd, .step-label, .step-detail, blockquote, figcaption > span, pre',
    )].map((line) => line.textContent.trim()),
    buttons: [...one.querySelectorAll('[data-action]')].map(({ dataset }) => ({
      action: dataset.action,
      value: dataset.value,
    })),
    markup: one.querySelectorAll('.blocks b, .blocks i').length,
  }))`;

const originals = createOriginals<Article>();
const messageOf = (original: Article): Message => {
  expect(original.markup).toBe(0);
  return originals.shown(
    { lines: original.lines, buttons: original.buttons.map(({ action }) => action), calls: [] },
    original,
  );
};
const articlesIn = async (page: Page, pane: Pane): Promise<Article[]> => {
  await turnTo(page, pane);
  return z.array(article).parse(await page.evaluate(articlesOf(pane)));
};

const formIn = (page: Page): OpenForm => {
  const form = page.locator('dialog [data-form]');
  const outcome = async (): Promise<Submitted> => {
    await page.locator('dialog [aria-busy=true]').waitFor({ state: 'detached', timeout: 20_000 });
    if (!(await page.locator('dialog').isVisible())) return { type: 'closed' };
    const wrong = await form
      .locator('[data-error-for]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-error-for') ?? ''));
    if (wrong.length === 0) return { type: 'next', form: formIn(page) };
    const texts = wrong.map(async (field) => [field, (await errorUnder(page, field)) ?? ''] as const);
    return { type: 'errors', errors: Object.fromEntries(await Promise.all(texts)), form: formIn(page) };
  };
  return {
    standing: (...fields) => typedIn(form, fields),
    submit: async (values = {}) => {
      await fillAll(form, values);
      await form.locator('[type=submit]').click();
      return outcome();
    },
  };
};

/** Somebody whose page has not yet heard that the button is gone. */
const pressAnyway = async (page: Page, { id, buttons }: Article, action: string): Promise<void> => {
  const value = buttons.find((button) => button.action === action)?.value ?? '';
  const body = JSON.stringify({ message: id, action, value });
  const status = await page.evaluate(
    async (sent) =>
      (
        await fetch('/preview/button', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: sent,
        })
      ).status,
    body,
  );
  expect(status).toBe(200);
};

const acting = (page: Page, pane: Pane) => {
  const press = async (message: Message, action: string): Promise<void> => {
    await turnTo(page, pane);
    const original = originals.of(message);
    const post = page.locator(`[data-pane=${pane}] [data-message="${original.id}"]`);
    const button = post.locator(`[data-action=${action}]`);
    if ((await button.count()) === 0) return pressAnyway(page, original, action);
    await button.click();
    await post.locator('[data-waiting]').waitFor({ state: 'detached', timeout: 20_000 });
  };
  const open = async (message: Message, action: string): Promise<OpenForm> => {
    await press(message, action);
    await page.locator('dialog [data-form]').waitFor();
    return formIn(page);
  };
  return { press, open };
};

const peopleOf = (
  page: Page,
  headings: () => Promise<string[]>,
  locale: Locale,
): Pick<Stage, 'anna' | 'jonas'> => {
  const chat = async () => (await articlesIn(page, 'rep')).map(messageOf);
  const channel = async () =>
    (await articlesIn(page, 'it')).filter(({ root }) => root === null).map(messageOf);
  const below = async ({ id }: Article) =>
    (await articlesIn(page, 'it')).filter(({ root }) => root === id).map(messageOf);
  /** What stands there next. */
  const answered = async (now: () => Promise<Message[]>, ask: () => Promise<void>): Promise<Message> => {
    const before = (await now()).length;
    await ask();
    return until(async () => {
      const message = (await now())[before];
      if (!message) throw new Error('nobody has answered');
      return message;
    });
  };
  const annaAsks = (text: string) => answered(chat, () => say(page, text));
  const jonasAsks = (text: string) =>
    answered(channel, async () => {
      await page.fill('[data-composer-of=it] textarea', `@connect-email ${text}`);
      await page.keyboard.press('Enter');
    });
  const anna: Rep = {
    ...acting(page, 'rep'),
    asks: annaAsks,
    page: (...words) => until(async () => newestWith([await annaAsks('status')], words)),
    beginsAt: async (_message, address) => {
      await turnTo(page, 'rep');
      await say(page, `/connect-email ${address}`);
      await page.locator('dialog [data-form=address]').waitFor();
      return formIn(page);
    },
    begin: async () => {
      await turnTo(page, 'rep');
      const empty = page.locator('[data-pane=rep] [data-empty] [data-action=start]');
      if (await empty.isVisible()) await empty.click();
      else await say(page, '/connect-email');
      await page.locator('dialog [data-form=address]').waitFor();
      return formIn(page);
    },
    says: async (text) => {
      await turnTo(page, 'rep');
      await say(page, text);
    },
    chat,
    reads: (...words) => until(async () => newestWith(await chat(), words)),
    link: () => until(async () => newestLink(JSON.stringify(await chat()))),
    everRead: async () => (await headings()).join('\n'),
  };
  const jonas: ItMember = {
    // Its page speaks one language.
    speaks: locale,
    ...acting(page, 'it'),
    asks: jonasAsks,
    page: (...words) => until(async () => newestWith([await jonasAsks('queue')], words)),
    id: 'it',
    mentions: async (root, text) => {
      await turnTo(page, 'it');
      const { id } = originals.of(root);
      const line = page.locator(`[data-composer-of="${id}"] textarea`);
      if (!(await line.isVisible())) await page.locator(`[data-reply="${id}"]`).click();
      await line.fill(`@connect-email ${text}`);
      await page.keyboard.press('Enter');
    },
    channel,
    reads: (...words) => until(async () => newestWith(await channel(), words)),
    readsBelow: (root, ...words) => until(async () => newestWith(await below(originals.of(root)), words)),
  };
  return { anna, jonas };
};

export type PreviewStage = Stage & { page: Page };

/** With the page itself, for what only a page has. */
export const openPreviewStage = async (
  browser: Browser,
  { env, locale, process }: StageOptions,
): Promise<PreviewStage> => {
  const { tag, width, height } = variants.find(({ language }) => language === locale) ?? variants[0];
  const own = scope();
  const settings = { ...loopback, ...env, DATA_DIR: await own.folder(), DEFAULT_LOCALE: locale };
  let product: Product | null = null;
  const start = async (port: string) => {
    if (process === 'shared') return startWithin({ ...settings, PORT: port });
    product = await startProduct({ ...settings, PORT: port });
    return product;
  };
  let running = await start('0');
  const visit = await browser.visit(running.url, { locale: tag, width, height });
  const { page } = visit;
  return {
    page,
    ...peopleOf(page, await watchHeadings(page), locale),
    look: async (name) => {
      await expectNothingSideways(page);
      await picture(page, `${name}-${locale}-${width}`);
    },
    restart: async (ending, meanwhile) => {
      await product?.end(ending);
      const lost = page.locator('[data-lost]');
      await lost.waitFor({ timeout: 20_000 });
      await meanwhile?.();
      running = await start(new URL(running.url).port);
      await lost.waitFor({ state: 'hidden', timeout: 20_000 });
    },
    close: async () => {
      await visit[Symbol.asyncDispose]();
      await running.stop();
      await own.stop();
      expect(visit.complaints).toEqual([]);
    },
  };
};

export const preview: Rig = {
  name: 'the preview',
  prepare: async () => {
    const browser = await startBrowser();
    return { open: (options) => openPreviewStage(browser, options), close: () => browser.close() };
  },
};
