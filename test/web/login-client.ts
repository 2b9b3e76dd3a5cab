/** A browser of its own, as far as the login page can tell: it keeps its cookie and says where it comes from. */
import { request } from 'node:http';
import { expect } from 'vitest';
import type { Person } from '../../src/chat/port.ts';
import { doing, until } from '../bot/stage.ts';
import type { LoginStage } from './login-stage.ts';

export type Sent = { status: number; answer: Record<string, unknown>; headers: Headers };

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The path is sent as it is written, without being put in order first. */
export const send = (
  stage: Pick<LoginStage, 'url'>,
  {
    method = 'POST',
    path,
    headers = {},
    body = '',
  }: {
    method?: string;
    path: string;
    headers?: Record<string, string>;
    body?: string;
  },
): Promise<{ status: number; text: string; headers: Headers }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(stage.url);
    const asked = request({ hostname, port, method, path, headers }, async (response) => {
      let text = '';
      for await (const piece of response.setEncoding('utf8')) text += String(piece);
      resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
    });
    asked.on('error', reject);
    asked.end(body);
  });

export const newBrowser = (stage: LoginStage) => {
  let cookie = '';
  const csrf = new Map<string, string>();
  const post = async (path: string, body: object): Promise<Sent> => {
    const headers = { 'Content-Type': 'application/json', Origin: stage.url, Cookie: cookie };
    const sent = await send(stage, { path, headers, body: JSON.stringify(body) });
    cookie = String(sent.headers['set-cookie'] ?? cookie).split(';')[0] ?? '';
    return {
      status: sent.status,
      answer: JSON.parse(sent.text || '{}') as Record<string, unknown>,
      headers: sent.headers,
    };
  };
  const act = (path: string, token: string, more: object = {}) =>
    post(path, { token, csrf: csrf.get(token) ?? '', ...more });
  return {
    open: async (token: string): Promise<Sent> => {
      const sent = await post('/login/open', { token });
      csrf.set(token, String(sent.answer.csrf));
      return sent;
    },
    submit: (token: string, password = 'kranich-ruht-17', more: object = {}) =>
      act('/login', token, { password, ...more }),
    leave: (token: string) => act('/login/leave', token),
    progress: (token: string) => act('/login/progress', token),
    renew: (token: string) => act('/login/renew', token),
  };
};

type Typed = Record<string, string | null>;

/** She changes the servers in the chat, and the check of the new ones is done. */
export const changeServers = async (stage: LoginStage, typed: Typed): Promise<void> => {
  const before = stage.withButton('edit');
  if (!before) throw new Error('expected a report');
  const form = await stage.rep.press(before, 'edit');
  await stage.rep.submit('servers', form?.context ?? '', typed);
  await until(() => expect(stage.withButton('edit')).not.toBe(before));
};

/** Another person goes all the way to the login page. Gives the status that the password got. */
export const tryAs = async (stage: LoginStage, person: Person, typed: Typed): Promise<number> => {
  const rep = doing(stage.bot, person);
  const form = await rep.command('');
  const next = await rep.submit('address', form?.context ?? '', { address: 'omar@firma.example' });
  await rep.submit('servers', next?.type === 'form' ? next.form.context : '', typed);
  const token = await stage.askForLink(person);
  const browser = newBrowser(stage);
  await browser.open(token);
  return (await browser.submit(token)).status;
};
