/** A link is good for its own notice, its own check and the browser that used it. */
import { afterEach, describe, expect, test } from 'vitest';
import { found, until } from '../bot/stage.ts';
import { finding, loginPossible, servers } from '../conversation/fixtures.ts';
import { changeServers, newBrowser } from './login-client.ts';
import { type LoginStage, openLoginStage, worked } from './login-stage.ts';

let stage: LoginStage;
afterEach(() => stage.close());

/** Counts the logins; each ends when it is let. */
const heldLogin = () => {
  const { promise: go, resolve } = Promise.withResolvers<void>();
  const hosts: string[] = [];
  return {
    hosts,
    let: resolve,
    tryLogin: async () => {
      hosts.push('login');
      await go;
      return worked();
    },
  };
};
const others = { ...servers, imapHost: 'imap.anders.example', smtpHost: 'smtp.anders.example' } as Record<
  string,
  string
>;

describe('a password', () => {
  test('given other servers since, when a page that shows the first ones is submitted, then nobody is logged in to', async () => {
    const held = heldLogin();
    stage = await openLoginStage(held);
    const token = await stage.askForLink();
    const browser = newBrowser(stage);
    expect((await browser.open(token)).answer.servers).toContainEqual({
      label: 'IMAP',
      value: 'imap.firma.example:993',
    });
    await changeServers(stage, others);
    const newer = await stage.askForLink();
    const submitted = await browser.submit(token);
    expect([submitted.status, submitted.answer.error]).toEqual([410, 'gone']);
    expect(held.hosts).toEqual([]);
    expect((await newBrowser(stage).open(newer)).answer.servers).toContainEqual({
      label: 'IMAP',
      value: 'imap.anders.example:993',
    });
  });

  test('given an older link, when it is submitted, then it is gone, and the newest one still works', async () => {
    const held = heldLogin();
    stage = await openLoginStage(held);
    const older = await stage.askForLink();
    const browser = newBrowser(stage);
    await browser.open(older);
    const renewed = await stage.askForLink();
    expect((await browser.submit(older)).status).toBe(410);
    expect(held.hosts).toEqual([]);
    expect((await browser.open(older)).status).toBe(410);
    await browser.open(renewed);
    expect((await browser.submit(renewed)).status).toBe(202);
    held.let();
  });

  test('given she checks the same servers once more, then the link before is gone, in the chat as well', async () => {
    stage = await openLoginStage();
    const token = await stage.askForLink();
    const report = stage.withButton('check-again');
    if (!report) return expect.fail('expected a report');
    await stage.rep.press(report, 'check-again');
    await until(() => expect(stage.linkMessages()[0]?.message.summary).toMatch(/gilt nicht mehr/u));
    const browser = newBrowser(stage);
    expect((await browser.open(token)).status).toBe(410);
    expect((await browser.submit(token)).status).toBe(410);
  });
});

describe('what came of it', () => {
  test('is shown to the browser that submitted, in every tab and after a reload, while it runs and afterwards', async () => {
    const held = heldLogin();
    stage = await openLoginStage(held);
    const token = await stage.askForLink();
    const hers = newBrowser(stage);
    await hers.open(token);
    expect((await hers.submit(token)).status).toBe(202);
    const again = await hers.open(token);
    expect([again.status, again.answer.type]).toEqual([200, 'submitted']);
    await until(async () => expect((await hers.progress(token)).answer).toMatchObject({ isOver: false }));
    held.let();
    await until(async () => expect((await hers.progress(token)).answer).toMatchObject({ isOver: true }));
    expect((await hers.open(token)).answer.type).toBe('submitted');
    expect(JSON.stringify((await hers.progress(token)).answer.blocks)).toContain('Ihr Konto ist bereit');
    // Her tab that still shows the form.
    expect((await hers.submit(token)).status).toBe(410);
    expect(held.hosts).toHaveLength(1);
  });

  test('is shown to no other browser that has the link, nor renewed for it', async () => {
    stage = await openLoginStage();
    const token = await stage.askForLink();
    const [hers, stranger] = [newBrowser(stage), newBrowser(stage)];
    await stranger.open(token);
    await hers.open(token);
    expect((await hers.submit(token)).status).toBe(202);
    await until(() => expect(stage.recorder.words('person').at(-1)).toMatch(/^Ihr Konto ist bereit/u));
    const opened = await stranger.open(token);
    expect([opened.status, opened.answer.canRenew]).toEqual([410, false]);
    expect(JSON.stringify(opened.answer)).not.toContain('firma.example');
    const progress = await stranger.progress(token);
    expect([progress.status, progress.answer]).toEqual([403, { error: 'forbidden' }]);
    const before = stage.linkMessages().length;
    expect((await stranger.renew(token)).answer).toEqual({ isSent: false });
    expect(stage.linkMessages()).toHaveLength(before);
    expect((await hers.renew(token)).answer).toEqual({ isSent: true });
    expect(stage.refusals).toContain('login bad-session');
  });

  test('given a password that both servers refuse, then one text says so, and a new link is offered', async () => {
    const refused = (['imap', 'smtp'] as const).map((service) =>
      finding('login-accepted', 'wrong-credentials', { service, evidence: { reply: `${service} says no` } }),
    );
    stage = await openLoginStage({
      tryLogin: async () =>
        found({
          ...loginPossible,
          verdict: 'blocked',
          loginTested: true,
          findings: [...loginPossible.findings, ...refused],
        }),
    });
    const token = await stage.askForLink();
    const hers = newBrowser(stage);
    await hers.open(token);
    await hers.submit(token);
    await until(async () => expect((await hers.progress(token)).answer).toMatchObject({ isOver: true }));
    const { answer } = await hers.progress(token);
    const told = (answer.blocks as { type: string; title: string }[]).filter(
      ({ type }) => type === 'finding',
    );
    expect(told.map(({ title }) => title)).toEqual(['Beide Server lehnen Benutzername oder Passwort ab']);
    expect(JSON.stringify(told)).toContain('imap says no');
    expect(JSON.stringify(told)).toContain('smtp says no');
    expect(answer.canRenew).toBe(true);
    const before = stage.linkMessages().length;
    expect((await hers.renew(token)).answer).toEqual({ isSent: true });
    await until(() => expect(stage.linkMessages()).toHaveLength(before + 1));
    // Once: whoever keeps an old link can neither fill her chat nor take her newest link away.
    for (let asked = 0; asked < 5; asked += 1)
      expect((await hers.renew(token)).answer).toEqual({ isSent: false });
    expect(stage.linkMessages()).toHaveLength(before + 1);
    await hers.open(stage.newestToken());
    expect((await hers.submit(stage.newestToken())).status).toBe(202);
  });

  test('given another process meanwhile, then it knows as much', async () => {
    const held = heldLogin();
    stage = await openLoginStage(held);
    const token = await stage.askForLink();
    const hers = newBrowser(stage);
    await hers.open(token);
    await hers.submit(token);
    held.let();
    await until(() => expect(stage.recorder.words('person').at(-1)).toMatch(/^Ihr Konto ist bereit/u));
    await stage.restart();
    expect((await hers.open(token)).answer.type).toBe('submitted');
    expect(JSON.stringify((await hers.progress(token)).answer.blocks)).toContain('Ihr Konto ist bereit');
  });
});
