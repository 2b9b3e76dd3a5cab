/** A stranger's words on the page on which a password is typed: nothing in them acts unseen. */
import { expect, test } from 'vitest';
import { createLoginPage } from '../../src/web/login/index.ts';
import type { LoginDoor } from '../../src/web/login/port.ts';
import { startWebServer } from '../../src/web/server.ts';
import { acting, sharp } from '../adapters/script.ts';
import { after } from '../support/afterwards.ts';

const word = (text: string): string => `${sharp}${text}${sharp}`;
const door: LoginDoor = {
  open: async () => ({
    type: 'open',
    language: 'de',
    address: word('address'),
    username: word('username'),
    servers: [{ label: word('label'), value: word('value') }],
    asker: word('asker'),
    foreign: word('foreign'),
    testMail: word('test mail'),
  }),
  submit: async () => ({ type: 'started' }),
  progress: async () => ({
    type: 'known',
    isOver: true,
    blocks: [
      {
        type: 'finding',
        tone: 'bad',
        title: word('title'),
        paragraphs: [{ label: null, text: word('text') }],
      },
    ],
    canRenew: false,
    hasTestMail: true,
    announced: word('announced'),
  }),
  leave: async () => {},
  renew: async () => false,
};

test('who asked, for which account and servers, and what came of it are shown without them', async () => {
  const page = createLoginPage({
    door,
    site: () => ({ origin: web.url, isSecure: false }),
    words: () => ({}),
    defaultLanguage: 'de',
    onError: () => {},
    onRefused: () => {},
    onOtherAddress: () => {},
  });
  const health = async () => ({ ready: true, parts: {} });
  const web = await startWebServer({ host: '127.0.0.1', port: 0, routers: [page], health });
  after('test', web.stop);
  const post = async (path: string, body: object, cookie = '') => {
    const response = await fetch(`${web.url}/login/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: web.url, Cookie: cookie },
      body: JSON.stringify(body),
    });
    const set = response.headers.get('set-cookie')?.split(';')[0] ?? '';
    return { set, answer: (await response.json()) as Record<string, unknown> };
  };
  const opened = await post('open', { token: 'x' });
  const { csrf } = opened.answer;
  const known = await post('progress', { token: 'x', csrf }, opened.set);
  for (const [answer, words] of [
    [opened.answer, ['address', 'username', 'label', 'value', 'asker', 'foreign', 'test mail']],
    [known.answer, ['title', 'text', 'announced']],
  ] as const) {
    const text = JSON.stringify(answer).replaceAll(/\\u([\da-f]{4})/gu, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
    for (const one of words) expect(text).toContain(one);
    expect(text.replaceAll('\\n', '\n')).not.toMatch(acting);
  }
});
