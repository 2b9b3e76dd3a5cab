import { afterEach, describe, expect, test } from 'vitest';
import { DeliveryError } from '../../src/chat/port.ts';
import { anna, omar } from '../conversation/fixtures.ts';
import { bea, createStage } from './cases-stage.ts';
import { logged, until } from './stage.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const failed = /^Der Fall ist nicht angekommen/u;
const arrived = /^Der Fall ist bei Ihrer IT angekommen/u;

afterEach(() => {
  logged.length = 0;
});

const refusing = async (code: DeliveryError['code'] = 'not-in-channel') => {
  const stage = await createStage();
  let tries = 0;
  const refuse = () =>
    stage.recorder.refuseIf(({ type }) => {
      if (type === 'person') return null;
      tries += 1;
      return new DeliveryError(code, 'no');
    });
  refuse();
  return { stage, refuse, tries: () => tries };
};

describe('given an IT channel that cannot be reached', () => {
  test.each(['not-in-channel', 'channel-gone', 'rejected', 'temporary'] as const)(
    'because of %s, then she reads that it did not arrive, and it arrives by itself as soon as that is mended',
    async (code) => {
      const { stage } = await refusing(code);
      await stage.check(anna);
      await stage.handOver(anna, 'Bitte bis Freitag');
      await stage.message(anna, failed);
      expect(await stage.bot.health()).toEqual({ 'it-channel': false });
      expect(logged.some((line) => line.startsWith('a case did not reach the IT channel'))).toBe(true);
      expect(logged.join()).not.toMatch(/firma\.example|Anna|Freitag/u);

      stage.recorder.refuseIf(() => null);
      await stage.later(2 * minute);
      await stage.message(anna, arrived);
      expect(JSON.stringify((await stage.root()).message)).toContain('Bitte bis Freitag');
      expect(await stage.bot.health()).toEqual({ 'it-channel': true });
    },
  );

  test('then the tries between make no noise, survive a restart, and end after seven days with a word to her', async () => {
    const { stage, tries } = await refusing();
    await stage.check(anna);
    await stage.handOver(anna);
    await stage.message(anna, failed);
    const before = stage.messagesOf(anna).length;
    for (let count = 0; count < 4; count += 1) {
      await stage.restart();
      await stage.later(12 * minute);
      await stage.idle();
    }
    expect(tries()).toBeGreaterThan(2);
    expect(stage.messagesOf(anna)).toHaveLength(before);
    await stage.later(7 * day);
    await stage.message(anna, /^Der Fall ist auch nach sieben Tagen nicht angekommen/u);
    const ended = tries();
    await stage.later(day);
    await stage.idle();
    expect(tries()).toBe(ended);
  });

  test('when she tries again herself, then that works, and what was planned does no harm', async () => {
    const { stage } = await refusing();
    await stage.check(anna);
    await stage.handOver(anna, 'erst');
    await stage.message(anna, failed);
    stage.recorder.refuseIf(() => null);
    await stage.handOver(anna, 'dann');
    await stage.message(anna, arrived);
    await stage.later(day);
    await stage.idle();
    expect(stage.recorder.at('it-channel')).toHaveLength(1);
    expect(stage.messagesOf(anna).filter(({ summary }) => arrived.test(summary))).toHaveLength(1);
  });

  test('when she withdraws meanwhile, then it is never sent', async () => {
    const { stage } = await refusing();
    await stage.check(anna);
    await stage.handOver(anna);
    const notice = await stage.message(anna, failed);
    stage.recorder.refuseIf(() => null);
    await stage.rep(anna).press(notice, 'withdraw');
    await stage.message(anna, /^Der Fall ist zurückgezogen. Bei Ihrer IT war er noch nicht angekommen/u);
    await stage.later(day);
    await stage.idle();
    expect(stage.recorder.at('it-channel')).toEqual([]);
  });

  test('given a second rep with the same problem, then whoever arrives first has the thread and the other joins it', async () => {
    const { stage } = await refusing();
    for (const rep of [anna, bea]) {
      await stage.check(rep);
      await stage.handOver(rep);
      await stage.message(rep, failed);
    }
    stage.recorder.refuseIf(() => null);
    await stage.later(3 * minute);
    for (const rep of [anna, bea]) await stage.message(rep, arrived);
    await stage.idle();
    expect(stage.recorder.at('it-channel')).toHaveLength(1);
    await stage.it(omar).press((await stage.root()).message, 'claim');
    for (const rep of [anna, bea])
      await stage.message(rep, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
  });

  test('given a thread below which nothing can be said, then who wants to join is told so, and joins later', async () => {
    const stage = await createStage();
    await stage.reach(anna);
    stage.recorder.refuseIf(({ type }) =>
      type === 'thread' ? new DeliveryError('channel-gone', 'no') : null,
    );
    await stage.check(bea);
    await stage.handOver(bea);
    await stage.message(bea, failed);
    stage.recorder.refuseIf(() => null);
    await stage.later(2 * minute);
    await stage.message(bea, arrived);
    await until(() =>
      expect(stage.recorder.words('thread').at(-1)).toMatch(/^Bea Lang hat dasselbe Problem/u),
    );
    expect(stage.recorder.at('it-channel')).toHaveLength(1);
  });
});
