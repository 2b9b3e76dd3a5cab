import { chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../scripts/system-packages.ts';

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type VisitOptions = { locale: string; width?: number; height?: number; hasJavaScript?: boolean };

/** A page, and what went wrong inside it: errors, and what its own policy has blocked. */
export type Visit = { page: Page; complaints: string[]; [Symbol.asyncDispose](): Promise<void> };

export type Browser = { visit(url: string, options: VisitOptions): Promise<Visit>; close(): Promise<void> };

/** Debian's Chromium with a new, empty profile; every visit has cookies, storage and language of its own. */
export const startBrowser = async (): Promise<Browser> => {
  const browser = await chromium.launch({ executablePath: chromiumPath, args });
  return {
    close: () => browser.close(),
    visit: async (url, { locale, width = 1280, height = 860, hasJavaScript = true }) => {
      const context = await browser.newContext({
        locale,
        viewport: { width, height },
        javaScriptEnabled: hasJavaScript,
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (line) => {
        // A refused request is a matter of the test, not of the page.
        if (line.type() === 'error' && !line.text().startsWith('Failed to load resource'))
          complaints.push(line.text());
      });
      // How long something takes on a busy machine is no promise.
      page.setDefaultTimeout(20_000);
      await page.goto(url);
      return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
    },
  };
};
