/** The product as its users have it: a process of its own, and what a person does with its page. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { startedAt } from './start-line.ts';

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const readyMs = 15_000;

/** What the tests may reach besides the public internet. */
export const loopback = {
  CHECK_ALLOW_NETWORKS: '127.0.0.0/8',
  CHECK_ALLOW_PORTS: '1024-65535',
  LOG_LEVEL: 'error',
};

type Env = Readonly<Record<string, string>>;
type Exit = { code: number | null; signal: NodeJS.Signals | null };
export type Running = { url: string; stop(): Promise<void> };
export type Product = Running & {
  pid: number;
  /** All that it has said so far. */
  said(): string;
  /** Resolves with how the process ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit>;
};

/** `folder`: where it is started, and looks for `.env`; not the project's, whose `.env` is its developer's. */
type SmallDisk = { path: string; megabytes: number };

/** With a disk: mounted for this process alone, where it keeps its data. */
const commandOn = (disk: SmallDisk | undefined): [string, string[]] => {
  if (!disk) return [process.execPath, [main]];
  const mount = 'mount -t tmpfs -o size=$1m,mode=700 tmpfs "$2"; shift 2; exec "$@"';
  const given = [String(disk.megabytes), disk.path, process.execPath, main];
  return ['unshare', ['-m', 'sh', '-c', mount, 'sh', ...given]];
};

const launch = (env: Env, folder = tmpdir(), disk?: SmallDisk) => {
  const [command, args] = commandOn(disk);
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const closed: Promise<Exit> = once(child, 'close').then(() => ({
    code: child.exitCode,
    signal: child.signalCode,
  }));
  return { child, said, closed };
};

/** The folder that it is started in, and the small disk that it finds there. */
type Where = { folder?: string; disk?: SmallDisk };

/** Starts the product and waits for its start line. Throws with what it has said when it ends instead. */
export const startProduct = async (env: Env, { folder, disk }: Where = {}): Promise<Product> => {
  const { child, said, closed } = launch(env, folder, disk);
  let over = false;
  void closed.then(() => {
    over = true;
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit> => {
    if (!over) child.kill(signal);
    return closed;
  };
  const deadline = Date.now() + readyMs;
  for (;;) {
    const url = startedAt(said.out);
    if (url !== undefined)
      return {
        ...{ url, pid: child.pid ?? 0, said: () => said.out + said.err, end },
        stop: async () => void (await end('SIGKILL')),
      };
    if (over || Date.now() > deadline) {
      await end('SIGKILL');
      throw new Error(`the product did not start: ${said.out}${said.err}`);
    }
    await sleep(10);
  }
};

/** The whole product within this process: for journeys in which it neither dies nor tells the operator anything. */
export const startWithin = (env: Env): Promise<Running> =>
  startApp(readConfig({ PORT: '0', ...env, LOG_LEVEL: 'silent' }));

/** A start that is expected to fail: how it ends, and what it says. */
export const failToStart = async (
  env: Env,
  folder?: string,
): Promise<{ code: number | null; out: string; err: string }> => {
  const { child, said, closed } = launch(env, folder);
  const patience = setTimeout(() => child.kill('SIGKILL'), readyMs);
  const { code } = await closed;
  clearTimeout(patience);
  return { code, ...said };
};

type FormName = 'address' | 'servers' | 'escalate';
const form = (page: Page, name: FormName): Locator => page.locator(`dialog [data-form=${name}]`);

const isRadio = (values: Locator) => values.first().evaluate((one) => one.getAttribute('type') === 'radio');

/** Types into the fields that are named and leaves the others as they are. */
export const fill = async (page: Page, name: FormName, values: Env): Promise<void> => {
  await form(page, name).waitFor();
  for (const [field, value] of Object.entries(values)) {
    const control = form(page, name).locator(`[name=${field}]`);
    if (await isRadio(control)) await control.and(page.locator(`[value=${value}]`)).check();
    else await control.fill(value);
  }
};

export const submit = (page: Page, name: FormName): Promise<void> =>
  form(page, name).locator('[type=submit]').click();

/** What stands in the form now. */
export const typed = async (page: Page, name: FormName, fields: readonly string[]): Promise<Env> => {
  const read = fields.map(async (field): Promise<[string, string]> => {
    const control = form(page, name).locator(`[name=${field}]`);
    const chosen = (await isRadio(control)) ? control.and(page.locator(':checked')) : control;
    return [field, await chosen.inputValue()];
  });
  return Object.fromEntries(await Promise.all(read));
};

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

const german = {
  noAt: 'In der Adresse fehlt das @-Zeichen.',
  scheme: 'Bitte ohne „imaps://“, nur den Namen: 127.0.0.1',
  port: 'Der Port liegt zwischen 1 und 65535.',
  running: 'Wir prüfen die Mailserver für rep@example.test',
  steps: [
    'nicht erfüllt: IMAP: Verbindung',
    'noch nicht geprüft: IMAP: Anmeldung',
    'in Ordnung: SMTP: Verbindung',
    'noch nicht geprüft: SMTP: Anmeldung',
    'noch nicht geprüft: Test-E-Mail',
  ],
  blocked: 'So lässt sich das Konto nicht verbinden: Eine Anforderung ist nicht erfüllt.',
  tlsTitle: 'Der IMAP-Server beherrscht nur TLS 1.0',
  tlsRemedy: 'Die IT schaltet am IMAP-Server TLS 1.2 ein, möglichst auch TLS 1.3.',
  ready: 'Der Server erfüllt alle Anforderungen. Ihre Anmeldung haben wir noch nicht geprüft.',
  tooLong: 'Der Text ist 10000 Zeichen lang. Möglich sind 3000. Bitte kürzen Sie ihn.',
  handedOver: 'Ihre IT hat den Fall bekommen. Sobald sich etwas tut, melden wir uns hier.',
  rootHeading: 'Anna Beck kann ein E-Mail-Konto nicht mit HubSpot verbinden',
  rootOpen: 'Offen. Noch hat niemand den Fall übernommen.',
  rootClaimed: 'Jonas Kern hat den Fall übernommen.',
  rootResolved: 'Erledigt, gemeldet von Jonas Kern. Anna Beck ist gebeten, noch einmal zu prüfen.',
  reportClaimed: 'Ihre IT kümmert sich: Jonas Kern.',
  reportResolved: 'Jonas Kern hat den Fall als erledigt gemeldet.',
  resolved:
    'Jonas Kern hat den Fall als erledigt gemeldet. Bitte prüfen Sie noch einmal, ob nun alles erfüllt ist.',
  status: 'So steht es',
};

const english: typeof german = {
  noAt: 'The @ sign is missing.',
  scheme: 'Please leave out “imaps://”, only the name: 127.0.0.1',
  port: 'The port is between 1 and 65535.',
  running: 'We are checking the mail servers for rep@example.test',
  steps: [
    'not met: IMAP: connection',
    'not checked yet: IMAP: login',
    'fine: SMTP: connection',
    'not checked yet: SMTP: login',
    'not checked yet: Test e-mail',
  ],
  blocked: 'The account cannot be connected like this: one requirement is not met.',
  tlsTitle: 'The IMAP server knows only TLS 1.0',
  tlsRemedy: 'IT switches on TLS 1.2 on the IMAP server, and TLS 1.3 too if possible.',
  ready: 'The server meets all requirements. We have not tested your login yet.',
  tooLong: 'The text is 10000 characters long. The limit is 3000. Please shorten it.',
  handedOver: 'Your IT team has received the case. We will tell you here as soon as something happens.',
  rootHeading: 'Anna Beck cannot connect an e-mail account to HubSpot',
  rootOpen: 'Open. Nobody has taken the case yet.',
  rootClaimed: 'Jonas Kern has taken the case.',
  rootResolved: 'Marked as resolved by Jonas Kern. Anna Beck has been asked to check again.',
  reportClaimed: 'Your IT team is working on it: Jonas Kern.',
  reportResolved: 'Jonas Kern has marked the case as resolved.',
  resolved:
    'Jonas Kern has marked the case as resolved. Please check again to see whether everything is met now.',
  status: 'How things stand',
};

export const variants = [
  { language: 'de', tag: 'de-DE', width: 1280, height: 860, words: german },
  { language: 'en', tag: 'en-US', width: 390, height: 844, words: english },
];
