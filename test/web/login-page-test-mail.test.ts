/** The box on the login page in a real browser: what it says, what is seen and heard while the mail is on its way. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RehearsalOrder } from '../../src/bot/ports.ts';
import type { StepProgress } from '../../src/diagnosis/progress.ts';
import type { Locale } from '../../src/language.ts';
import { translator } from '../../src/wording/catalogue/catalogue.ts';
import { type Browser, startBrowser, type Visit } from '../adapters/browser.ts';
import { until } from '../bot/stage.ts';
import { picture } from '../journeys/preview-page.ts';
import { type LoginStage, type LoginTry, openLoginStage, worked } from './login-stage.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.close());

let stage: LoginStage;
let visit: Visit | null = null;
afterEach(async () => {
  const complaints = visit?.complaints ?? [];
  await visit?.[Symbol.asyncDispose]();
  visit = null;
  await stage.close();
  expect(complaints).toEqual([]);
});

/** As they are read aloud while they are under way. */
const stepsIn = (locale: Locale) => {
  const t = translator(locale);
  const running = (name: 'connections' | 'test-mail-sent' | 'test-mail-arrived'): string =>
    `${t(`views:step.${name}`)}: ${t('views:step-state.running')}`;
  return [running('connections'), running('test-mail-sent'), running('test-mail-arrived')] as const;
};

const german = {
  locale: 'de',
  tag: 'en-US',
  box: 'Testmail senden',
  what: /von anna@firma\.example an dieselbe Adresse, warten bis zu 20 Sekunden.*genau diese beiden Nachrichten.*fünf Verbindungen/u,
  note: /anderthalb Minuten länger, und so lange bleibt Ihr Passwort im Arbeitsspeicher/u,
  running: 'Wir testen die Anmeldung',
  keepOpen: /Lassen Sie diese Seite bitte offen/u,
  mayClose: /Sie können diese Seite auch schließen/u,
  steps: stepsIn('de'),
  ready: 'Ihr Konto ist bereit: Die Server erfüllen alle Anforderungen, und beide nehmen Ihre Anmeldung an.',
  busy: /läuft gerade schon ein Test mit Testmail/u,
  slow: /^Das dauert länger als erwartet/u,
  closed: 'Die Seite mit der Anmeldung wurde geschlossen',
} as const;
const english = {
  locale: 'en',
  tag: 'de-DE',
  box: 'Send a test mail',
  what: /from anna@firma\.example to the same address, wait up to 20 seconds.*exactly these two messages.*five connections/u,
  note: /minute and a half longer, and your password stays in memory for that long/u,
  running: "We're testing the login",
  keepOpen: /Please keep this page open/u,
  mayClose: /You can also close this page/u,
  steps: stepsIn('en'),
  ready: 'Your account is ready: the servers meet all requirements, and both accept your login.',
  busy: /already running for this mailbox/u,
  slow: /^This is taking longer than expected/u,
  closed: 'The login page was closed',
} as const;
/** Each language and each width once; the words are the same, and so is the page. */
const variants = [
  { words: german, width: 390 },
  { words: english, width: 1280 },
] as const;

const step = (name: StepProgress['step'], state: StepProgress['state']): StepProgress => ({
  step: name,
  state,
  milestones: [],
});
const logins = (['imap-connect', 'imap-login', 'smtp-connect', 'smtp-login'] as const).map((name) =>
  step(name, 'good'),
);
/** Each of the three, with what came before it. */
const stages: readonly StepProgress[][] = [
  [...logins, step('connections', 'running'), step('test-mail-sent', 'waiting')],
  [...logins, step('connections', 'good'), step('test-mail-sent', 'running')],
  [
    ...logins,
    step('connections', 'good'),
    step('test-mail-sent', 'good'),
    step('test-mail-arrived', 'running'),
  ],
];

/** A rehearsal that goes on when it is told to, and ends when nobody wants it any more. */
const onTheWay = () => {
  const orders: (RehearsalOrder | undefined)[] = [];
  const reached: PromiseWithResolvers<void>[] = stages.map(() => Promise.withResolvers());
  const tryLogin: LoginTry = async (_secret, signal, { rehearsal, onProgress }) => {
    orders.push(rehearsal);
    const calledOff = AbortSignal.any([signal, ...(rehearsal ? [rehearsal.cancelled] : [])]);
    const off = new Promise<void>((resolve) =>
      calledOff.addEventListener('abort', () => resolve(), { once: true }),
    );
    for (const [index, steps] of stages.entries()) {
      if (calledOff.aborted) break;
      onProgress(steps);
      await Promise.race([reached[index]?.promise, off]);
    }
    return { ...worked(), rehearsedMs: rehearsal ? 900 : null };
  };
  return { orders, tryLogin, goOn: (index: number) => reached[index]?.resolve() };
};

