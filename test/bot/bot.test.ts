import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Diagnosed } from '../../src/bot/index.ts';
import type { Form } from '../../src/chat/view.ts';
import { allMet, anna, blocked, ines, servers } from '../conversation/fixtures.ts';
import {
  createRecorder,
  doing,
  found,
  from,
  logged,
  openStore,
  quick,
  report,
  reports,
  startBot,
  startCheck,
  until,
} from './stage.ts';

describe('a turn', () => {
  test('given a new rep, when she types the command, then the form opens at once and the welcome follows', async () => {
    const recorder = createRecorder();
    const bot = startBot(await openStore(), recorder);
    const form = await doing(bot, anna).command('');
    expect(form?.name).toBe('address');
    await until(() => expect(recorder.words('person')).toEqual(['E-Mail-Konto mit HubSpot verbinden']));
  });

  test('given an English profile with an address, then both are used without being asked', async () => {
    const recorder = createRecorder();
    const bot = startBot(await openStore(), recorder);
    const forms: Form[] = [];
    await bot.receive({
      person: anna,
      platformLocale: 'en-US',
      profileAddress: 'anna@firma.example',
      later: null,
      type: 'command',
      text: '',
      openForm: async (form) => {
        forms.push(form);
        return null;
      },
    });
    expect(forms[0]?.title).toBe('Your e-mail address');
    expect(forms[0]?.fields[0]).toMatchObject({ name: 'address', initial: 'anna@firma.example' });
  });

  test('given two first words at the same moment, then one conversation begins', async () => {
    const store = await openStore();
    const bot = startBot(store, createRecorder());
    const rep = doing(bot, anna);
    await Promise.all([rep.say('Hilfe'), rep.say('Status')]);
    const stored = await store.latestOf(anna);
    expect(stored?.conversation.notices.map(({ kind }) => kind)).toEqual(['help', 'status']);
  });

  test('given a wrong host, then the sentence stands under the field and a new form still has what was typed', async () => {
    const bot = startBot(await openStore(), createRecorder());
    const rep = doing(bot, anna);
    const form = await rep.command('');
    await rep.submit('address', form?.context ?? '', { address: 'anna@firma.example' });
    const typed = { ...servers, imapHost: 'imaps://imap.firma.example' } as Record<string, string>;
    expect(await rep.submit('servers', form?.context ?? '', typed)).toEqual({
      type: 'errors',
      errors: { imapHost: 'Bitte ohne „imaps://“, nur den Namen: imap.firma.example' },
    });
    const again = await rep.submit('address', form?.context ?? '', { address: 'anna@firma.example' });
    const fields = again?.type === 'form' ? again.form.fields : [];
    expect(fields.find(({ name }) => name === 'imapHost')).toMatchObject({ initial: typed.imapHost });
  });

  test('given a form that the platform cannot open, then the welcome still comes', async () => {
    const recorder = createRecorder();
    const bot = startBot(await openStore(), recorder);
    const openForm = () => Promise.reject(new Error('trigger expired'));
    await bot.receive({ ...from(anna), type: 'command', text: '', openForm });
    await until(() => expect(recorder.words('person')).toHaveLength(1));
  });

  test('given a button of a conversation that is not hers, then nothing happens', async () => {
    const recorder = createRecorder();
    const bot = startBot(await openStore(), recorder);
    await startCheck(bot);
    const { message } = await report(recorder);
    const form = await doing(bot, ines).press(message, 'escalate');
    expect(form).toBeUndefined();
    await sleep(100);
    expect(recorder.at('it-channel')).toEqual([]);
  });
});

