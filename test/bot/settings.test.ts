import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { BotParts } from '../../src/bot/index.ts';
import type { Profile } from '../../src/chat/port.ts';
import type { Form, FormAnswer } from '../../src/chat/view.ts';
import { anna, google, proposed, servers } from '../conversation/fixtures.ts';
import {
  botSettings,
  createRecorder,
  doing,
  from,
  logged,
  openStore,
  report,
  startBot,
  startCheck,
  until,
} from './stage.ts';

const address = 'anna@firma.example';
const hosts = (form: Form | undefined) =>
  form?.fields
    .filter(({ name }) => name.endsWith('Host'))
    .map(({ initial, version }) => `${initial} ${version}`);
const formOf = (answer: FormAnswer | undefined) => (answer?.type === 'form' ? answer.form : undefined);
const introOf = (form: Form | undefined): string => JSON.stringify(form?.intro);

/** A platform whose open forms can be changed, with a rep who submits her address. */
const updatable = async (discover: BotParts['discover'], worker: object = {}) => {
  const recorder = createRecorder();
  const adapter = { ...recorder.adapter, capabilities: { itChannel: true, formUpdates: true } };
  const settings = { ...botSettings, worker: { ...botSettings.worker, ...worker } };
  const store = await openStore();
  const bot = startBot(store, { ...recorder, adapter }, { discover, settings });
  const updates: Form[] = [];
  const update = async (form: Form): Promise<void> => {
    updates.push(form);
  };
  const submitAddress = async () => {
    const began = Date.now();
    const answers: { answer: FormAnswer; ms: number }[] = [];
    await bot.receive({
      ...from(anna),
      type: 'form',
      form: 'address',
      context: '',
      values: { address, personalInbox: 'yes' },
      inItChannel: false,
      respond: (answer) => {
        answers.push({ answer, ms: Date.now() - began });
        return { update };
      },
    });
    return answers[0];
  };
  return { recorder, bot, store, updates, submitAddress };
};

describe('settings', () => {
  test('given a known provider, when she submits her address, then the servers are filled in within the same answer', async () => {
    const { submitAddress, updates } = await updatable(async () => proposed);
    const answered = await submitAddress();
    expect(hosts(formOf(answered?.answer))).toEqual(['imap.hoster.example 0', 'smtp.hoster.example 0']);
    expect(answered?.ms).toBeLessThan(500);
    expect(updates).toEqual([]);
  });

  test('given a slow look, then the form opens soon and is filled in later, with a new version of what has changed', async () => {
    const { submitAddress, updates } = await updatable(() => sleep(600, proposed), { lookupMs: 100 });
    const answered = await submitAddress();
    expect(answered?.ms).toBeLessThan(400);
    expect(introOf(formOf(answered?.answer))).toContain('Einen Moment');
    expect(hosts(formOf(answered?.answer))).toEqual([' 0', ' 0']);
    await until(() => expect(hosts(updates[0])).toEqual(['imap.hoster.example 1', 'smtp.hoster.example 1']));
    const [update] = updates;
    const version = (name: string) => update?.fields.find((field) => field.name === name)?.version;
    expect([version('imapPort'), version('smtpPort'), version('username')]).toEqual([0, 1, 0]);
    expect(introOf(update)).toContain('haben wir gefunden');
    expect(updates).toHaveLength(1);
  });

  test('given a platform that cannot change a form, then the answer waits, and not without end', async () => {
    const recorder = createRecorder();
    const worker = { ...botSettings.worker, lookupMs: 400 };
    const settings = { ...botSettings, worker };
    const bot = startBot(await openStore(), recorder, { discover: () => sleep(150, proposed), settings });
    const filled = await doing(bot, anna).submit('address', '', { address });
    expect(hosts(formOf(filled))).toEqual(['imap.hoster.example 0', 'smtp.hoster.example 0']);
    const slow = startBot(await openStore(), recorder, { discover: () => sleep(5000, proposed), settings });
    const began = Date.now();
    const empty = await doing(slow, anna).submit('address', '', { address });
    expect(Date.now() - began).toBeLessThan(1500);
    expect(hosts(formOf(empty))).toEqual([' 0', ' 0']);
    expect(introOf(formOf(empty))).not.toContain('Einen Moment');
  });

  test('given an address with the command, then it is looked for at once, and one look serves all', async () => {
    const asked: string[] = [];
    const discover: BotParts['discover'] = async (wanted) => {
      asked.push(wanted);
      return sleep(80, proposed);
    };
    const { bot, submitAddress } = await updatable(discover);
    const rep = doing(bot, anna);
    await Promise.all([rep.command(address), rep.command(address)]);
    await until(() => expect(asked).toEqual([address]));
    await sleep(120);
    expect(hosts(formOf((await submitAddress())?.answer))).toEqual([
      'imap.hoster.example 0',
      'smtp.hoster.example 0',
    ]);
    expect(asked).toHaveLength(1);
  });

  test('given a look that ended before anything was known, then her next try looks again', async () => {
    const none = { ...proposed, provider: null, source: null, imap: null, smtp: null };
    const found = [none, proposed];
    const bot = startBot(await openStore(), createRecorder(), {
      discover: async () => found.shift() ?? none,
    });
    const filled = async () => hosts(formOf(await doing(bot, anna).submit('address', '', { address })));
    expect(await filled()).toEqual([' 0', ' 0']);
    const hoster = ['imap.hoster.example 0', 'smtp.hoster.example 0'];
    expect(await filled()).toEqual(hoster);
    expect(await filled()).toEqual(hoster);
  });

  test('given a Google account, then the form gives way to a message, and its button opens the servers', async () => {
    const { recorder, bot, submitAddress } = await updatable(async () => google);
    expect((await submitAddress())?.answer).toEqual({ type: 'close' });
    await until(() => expect(recorder.words('person').at(-1)).toMatch(/liegt bei Google/u));
    const told = recorder.at('person').at(-1);
    const form = told && (await doing(bot, anna).press(told.message, 'continue-imap'));
    expect(hosts(form)).toEqual(['imap.hoster.example 0', 'smtp.hoster.example 0']);
  });

  test('given a look that fails, then she is asked all the same, and the log holds nothing of hers', async () => {
    logged.length = 0;
    const { submitAddress } = await updatable(() => Promise.reject(new Error(`no ${address}`)));
    expect(hosts(formOf((await submitAddress())?.answer))).toEqual([' 0', ' 0']);
    expect(logged.join()).toContain('no settings could be looked for');
    expect(logged.join()).not.toContain('firma.example');
  });

  test('given a profile that comes later, then the open form speaks her language and has her address', async () => {
    const { bot, recorder, updates } = await updatable(async () => proposed);
    const { promise: later, resolve: arrive } = Promise.withResolvers<Profile | null>();
    const forms: Form[] = [];
    await bot.receive({
      ...from(anna),
      later,
      type: 'command',
      text: '',
      openForm: async (form) => {
        forms.push(form);
        return { update: async (next) => void updates.push(next) };
      },
    });
    expect(forms[0]?.title).toBe('Ihre E-Mail-Adresse');
    arrive({ name: 'Anna Vogt', locale: 'en-GB', address });
    await until(() => expect(updates.at(-1)?.title).toBe('Your e-mail address'));
    expect(updates.at(-1)?.fields[0]).toMatchObject({ initial: address, version: 1 });
    expect(updates.at(-1)?.fields[1]).toMatchObject({ version: 0 });
    await until(() => expect(recorder.words('person')).toEqual(['Connect your e-mail account to HubSpot']));
  });
});

