/** A test mail that she agrees to: by nobody else, one at a time, for as long as its page is open, and never without a word. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { RehearsalOrder } from '../../src/bot/ports.ts';
import { doing, startBot, until } from '../bot/stage.ts';
import { omar, servers } from '../conversation/fixtures.ts';
import { newBrowser } from './login-client.ts';
import { type LoginStage, openLoginStage, worked } from './login-stage.ts';

let stage: LoginStage;
afterEach(() => stage.close());

const agreed = { sendTestMail: true };
const canary = 'Kanarienvogel-singt-4711';
const ready = /^Ihr Konto ist bereit/u;
const mayLie = /In anna@firma\.example liegt vielleicht noch unsere Testmail/u;

const words = (): string => JSON.stringify(stage.recorder.at('person').map(({ message }) => message));
const newest = (): string => stage.recorder.words('person').at(-1) ?? '';
const newestCheck = async () =>
  (await stage.store.latestOf({ platform: 'recording', id: 'U1' }))?.conversation.checks.at(-1);

/** Opens the page of a new link and sends the password. */
const submit = async (more: object, password = canary) => {
  const token = await stage.askForLink();
  const browser = newBrowser(stage);
  const { answer } = await browser.open(token);
  return { ...browser, token, opened: answer, sent: await browser.submit(token, password, more) };
};

/** A rehearsal that ends when it is told to, and that hears when nobody wants it any more. */
const heldBack = () => {
  const { promise: go, resolve: end } = Promise.withResolvers<void>();
  const given: (RehearsalOrder | undefined)[] = [];
  return {
    end,
    given,
    tryLogin: async (
      _secret: unknown,
      signal: AbortSignal,
      { rehearsal }: { rehearsal?: RehearsalOrder },
    ) => {
      given.push(rehearsal);
      const called = [signal, ...(rehearsal ? [rehearsal.cancelled] : [])];
      await Promise.race([
        go,
        new Promise((resolve) => AbortSignal.any(called).addEventListener('abort', resolve)),
      ]);
      return { ...worked(), rehearsedMs: rehearsal ? 1200 : null };
    },
  };
};

describe('the box', () => {
  test('is offered with all that is done, and counts only where it was ticked', async () => {
    const { given, tryLogin, end } = heldBack();
    end();
    stage = await openLoginStage({ tryLogin, rehearsal: { patienceMs: 7000 } });
    const without = await submit({});
    expect(without.opened.testMail).toMatch(/von anna@firma\.example an dieselbe Adresse.*7 Sekunden/u);
    await until(() => expect(newest()).toMatch(ready));
    expect((await newestCheck())?.rehearsal).toBeUndefined();
    const withIt = await submit(agreed);
    expect(withIt.sent.status).toBe(202);
    await until(async () =>
      expect(await newestCheck()).toMatchObject({ state: 'finished', rehearsal: 'held' }),
    );
    expect(given.map((one) => one?.patienceMs)).toEqual([undefined, 7000]);
    expect((await withIt.progress(withIt.token)).answer).toMatchObject({ hasTestMail: true, isOver: true });
    expect((await without.progress(without.token)).answer).toMatchObject({ hasTestMail: false });
  });

  test('given an operator who wants none, then it is not offered, and nothing is sent whoever asks', async () => {
    const { given, tryLogin, end } = heldBack();
    end();
    stage = await openLoginStage({ tryLogin, rehearsal: null });
    const { opened, sent } = await submit(agreed);
    expect([opened.testMail, sent.status]).toEqual([null, 202]);
    await until(() => expect(newest()).toMatch(ready));
    expect(given).toEqual([undefined]);
    expect((await newestCheck())?.rehearsal).toBeUndefined();
  });

  test.each(['yes', 1, null, {}])(
    'given %j instead of yes or no, then nothing is taken',
    async (sendTestMail) => {
      stage = await openLoginStage();
      expect((await submit({ sendTestMail })).sent.status).toBe(400);
    },
  );
});

describe('two at once for one account', () => {
  const same = { ...servers, username: 'anna@firma.example' } as Record<string, string>;
  const other = { ...same, username: 'omar@firma.example' };

  test('the second is told so and keeps her link; without a test mail, or later, it goes on', async () => {
    const { tryLogin, end } = heldBack();
    stage = await openLoginStage({ tryLogin });
    expect((await submit(agreed)).sent.status).toBe(202);
    const her = await openAs(same);
    const second = await her.submit(her.token, canary, agreed);
    expect([second.status, second.answer.error]).toEqual([409, 'rehearsing']);
    expect((await her.open(her.token)).answer.type).toBe('open');
    end();
    await until(async () => expect((await newestCheck())?.state).toBe('finished'));
    expect((await her.submit(her.token, canary, agreed)).status).toBe(202);
  });

  test('another account of the same server does not wait, nor does a login without a test mail', async () => {
    const { tryLogin, end } = heldBack();
    stage = await openLoginStage({ tryLogin });
    expect((await submit(agreed)).sent.status).toBe(202);
    const his = await openAs(other);
    expect((await his.submit(his.token, canary, agreed)).status).toBe(202);
    end();
  });

  /** Omar goes to the page for a login name of his choice. */
  const openAs = async (typed: Record<string, string>) => {
    const rep = doing(stage.bot, omar);
    const form = await rep.command('');
    const next = await rep.submit('address', form?.context ?? '', { address: 'omar@firma.example' });
    await rep.submit('servers', next?.type === 'form' ? next.form.context : '', typed);
    const token = await stage.askForLink(omar);
    const browser = newBrowser(stage);
    await browser.open(token);
    return { ...browser, token };
  };
});

