/** What the bot loads: little to start, imapflow and nodemailer only for a login, and the rehearsal not even then. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Browser, startBrowser } from '../adapters/browser.ts';
import { type Certificate, REP, scope, startMailbox } from '../mail-servers/index.ts';
import { until } from '../support/until.ts';
import { slack } from './rigs/slack.ts';
import { giveAddress, type Message, type Stage } from './stage.ts';
import { sendPassword } from './test-mail-page.ts';

const servers = scope();
let browser: Browser;
let certificate: Certificate;
let caFile: string;
let prepared: Awaited<ReturnType<typeof slack.prepare>>;
let stage: Stage;
beforeAll(async () => {
  const authority = await servers.authority();
  caFile = authority.caFile;
  certificate = await authority.issue();
  browser = await startBrowser();
  prepared = await slack.prepare();
});
afterEach(() => stage.close());
afterAll(async () => {
  await browser?.close();
  await prepared?.close();
  await servers.stop();
});

/** Writes down every module that the process or a thread of it loads, one a line. */
const spy = (file: string) =>
  `data:text/javascript,${encodeURIComponent(`
  import { appendFileSync } from 'node:fs';
  import { registerHooks } from 'node:module';
  registerHooks({
    load: (url, context, next) => {
      appendFileSync(${JSON.stringify(file)}, url + '\\n');
      return next(url, context);
    },
  });
`)}`;

/** What a start does without. The file of authorities that this one has is read at once, by `look.ts`. */
const later = /\/(prom-client|src\/(telemetry\/figures|bot\/login\/door|web\/login\/index|probe\/\w+)\.ts)/u;

test('given a bot that has checked an account, it loads the libraries only when she logs in', async () => {
  const file = join(await servers.folder(), 'loaded');
  const loaded = async (): Promise<string[]> => {
    const found = [
      ...(await readFile(file, 'utf8')).matchAll(/\/(imapflow|nodemailer|mailbox\/rehearsal)\b/gu),
    ];
    return [...new Set(found.map(([, name = '']) => name))].toSorted();
  };
  const { imap, smtp } = await servers.start(startMailbox({ certificate }));
  const env = { CHECK_CA_FILE: caFile, NODE_OPTIONS: `--import=${spy(file)}` };
  stage = await prepared.open({ env, locale: 'en', process: 'own' });
  const atStart = (await readFile(file, 'utf8')).split('\n');
  expect(atStart.some((url) => url.endsWith('/src/bot/index.ts'))).toBe(true);
  expect(atStart.filter((url) => later.test(url))).toEqual([]);

  const { anna } = stage;
  const form = await giveAddress(anna);
  await form.submit({
    ...{ imapHost: '127.0.0.1', imapPort: String(imap.imapsPort), imapEncryption: 'tls' },
    ...{ smtpHost: '127.0.0.1', smtpPort: String(smtp.smtpsPort), smtpEncryption: 'tls' },
  });
  const report = await until(async (): Promise<Message> => {
    const newest = (await anna.chat()).at(-1);
    expect(newest?.buttons).toContain('test-login');
    return newest ?? expect.fail('no report');
  });
  const sinceThen = await readFile(file, 'utf8');
  for (const one of ['/src/look.ts', '/src/probe/diagnose.ts', '/prom-client/'])
    expect(sinceThen).toContain(one);
  expect(sinceThen).not.toContain('/src/bot/login/door.ts');
  expect(await loaded()).toEqual([]);

  await anna.press(report, 'test-login');
  const how = { locale: 'en', width: 390, password: REP.password, sendTestMail: false } as const;
  const { reads } = await sendPassword(browser, await anna.link(), { ...how, name: 'libraries' });
  expect(await reads()).toContain('Your account is ready');
  expect(await loaded()).toEqual(['imapflow', 'nodemailer']);
});
