/** Whom a password is typed for, whose servers get it, and how often they are tried. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Secret } from '../../src/secret.ts';
import { until } from '../bot/stage.ts';
import { loginPossible, omar, servers } from '../conversation/fixtures.ts';
import { changeServers, newBrowser, tryAs } from './login-client.ts';
import { type LoginStage, openLoginStage, worked } from './login-stage.ts';

let stage: LoginStage;
afterEach(() => stage.close());

const words = {
  de: {
    asker: 'Anna Vogt hat diesen Test im Chat angefordert.',
    foreign: /keinen Zusammenhang zwischen imap\.firma\.example und firma\.example/u,
    refused: /für solche Server ist der Test/u,
  },
  en: {
    asker: 'Anna Vogt asked for this test in the chat.',
    foreign: /no connection between imap\.firma\.example and firma\.example/u,
    refused: /switched off (?:here )?for such servers/u,
  },
} as const;

describe.each(['de', 'en'] as const)('in %s', (locale) => {
  test('the page says who asked, and nothing of servers that belong to the address', async () => {
    stage = await openLoginStage({ locale });
    const { answer } = await newBrowser(stage).open(await stage.askForLink());
    expect(answer).toMatchObject({ type: 'open', asker: words[locale].asker, foreign: null });
  });

  test('given a server that nothing connects with the address, then the page names it and warns, and the test goes on', async () => {
    stage = await openLoginStage({ locale, foreign: ['imap'] });
    const token = await stage.askForLink();
    const browser = newBrowser(stage);
    const { answer } = await browser.open(token);
    expect(answer.foreign).toMatch(words[locale].foreign);
    expect(answer.foreign).not.toContain('smtp.firma.example');
    expect((await browser.submit(token)).status).toBe(202);
  });

  test('given an operator who refuses such servers, then the report says so and offers no test, and no link is to be had', async () => {
    let logins = 0;
    stage = await openLoginStage({
      locale,
      foreign: ['imap', 'smtp'],
      refusesForeignServers: true,
      tryLogin: async () => {
        logins += 1;
        return worked();
      },
    });
    const report = stage.withButton('edit');
    expect(report?.buttons.map(({ action }) => action)).not.toContain('test-login');
    const said = JSON.stringify(report?.blocks);
    expect(said).toMatch(words[locale].refused);
    expect(said).toContain('LOGIN_FOREIGN_SERVERS');
    expect(logins).toBe(0);
  });
});

test('given a link from before the operator refused such servers, then the page says so, who can change it, and takes no password', async () => {
  stage = await openLoginStage({ foreign: ['imap'] });
  const token = await stage.askForLink();
  const browser = newBrowser(stage);
  await browser.open(token);
  await stage.restart({ refuses: true });
  const opened = await browser.open(token);
  expect(opened.answer).toMatchObject({ type: 'not-allowed' });
  expect(opened.answer.foreign).toMatch(words.de.refused);
  expect((await browser.submit(token)).status).toBe(410);
});

test('given a name that turns the writing around, then the page shows it without', async () => {
  stage = await openLoginStage({ name: 'Ann\u202Ea \u0000Vogt\nIT' });
  const { answer } = await newBrowser(stage).open(await stage.askForLink());
  expect(answer.asker).toBe('Ann a Vogt IT hat diesen Test im Chat angefordert.');
});

test('given a check that has seen certificates, then the login is held to those, and the password is let go of when it is over', async () => {
  const seen: object[] = [];
  const secrets: Secret[] = [];
  const certificate = {
    ...{ subject: 'CN=imap.firma.example', issuer: 'CN=imap.firma.example', names: ['imap.firma.example'] },
    ...{ notBefore: 0, notAfter: 1, key: 'RSA 2048', signature: 'sha256', fingerprint256: 'AA:01' },
  };
  stage = await openLoginStage({
    seen: {
      ...loginPossible,
      servers: [{ service: 'imap', software: null, versions: [], certificates: [certificate] }],
    },
    tryLogin: async (secret, _signal, { pinned = {} }) => {
      seen.push(pinned);
      secrets.push(secret);
      expect(secret.reveal()).toBe('kranich-ruht-17');
      return worked();
    },
  });
  const token = await stage.askForLink();
  const browser = newBrowser(stage);
  await browser.open(token);
  expect((await browser.submit(token)).status).toBe(202);
  await until(() => expect(stage.recorder.words('person').at(-1)).toMatch(/^Ihr Konto ist bereit/u));
  expect(seen).toEqual([{ imap: 'AA:01' }]);
  await until(() => expect(() => secrets[0]?.reveal()).toThrow('expected a secret that is still known'));
});

describe('three login tests in any hour', () => {
  const hosts = (n: number) =>
    ({
      ...servers,
      imapHost: `imap${n}.firma.example`,
      smtpHost: `smtp${n}.firma.example`,
      username: 'vogt',
    }) as Record<string, string>;
  const tryOnce = async (): Promise<number> => {
    const token = await stage.askForLink();
    const browser = newBrowser(stage);
    await browser.open(token);
    return (await browser.submit(token)).status;
  };
  const isOver = () =>
    until(() => expect(stage.recorder.words('person').at(-1)).toMatch(/^Ihr Konto ist bereit/u));

  test('stay three, whatever names her server is given', async () => {
    stage = await openLoginStage();
    const statuses: number[] = [];
    for (const n of [1, 2, 3, 4, 5]) {
      await changeServers(stage, hosts(n));
      const status = await tryOnce();
      statuses.push(status);
      if (status === 202) await isOver();
    }
    expect(statuses).toEqual([202, 202, 202, 429, 429]);
    expect(stage.refusals).toEqual(['login too-many', 'login too-many']);
  });

  test('stay three for one account of one server, whoever tries it by whatever name', async () => {
    stage = await openLoginStage({ addressesOf: async () => ['192.0.2.25'] });
    for (const n of [1, 2, 3]) {
      await changeServers(stage, hosts(n));
      expect(await tryOnce()).toBe(202);
      await isOver();
    }
    expect(await tryAs(stage, omar, hosts(9))).toBe(429);
  });

  test('are hers alone where another has tried elsewhere with her name', async () => {
    let address = '192.0.2.66';
    stage = await openLoginStage({ addressesOf: async () => [address] });
    for (const n of [1, 2, 3]) {
      await changeServers(stage, hosts(n));
      expect(await tryOnce()).toBe(202);
      await isOver();
    }
    address = '192.0.2.25';
    expect(await tryAs(stage, omar, hosts(9))).toBe(202);
  });
});