describe('a page that is closed', () => {
  test('calls it off after a moment, and the report says so and shows what was seen', async () => {
    const { tryLogin } = heldBack();
    stage = await openLoginStage({ tryLogin, worker: { leaveMs: 200 } });
    const { leave, token } = await submit(agreed);
    await until(async () => expect(newest()).toMatch(/^Wir prüfen/u));
    expect((await leave(token)).status).toBe(204);
    await until(async () => expect((await newestCheck())?.rehearsal).toBe('cancelled'));
    await until(() => expect(newest()).toMatch(ready));
    expect(words()).toContain('Die Seite mit der Anmeldung wurde geschlossen');
  });

  test('and is there again in time, then it goes on: so it is with a reload and with a second tab', async () => {
    const { tryLogin, end } = heldBack();
    stage = await openLoginStage({ tryLogin, worker: { leaveMs: 300 } });
    const { leave, token, open, progress } = await submit(agreed);
    await leave(token);
    await open(token);
    await sleep(500);
    await leave(token);
    await progress(token);
    await sleep(500);
    end();
    await until(async () => expect((await newestCheck())?.rehearsal).toBe('held'));
    expect(words()).not.toContain('wurde geschlossen');
  });

  test('of another browser changes nothing, nor does one without a test mail', async () => {
    const { tryLogin, end } = heldBack();
    stage = await openLoginStage({ tryLogin, worker: { leaveMs: 50 } });
    const { token } = await submit(agreed);
    const stranger = newBrowser(stage);
    await stranger.open(token);
    await stranger.leave(token);
    await sleep(300);
    expect((await newestCheck())?.state).toBe('running');
    end();
    await until(async () => expect((await newestCheck())?.rehearsal).toBe('held'));
    const plain = heldBack();
    await stage.close();
    stage = await openLoginStage({ tryLogin: plain.tryLogin, worker: { leaveMs: 50 } });
    const { leave, token: other } = await submit({});
    await leave(other);
    await sleep(300);
    expect((await newestCheck())?.state).toBe('running');
    plain.end();
  });
});

describe('its time', () => {
  const worker = { loginMs: 300, rehearsalMs: 5000 };

  test('is longer than that of a login, whose own end stays where it was', async () => {
    const { tryLogin, end } = heldBack();
    stage = await openLoginStage({ tryLogin, worker });
    await submit(agreed);
    await sleep(900);
    expect((await newestCheck())?.state).toBe('running');
    end();
    await until(async () => expect((await newestCheck())?.rehearsal).toBe('held'));
    await stage.close();
    const plain = heldBack();
    stage = await openLoginStage({ tryLogin: plain.tryLogin, worker });
    await submit({});
    await until(async () => expect((await newestCheck())?.state).toBe('failed'));
  });
});

describe('a mail of ours that may still lie there', () => {
  const sending = { header: 'd3b07384', phase: 'sending' } as const;
  const cleared = { header: 'd3b07384', phase: 'cleared' } as const;
  /** Sends, and waits for ever unless it is called off; then clears up if it can. */
  const never =
    (canClear: boolean) =>
    async (_secret: unknown, signal: AbortSignal, given: { rehearsal?: RehearsalOrder }) => {
      await given.rehearsal?.onTestMail(sending);
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      if (canClear) await given.rehearsal?.onTestMail(cleared);
      return worked();
    };
  const isNoted = () => until(async () => expect((await newestCheck())?.testMail).toBe(sending.header));

  test('is told after the process has died, once, with its subject and where to look; the password is nowhere', async () => {
    stage = await openLoginStage({ tryLogin: never(false) });
    await submit(agreed);
    await isNoted();
    const hour = 60 * 60_000;
    const clock = { now: () => Date.now() + hour };
    const next = startBot(stage.store, stage.recorder, { clock });
    await until(() => expect(words()).toMatch(mayLie));
    await next.stop();
    const again = startBot(stage.store, stage.recorder, { clock });
    await until(async () => expect((await stage.store.counts(Date.now())).waiting).toEqual({}));
    await again.stop();
    expect(words().match(new RegExp(mayLie, 'gu'))).toHaveLength(1);
    expect(words()).toMatch(/Betreff „[^“]+“: im Posteingang, im Spam-Ordner oder in „Gesendet“/u);
    expect(`${words()} ${await stage.onDisk()}`).not.toContain(canary);
  });

  test('is told where the process was stopped and could not clear up; where it could, nothing is said', async () => {
    for (const canClear of [false, true]) {
      stage = await openLoginStage({ tryLogin: never(canClear) });
      await submit(agreed);
      await isNoted();
      await stage.bot.stop();
      startBot(stage.store, stage.recorder);
      await until(() => expect(newest()).toMatch(/Fehler von uns/u));
      if (canClear) expect(words()).not.toMatch(mayLie);
      else expect(words()).toMatch(mayLie);
      if (!canClear) await stage.close();
    }
  });

  test('stands in the report where the check has ended and it was not found again', async () => {
    stage = await openLoginStage({
      tryLogin: async (_secret, _signal, { rehearsal }) => {
        await rehearsal?.onTestMail(sending);
        return { ...worked(), rehearsedMs: 1200 };
      },
    });
    await submit(agreed);
    await until(() => expect(newest()).toMatch(ready));
    expect(words()).toMatch(mayLie);
  });

  test('is not spoken of where it was cleared away', async () => {
    stage = await openLoginStage({
      tryLogin: async (_secret, _signal, { rehearsal }) => {
        await rehearsal?.onTestMail(sending);
        await rehearsal?.onTestMail(cleared);
        return { ...worked(), rehearsedMs: 1200 };
      },
    });
    await submit(agreed);
    await until(() => expect(newest()).toMatch(ready));
    expect((await newestCheck())?.testMail).toBeNull();
    expect(words()).not.toMatch(mayLie);
  });
});
