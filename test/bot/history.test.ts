/** Who did what with a case can be told afterwards, by ids and times; nobody's words are in it. */
import { expect, test } from 'vitest';
import { auditEscalation } from '../../src/operator/audit.ts';
import { listCases } from '../../src/operator/cases.ts';
import { anna, ines, omar } from '../conversation/fixtures.ts';
import { bea, createStage } from './cases-stage.ts';
import { until } from './stage.ts';

const handled = async () => {
  const stage = await createStage();
  for (const rep of [anna, bea]) await stage.reach(rep);
  await stage.idle();
  const { message } = await stage.root();
  await stage.it(omar).press(message, 'claim');
  const form = await stage.it(omar).press(message, 'ask-rep');
  await stage.it(omar).submit('ask-rep', form?.context ?? '', { recipient: 'all', question: 'Seit wann?' });
  for (const [rep, words] of [
    [anna, 'Seit Montag'],
    [bea, 'Auch'],
  ] as const) {
    await stage.message(rep, /Frage an Sie/u);
    await stage.rep(rep).say(words);
    await stage.message(rep, /Antwort ist bei Ihrer IT angekommen/u);
  }
  await stage.idle();
  await stage.it(ines).press(message, 'resolve');
  await stage.rep(bea).press(await stage.withButton(bea, 'reopen'), 'reopen');
  await stage.message(bea, /^Der Fall ist wieder offen/u);
  await stage.idle();
  const { cases } = await listCases(stage.store, { isOpen: false });
  const idOf = (person: { id: string }) =>
    cases.find((one) => one.person.endsWith(`:${person.id}`))?.id ?? '';
  const acts = async (id: string) =>
    (await auditEscalation(stage.store, id)).history.map(({ act, who }) => [act, who?.id ?? null]);
  return { stage, idOf, acts };
};

test('given a case with a long story, then each step of it is there with who took it', async () => {
  const { stage, idOf, acts } = await handled();
  const story = [
    ['handed-over', anna.id],
    ['arrived', null],
    ['joined', bea.id],
    ['claimed', omar.id],
    ['asked', omar.id],
    ['answered', anna.id],
    ['answered', bea.id],
    ['resolved', ines.id],
    ['reopened', bea.id],
  ];
  expect(await acts(idOf(anna))).toEqual(story);
  expect(await auditEscalation(stage.store, idOf(bea))).toMatchObject({ thread: idOf(anna) });
  expect(await acts(idOf(bea))).toEqual(story);
  const kept = JSON.stringify((await auditEscalation(stage.store, idOf(anna))).history);
  expect(kept).not.toMatch(/Anna|Omar|Montag|Seit/u);
  await expect(auditEscalation(stage.store, 'no-such-case')).rejects.toMatchObject({
    fault: { type: 'no-such-case' },
  });
});

test('given the rep who came first is forgotten, then the story goes on without her id where the thread is now', async () => {
  const { stage, idOf, acts } = await handled();
  await stage.rep(anna).say('vergessen');
  await until(async () => expect(await stage.store.latestOf(anna)).toBeNull());
  const story = await acts(idOf(bea));
  expect(story.slice(0, 3)).toEqual([
    ['handed-over', ''],
    ['arrived', null],
    ['joined', bea.id],
  ]);
  expect(story.at(-1)).toEqual(['moved', null]);
  expect(JSON.stringify(story)).not.toContain(`"${anna.id}"`);
});
