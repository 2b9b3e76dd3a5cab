/** What one form costs: its conversation is loaded once, and what was typed is read once, by one step. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test, vi } from 'vitest';
import type { FormAnswer } from '../../src/chat/view.ts';
import type { Store } from '../../src/store/ports.ts';
import { anna, servers } from '../conversation/fixtures.ts';
import { after } from '../support/afterwards.ts';
import { createRecorder, doing, from, openStore, startBot } from './stage.ts';

/** Jobs of earlier forms run meanwhile; only what happens within the request counts. */
const request = new AsyncLocalStorage<{ loads: number; names: string[] }>();

const counting = (store: Store): Store => {
  const count = (): void => {
    const counted = request.getStore();
    if (counted) counted.loads += 1;
  };
  return {
    ...store,
    load: (id) => {
      count();
      return store.load(id);
    },
    latestOf: (person) => {
      count();
      return store.latestOf(person);
    },
  };
};

/** Every name of a server or a domain is read by URL, wherever it stands. */
const watchNames = (): void => {
  const canParse = URL.canParse.bind(URL);
  const spy = vi.spyOn(URL, 'canParse').mockImplementation((...url) => {
    request.getStore()?.names.push(String(url[0]));
    return canParse(...url);
  });
  after('test', async () => spy.mockRestore());
};

const submitServers = async (values: Record<string, string>) => {
  const bot = startBot(counting(await openStore()), createRecorder());
  const rep = doing(bot, anna);
  const start = await rep.command('');
  const next = await rep.submit('address', start?.context ?? '', { address: 'anna@firma.example' });
  const context = next?.type === 'form' ? next.form.context : '';
  watchNames();
  const counted = { loads: 0, names: [] as string[] };
  return await new Promise<{ answer: FormAnswer; loads: number; names: string[] }>((resolve, reject) => {
    const respond = (answer: FormAnswer): null => {
      resolve({ answer, loads: counted.loads, names: counted.names.toSorted() });
      return null;
    };
    const form = { ...from(anna), type: 'form', form: 'servers', inItChannel: false } as const;
    const submitted = { ...form, context, values: { ...servers, ...values }, respond };
    request.run(counted, () => bot.receive(submitted)).catch(reject);
  });
};

test('a form that starts a check is taken in one step: what was typed is read once, the conversation loaded once', async () => {
  const seen = await submitServers({ imapHost: 'imap.firma.example:143', username: 'anna' });
  expect(seen).toEqual({
    answer: { type: 'close' },
    loads: 1,
    names: ['http://firma.example', 'http://imap.firma.example', 'http://smtp.firma.example'],
  });
});

test('a form with a mistake is read once, too', async () => {
  const { answer, loads, names } = await submitServers({ imapPort: 'x' });
  expect(answer).toMatchObject({ type: 'errors', errors: { imapPort: expect.any(String) } });
  expect(names.filter((name) => name === 'http://imap.firma.example')).toHaveLength(1);
  expect(loads).toBe(1);
});
