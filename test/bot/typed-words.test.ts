/** What people write to each other is kept, and handed on, without anything that acts unseen. */
import { expect, test } from 'vitest';
import de from '../../locales/de/views.json' with { type: 'json' };
import { parseText } from '../../src/conversation/view/forms.ts';
import { acting, sharp } from '../adapters/script.ts';
import { anna, omar } from '../conversation/fixtures.ts';
import { createStage } from './cases-stage.ts';
import { until } from './stage.ts';

const limits = { max: 3000, required: true };

test('a comment, a question and an answer lose it, and keep their lines and letters', () => {
  expect(parseText(`${sharp}Grüße 👩‍💻\nzweite Zeile${sharp}`, limits)).toMatchObject({ ok: true });
  const parsed = parseText(`a${sharp}b\nc 👩‍💻 می‌خواهم`, limits);
  const text = parsed.ok ? parsed.value : '';
  expect(text).not.toMatch(acting);
  expect(text.startsWith('a')).toBe(true);
  expect(text.endsWith('b\nc 👩‍💻 می‌خواهم')).toBe(true);
});

test('words that are nothing else are no words', () => {
  expect(parseText('\u202e\u0007\u200b', limits)).toEqual({ ok: false, error: { code: 'text-missing' } });
});

test('in a whole case nothing of it is kept but what was typed last, and nothing is shown', async () => {
  const stage = await createStage();
  await stage.reach(anna, `Bitte${sharp}bald`);
  const root = await stage.root();
  await stage.it(omar).say(`Wann${sharp}genau?`, root.ref);
  await stage.message(anna, new RegExp(`^${de.notice.question.slice(0, 20)}`, 'u'));
  await stage.rep(anna).say(`Morgen${sharp}früh`);
  await stage.message(anna, new RegExp(`^${de.notice['answer-arrived'].slice(0, 20)}`, 'u'));
  await until(() =>
    expect(stage.recorder.words('thread').join()).toContain(de.thread.answer.replace('{{name}}', anna.name)),
  );
  for await (const conversation of stage.store.conversations()) {
    const words = [
      ...(conversation?.escalations ?? []).flatMap(({ comment, question }) => [comment, question ?? '']),
      ...(conversation?.notices ?? []).map(({ text }) => text ?? ''),
    ];
    expect(words.filter((one) => one !== '').length).toBeGreaterThanOrEqual(3);
    expect(words.filter((one) => acting.test(one))).toEqual([]);
  }
});