describe('limits', () => {
  test('given eleven checks in ten minutes, then the eleventh is refused with a kind sentence and works later', async () => {
    const recorder = createRecorder();
    let now = Date.now();
    let runs = 0;
    const bot = startBot(await openStore(), recorder, {
      clock: { now: () => now },
      diagnose: async () => {
        runs += 1;
        throw new Error('ours');
      },
    });
    for (let count = 1; count <= 10; count += 1) {
      await startCheck(bot);
      await until(() => expect(runs).toBe(count));
      await until(() => expect(recorder.words('person').at(-1)).toMatch(/Fehler bei uns/u));
      await sleep(50);
    }
    await startCheck(bot);
    await until(() => expect(recorder.words('person').at(-1)).toMatch(/sehr viele Prüfungen.*Minute/u));
    expect(runs).toBe(10);
    now += 61_000;
    await startCheck(bot);
    await until(() => expect(runs).toBe(11));
  });

  test('given many people and one server, then it is not looked at without end', async () => {
    const recorder = createRecorder();
    const bot = startBot(await openStore(), recorder);
    for (let count = 0; count <= 30; count += 1) {
      const person = { ...anna, id: `P${count}` };
      const rep = doing(bot, person);
      await rep.submit('address', '', { address });
      await rep.submit('servers', '', { ...servers } as Record<string, string>);
    }
    await until(() => {
      const told = recorder.words('person').filter((text) => text.startsWith('Das waren sehr viele'));
      expect(told).toHaveLength(1);
    });
  });
});

describe('forgetting', () => {
  test('tells IT, empties what is kept, deletes it, and says how much it was', async () => {
    const recorder = createRecorder();
    const store = await openStore();
    const bot = startBot(store, recorder);
    await startCheck(bot);
    const rep = doing(bot, anna);
    const form = await rep.press((await report(recorder)).message, 'escalate');
    await rep.submit('escalate', form?.context ?? '', { comment: 'Seit gestern' });
    await until(() =>
      expect(recorder.words('person')).toContainEqual(
        expect.stringMatching(/Der Fall ist bei Ihrer IT angekommen/u),
      ),
    );
    await rep.say('Daten löschen');
    await until(() => expect(recorder.words('person').at(-1)).toBe('Alles über Sie ist gelöscht'));
    const said = JSON.stringify(recorder.at('person').at(-1)?.message);
    expect(said).toContain('1 Konto, 1 Prüfung, 1 Fall bei der IT');
    expect(recorder.words('thread').at(-1)).toBe(
      'Anna Vogt hat den Fall zurückgezogen. Es ist nichts mehr zu tun.',
    );
    expect(recorder.at('it-channel')[0]?.message.summary).toContain('zurückgezogen');
    await until(async () => expect(await store.latestOf(anna)).toBeNull());
  });

  test('given a process that dies before the last words, then the next one says them, with the same numbers', async () => {
    const recorder = createRecorder();
    const store = await openStore();
    let isDown = true;
    recorder.refuseIf((_place, message) => {
      if (isDown && message.summary.startsWith('Alles über Sie')) throw new Error('dies here');
      return null;
    });
    const bot = startBot(store, recorder);
    await startCheck(bot);
    await report(recorder);
    await doing(bot, anna).say('vergessen');
    await until(() => expect(recorder.words('person').at(-1)).toMatch(/^Wir löschen jetzt/u));
    await bot.stop();
    isDown = false;
    startBot(store, recorder);
    await until(() => expect(recorder.words('person').at(-1)).toBe('Alles über Sie ist gelöscht'));
    expect(JSON.stringify(recorder.at('person').at(-1)?.message)).toContain('1 Prüfung');
  });
});