describe('a check', () => {
  test('when she submits the servers, then progress is shown in place and the report follows in German', async () => {
    const recorder = createRecorder();
    const bot = startBot(await openStore(), recorder, {
      diagnose: async (_account, { onProgress }) => {
        for (const milestones of [['name'], ['name', 'port']] as const) {
          onProgress([{ step: 'imap-connect', state: 'running', milestones: [...milestones] }]);
          await sleep(80);
        }
        return found(blocked);
      },
    });
    await startCheck(bot);
    const { message } = await report(recorder);
    expect(message.summary).toBe(
      'So lässt sich das Konto nicht verbinden: Eine Anforderung ist nicht erfüllt.',
    );
    const progress = recorder
      .at('person')
      .find(({ versions }) => versions[0]?.summary === 'Wir prüfen die Mailserver für anna@firma.example');
    const details = progress?.versions.map(({ blocks }) => JSON.stringify(blocks));
    expect(details?.some((text) => text.includes('Name gefunden · Port offen'))).toBe(true);
    expect(progress?.message.summary).toBe('Prüfung beendet nach 2 Sekunden');
  });

  test('given a hundred steps of progress, then the message is not updated more often than allowed', async () => {
    const recorder = createRecorder();
    let tookMs = 0;
    const bot = startBot(await openStore(), recorder, {
      diagnose: async (_account, { onProgress }) => {
        const started = performance.now();
        for (let count = 0; count < 100; count += 1) {
          onProgress([{ step: 'imap-connect', state: 'running', milestones: [] }]);
          await sleep(3);
        }
        tookMs = performance.now() - started;
        return found(allMet);
      },
    });
    await startCheck(bot);
    await report(recorder);
    const progress = recorder
      .at('person')
      .find(({ message }) => message.summary.startsWith('Prüfung beendet'));
    // Besides the first and the last version, one for each span of that length, however long it all took.
    expect(progress?.versions.length).toBeLessThanOrEqual(tookMs / quick.progressMs + 3);
    expect(progress?.versions.length).toBeLessThan(100);
  });

  test('given a platform that takes long for an update, then the next waits until that one is there', async () => {
    const recorder = createRecorder();
    const { update } = recorder.adapter;
    let underWay = 0;
    let most = 0;
    const slow: typeof update = async (ref, message) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await sleep(3 * quick.progressMs);
      await update(ref, message);
      underWay -= 1;
    };
    const bot = startBot(
      await openStore(),
      { ...recorder, adapter: { ...recorder.adapter, update: slow } },
      {
        diagnose: async (_account, { onProgress }) => {
          for (let count = 0; count < 50; count += 1) {
            onProgress([{ step: 'imap-connect', state: 'running', milestones: [] }]);
            await sleep(5);
          }
          return found(allMet);
        },
      },
    );
    await startCheck(bot);
    await report(recorder);
    expect(most).toBe(1);
  });

  test('given a second click on check-again, then one check runs and she is told so', async () => {
    const recorder = createRecorder();
    let runs = 0;
    const bot = startBot(await openStore(), recorder, {
      diagnose: async () => {
        runs += 1;
        if (runs > 1) await sleep(200);
        return found(blocked);
      },
    });
    await startCheck(bot);
    const { message } = await report(recorder);
    const rep = doing(bot, anna);
    await Promise.all([rep.press(message, 'check-again'), rep.press(message, 'check-again')]);
    await until(() => expect(reports(recorder)).toHaveLength(2));
    expect(runs).toBe(2);
    expect(
      recorder.words('person').filter((text) => text.startsWith('Eine Prüfung läuft schon')),
    ).toHaveLength(1);
  });

  test('given a fault of ours, then she reads whose it is, and the log holds nothing of hers', async () => {
    const recorder = createRecorder();
    logged.length = 0;
    const bot = startBot(await openStore(), recorder, {
      diagnose: async () => {
        throw new Error('cannot read anna@firma.example');
      },
    });
    await startCheck(bot);
    await until(() =>
      expect(recorder.words('person').at(-1)).toMatch(
        /^Die Prüfung ist an einem Fehler bei uns gescheitert/u,
      ),
    );
    expect(logged.some((line) => line.startsWith('check failed'))).toBe(true);
    expect(logged.join()).not.toMatch(/firma\.example|Anna/u);
  });
});

describe('a restart', () => {
  test('given a process that dies in the middle of a check, then the next one runs it again and reports once', async () => {
    const store = await openStore();
    const recorder = createRecorder();
    const dying = startBot(store, recorder, { diagnose: () => new Promise<Diagnosed>(() => undefined) });
    await startCheck(dying);
    await until(() => expect(recorder.words('person')).toHaveLength(2));
    await dying.stop();

    let runs = 0;
    startBot(store, recorder, {
      diagnose: async () => {
        runs += 1;
        return found(blocked);
      },
    });
    await report(recorder);
    await sleep(800);
    expect(runs).toBe(1);
    expect(reports(recorder)).toHaveLength(1);
  });

  test('given a stop while a check runs, then it is given back at once and not called a failure', async () => {
    const store = await openStore();
    const recorder = createRecorder();
    const bot = startBot(store, recorder, {
      diagnose: (_account, { signal }) =>
        new Promise<Diagnosed>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        }),
    });
    await startCheck(bot);
    await until(() => expect(recorder.words('person')).toHaveLength(2));
    await bot.stop();
    const job = await store.claim(Date.now(), 1000);
    expect(job?.kind).toBe('diagnose');
    const stored = await store.latestOf(anna);
    expect(stored?.conversation.checks[0]?.state).toBe('running');
  });
});
