/** Reminders are jobs: they wait in the store, whichever it is, and whoever works on it then. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { anna, omar } from '../conversation/fixtures.ts';
import { engines } from '../store/engines.ts';
import { botSettings, createRecorder, doing, handOver, startBot, startCheck, until } from './stage.ts';

const hour = 3_600_000;
const day = 24 * hour;
/** A Thursday, 10 o'clock in Berlin. */
const thursday = Date.parse('2026-11-26T10:00+01:00');

describe.each(engines)('given a case in the IT channel, kept in $name', ({ newDatabase }) => {
  const stageAt = async (settings: Partial<typeof botSettings> = {}) => {
    let passed = 0;
    const began = Date.now();
    const now = (): number => thursday + passed + (Date.now() - began);
    const database = await newDatabase();
    const recorder = createRecorder();
    const start = async () =>
      startBot(await database.open(now), recorder, {
        clock: { now },
        settings: { ...botSettings, watchIntervalMs: 30 * day, reminders: true, ...settings },
      });
    let bot = await start();
    await startCheck(bot);
    await handOver(bot, recorder);
    await until(() =>
      expect(recorder.words('person').at(-1)).toMatch(/^Der Fall ist bei Ihrer IT angekommen/u),
    );
    const root = () => recorder.at('it-channel')[0] ?? expect.fail('no case');
    return {
      recorder,
      root,
      it: () => doing(bot, omar, true),
      rep: () => doing(bot, anna),
      later: (ms: number): void => {
        passed += ms;
      },
      restart: async () => {
        await bot.stop();
        bot = await start();
      },
      late: (): string[] =>
        recorder.words('thread').filter((words) => words.startsWith('Dieser Fall wartet')),
      again: (): string[] =>
        recorder.words('person').filter((words) => words.startsWith('Ihre IT wartet noch')),
    };
  };

  test('when nobody claims it in half a working day, then its thread says so once, and its message that it is late', async () => {
    const { later, restart, late, root, recorder } = await stageAt();
    later(3 * hour + 50 * 60_000);
    await restart();
    await sleep(200);
    expect(late()).toEqual([]);
    later(20 * 60_000);
    await until(() => expect(late()).toHaveLength(1));
    expect(recorder.at('thread').at(-1)?.message.blocks[0]).toMatchObject({ to: { type: 'it' } });
    await until(() =>
      expect(JSON.stringify(root().message)).toContain('Überfällig: Seit vier Arbeitsstunden'),
    );
    later(10 * day);
    await restart();
    await sleep(300);
    expect(late()).toHaveLength(1);
  });

  test('when she does not answer, then she is reminded after one working day and after three, over a restart, and no more', async () => {
    const { it, root, later, restart, again, late, rep, recorder } = await stageAt();
    await it().press(root().message, 'claim');
    const form = await it().press(root().message, 'ask-rep');
    await it().submit('ask-rep', form?.context ?? '', { question: 'Seit wann?' });
    await until(() => expect(recorder.words('person').at(-1)).toBe('Ihre IT hat eine Frage an Sie.'));
    later(day + 60_000);
    await until(() => expect(again()).toHaveLength(1));
    expect(JSON.stringify(recorder.at('person').at(-1)?.message)).toContain('Seit wann?');
    await restart();
    // Thursday and a day is Friday; two working days after that is Tuesday.
    later(3 * day);
    await sleep(200);
    expect(again()).toHaveLength(1);
    later(day);
    await until(() => expect(again()).toHaveLength(2));
    await until(() => expect(JSON.stringify(root().message)).toContain('seit drei Arbeitstagen nicht'));
    await rep().say('Seit Montag');
    await until(() => expect(recorder.words('thread').at(-1)).toBe('Anna Vogt hat geantwortet.'));
    await until(() => expect(JSON.stringify(root().message)).not.toContain('Überfällig'));
    later(30 * day);
    await sleep(200);
    expect([again().length, late().length]).toEqual([2, 0]);
  });

  test('when the operator wants no reminders, then there are none', async () => {
    const { later, late } = await stageAt({ reminders: false });
    later(10 * day);
    await sleep(300);
    expect(late()).toEqual([]);
  });
});