describe.each(variants)('in $words.locale, $width pixels wide', ({ words, width }) => {
  const shot = (name: string) =>
    visit ? picture(visit.page, `login-mail-${name}-${words.locale}-${width}`) : Promise.resolve();
  /** The browser speaks another language than she does: the page follows her. */
  const open = async (tryLogin: LoginTry, more: Parameters<typeof openLoginStage>[0] = {}) => {
    stage = await openLoginStage({ locale: words.locale, tryLogin, ...more });
    visit = await browser.visit(`${stage.url}/login#${await stage.askForLink()}`, {
      locale: words.tag,
      width,
    });
    await visit.page.locator('form').waitFor();
    return visit.page;
  };
  const box = () => visit?.page.getByRole('checkbox', { name: words.box }) ?? expect.fail('no page');
  const submit = async (password = 'kranich-ruht-17') => {
    await visit?.page.fill('#password', password);
    await visit?.page.keyboard.press('Enter');
  };
  const nothingSideways = async () => {
    const isWide = await visit?.page.evaluate('document.documentElement.scrollWidth > innerWidth');
    expect(isWide).toBe(false);
  };
  const newestCheck = async () =>
    (await stage.store.latestOf({ platform: 'recording', id: 'U1' }))?.conversation.checks.at(-1);

  test('the box is not ticked, and says by name and description what is done', async () => {
    const { orders, tryLogin, goOn } = onTheWay();
    for (const index of stages.keys()) goOn(index);
    const page = await open(tryLogin);
    expect(await box().isChecked()).toBe(false);
    const described = (await box().getAttribute('aria-describedby'))?.split(' ') ?? [];
    const texts = await Promise.all(described.map((id) => page.locator(`#${id}`).textContent()));
    expect(texts[0]).toMatch(words.what);
    expect(texts[1]).toMatch(words.note);
    // Large enough for a finger, with its words.
    const size = await page.locator('#test-mail label').boundingBox();
    expect(size?.height).toBeGreaterThanOrEqual(44);
    await nothingSideways();
    await shot('form');
    await submit();
    await page.locator('#result h2').getByText(words.ready, { exact: true }).waitFor();
    expect(orders).toEqual([undefined]);
  });

  test('when she ticks it, then each step is seen and read aloud, and she is asked to keep the page open', async () => {
    const { orders, tryLogin, goOn } = onTheWay();
    const page = await open(tryLogin);
    // By keyboard alone: from the password past the other box.
    await page.locator('#password').focus();
    await page.keyboard.type('kranich-ruht-17');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await box().isChecked()).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: words.running }).waitFor();
    await page.locator('#after').getByText(words.keepOpen).waitFor();
    for (const [index, announced] of words.steps.entries()) {
      await page.locator('#announced').getByText(announced, { exact: true }).waitFor();
      await page
        .locator('#result li')
        .getByText(announced.split(': ')[1] ?? '')
        .waitFor();
      if (index === 1) await shot('running');
      if (index === 1) {
        // A page that is loaded again is no page that was closed.
        await page.reload();
        await page.locator('#after').getByText(words.keepOpen).waitFor();
      }
      goOn(index);
    }
    await page.locator('#result h2').getByText(words.ready, { exact: true }).waitFor();
    expect(await page.locator('#announced').textContent()).toBe('');
    expect(await page.getAttribute('#announced', 'role')).toBe('status');
    expect(orders.map((order) => order?.patienceMs)).toEqual([20_000]);
    expect(await newestCheck()).toMatchObject({ state: 'finished', rehearsal: 'held' });
    expect(await page.content()).not.toContain('kranich');
    await nothingSideways();
    await shot('result');
  });

  test('when she closes the page meanwhile, then it is called off, and the chat says so', async () => {
    const { tryLogin } = onTheWay();
    const page = await open(tryLogin, { worker: { leaveMs: 1500 } });
    await box().check();
    await submit();
    await page.locator('#announced').getByText(words.steps[0], { exact: true }).waitFor();
    await page.close();
    await until(async () => expect((await newestCheck())?.rehearsal).toBe('cancelled'));
    const said = () => JSON.stringify(stage.recorder.at('person').map(({ message }) => message));
    await until(() => expect(said()).toContain(words.closed));
  });

  test('given an operator who wants none, then there is no box', async () => {
    const { tryLogin } = onTheWay();
    const page = await open(tryLogin, { rehearsal: null });
    expect(await box().count()).toBe(0);
    expect(await page.locator('#test-mail').isVisible()).toBe(false);
    await submit();
    await page.locator('#after').getByText(words.mayClose).waitFor();
  });

  test('given one under way for the same account, then she reads so, and the page is as good as before', async () => {
    const { tryLogin } = onTheWay();
    const page = await open(tryLogin);
    const account = ['imap.firma.example', 'smtp.firma.example'].map((host) => `${host}|anna@firma.example`);
    for (const one of account) await stage.store.beginOnce(`rehearsal/${one}`, Date.now() + 60_000);
    await box().check();
    await submit();
    await page.locator('#trouble').getByText(words.busy).waitFor();
    expect(await box().isChecked()).toBe(true);
    expect(await page.getAttribute('#password', 'aria-invalid')).toBe('false');
    await nothingSideways();
    await shot('busy');
    await box().uncheck();
    await submit();
    await page.getByRole('heading', { name: words.running }).waitFor();
  });

  test('given a mail that takes its time, then it is not called slow before its own end', async () => {
    const { tryLogin, goOn } = onTheWay();
    const page = await open(tryLogin);
    await page.clock.install();
    await box().check();
    await submit();
    await page.locator('#after').getByText(words.keepOpen).waitFor();
    await page.clock.fastForward(60_000);
    await page.locator('#after').getByText(words.keepOpen).waitFor();
    await page.clock.fastForward(75_000);
    await page.locator('#after').getByText(words.slow).waitFor();
    for (const index of stages.keys()) goOn(index);
    await page.locator('#result h2').getByText(words.ready, { exact: true }).waitFor();
  });
});
