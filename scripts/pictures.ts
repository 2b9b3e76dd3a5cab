/**
 * Makes the pictures of README.md from the real thing: the preview with its sample company, as a rep uses it.
 * npm run pictures
 */
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { chromiumPath } from './system-packages.ts';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs', 'pictures');
/** A narrow window makes a picture that can be read in a page of text, a high one shows a whole message. */
const viewport = { width: 720, height: 2600 };
/** Of a message, what fits beside a text. In pixels. */
const highest = 620;
const margin = 14;

const startDemo = async (): Promise<{ url: string; stop(): void }> => {
  const child = spawn(process.execPath, [join(root, 'src', 'main.ts'), '--demo'], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'error', DEFAULT_LOCALE: 'en' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    const url = /"url":"(?<url>http[^"]+)"/u.exec(said)?.groups?.url;
    if (url !== undefined) return { url, stop: () => void child.kill('SIGTERM') };
  }
  throw new Error(`the preview did not start: ${said}`);
};

/** The latest message of a pane that holds these words, or the one that began the thread. */
const newest = (page: Page, pane: 'rep' | 'it', words: string, which: 'first' | 'last' = 'last') =>
  page.locator(`[data-pane=${pane}] article.post[data-author=bot]`).filter({ hasText: words })[which]();

const connect = async (page: Page, address: string): Promise<void> => {
  await page.click('[data-show=rep]');
  await page.fill('[data-pane=rep] textarea[name=say]', `/connect-email ${address}`);
  await page.keyboard.press('Enter');
  for (const form of ['address', 'servers']) await page.click(`dialog [data-form=${form}] [type=submit]`);
};

const take = async (page: Page, name: string, what: ReturnType<typeof newest>): Promise<void> => {
  await what.waitFor();
  const box = await what.boundingBox();
  if (!box) throw new Error(`nothing to be seen of ${name}`);
  const { x, y, width, height } = box;
  const clip = {
    ...{ x: x - margin, y: y - margin },
    ...{ width: width + 2 * margin, height: Math.min(height + 2 * margin, highest) },
  };
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', clip });
};

await mkdir(folder, { recursive: true });
const demo = await startDemo();
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
});
try {
  const context = await browser.newContext({ locale: 'en-GB', viewport, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(demo.url);
  await connect(page, 'anna@nordwind.example');
  await take(page, 'green', newest(page, 'rep', 'meets all requirements'));
  await connect(page, 'anna@old.nordwind.example');
  const red = newest(page, 'rep', 'TLS 1.0');
  await take(page, 'red', red);
  await red.locator('[data-action=escalate]').click();
  await page.fill('dialog [data-form=escalate] [name=comment]', 'It stopped working yesterday.');
  await page.click('dialog [data-form=escalate] [type=submit]');
  await page.click('[data-show=it]');
  await take(page, 'it', newest(page, 'it', 'nordwind.example', 'first'));
} finally {
  await browser.close();
  demo.stop();
}
