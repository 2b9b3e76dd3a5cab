/** Given somebody who writes without end, then she is answered, and neither she nor anybody else is flooded. */
import { expect, test } from 'vitest';
import { anna, omar } from '../conversation/fixtures.ts';
import { createRecorder, doing, openStore, startBot, until } from './stage.ts';

test('five hundred messages at once cost a handful of answers, one of which says when it goes on', async () => {
  const store = await openStore();
  const recorder = createRecorder();
  const bot = startBot(store, recorder);
  const rep = doing(bot, anna);
  await Promise.all(Array.from({ length: 500 }, (_, n) => rep.say(`hallo ${n}`)));
  await doing(bot, omar).say('Hilfe');
  await until(async () => expect(await store.nextDue(Date.now())).toBeNull());
  const to = (id: string): string[] =>
    recorder
      .at('person')
      .flatMap(({ place, message }) =>
        place.type === 'person' && place.person.id === id ? [message.summary] : [],
      );
  expect(to(anna.id).length).toBeLessThanOrEqual(5);
  expect(to(anna.id)).toContain('So geht es');
  expect(to(anna.id).filter((line) => line.startsWith('Das waren sehr viele Nachrichten'))).toHaveLength(1);
  expect(to(omar.id)).toEqual(['So geht es']);
});

test('who asks for help again later is helped again, and her account can be checked all the while', async () => {
  const store = await openStore();
  const recorder = createRecorder();
  let now = Date.now();
  const bot = startBot(store, recorder, { clock: { now: () => now } });
  const rep = doing(bot, anna);
  await rep.say('Hilfe');
  await until(() => expect(recorder.words('person')).toEqual(['So geht es']));
  await rep.say('??');
  now += 10_000;
  await rep.say('Hilfe');
  await until(() => expect(recorder.words('person')).toEqual(['So geht es', 'So geht es']));
  expect((await rep.command('')) ?? null).toMatchObject({ name: 'address' });
});

test('who asks for help twice, having read it, reads it twice, also in the same breath', async () => {
  const store = await openStore();
  const recorder = createRecorder();
  const rep = doing(startBot(store, recorder), anna);
  for (const [index, word] of ['Hilfe', 'help', '?'].entries()) {
    await rep.say(word);
    await until(() => expect(recorder.words('person')).toEqual(Array(index + 1).fill('So geht es')));
    await until(async () => expect(await store.nextDue(Date.now())).toBeNull());
  }
  await rep.say('und nun');
  expect(recorder.words('person')).toHaveLength(3);
});
