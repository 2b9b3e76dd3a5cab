/** A stranger's words in every place where words of a message or a form can stand: as each platform is sent them. */
import { describe, expect, test } from 'vitest';
import { renderForm as slackForm } from '../../src/adapters/slack/render/form.ts';
import { renderMessage as slackMessage } from '../../src/adapters/slack/render/render.ts';
import {
  dialog,
  renderUsedForm,
  renderForm as teamsForm,
  unfilled,
} from '../../src/adapters/teams/render/form.ts';
import { renderMessage as teamsMessage } from '../../src/adapters/teams/render/render.ts';
import { cleanedForm, cleanedMessage } from '../../src/chat/cleaned.ts';
import type { Field, Form, Message } from '../../src/chat/view.ts';
import { printable } from '../../src/cli/json.ts';
import { renderBlocks } from '../../src/cli/render.ts';
import { acting, sharp } from './script.ts';

const markup = '<!channel> [x](http://e.test) *f* _k_ `c` $(id) \' " & **b** {{DATE(0)}} <at>all</at> 1. ';
let places = 0;
/** Each place has a number of its own, so that a lost one is noticed. */
const words = (): string => {
  places += 1;
  return `${markup}${sharp}(place ${places})`;
};

const everywhere = (): Message => ({
  summary: words(),
  blocks: [
    { type: 'heading', text: words(), tone: 'neutral' },
    { type: 'text', text: words() },
    { type: 'finding', tone: 'bad', title: words(), paragraphs: [{ label: words(), text: words() }] },
    { type: 'checklist', items: [{ state: 'good', stateLabel: words(), label: words(), detail: words() }] },
    { type: 'values', title: words(), rows: [{ label: words(), value: words() }] },
    { type: 'code', label: words(), text: words() },
    { type: 'quote', by: words(), text: words() },
    { type: 'note', text: words() },
  ],
  buttons: [{ action: 'claim', label: words(), value: 'conversation/case', style: 'plain' }],
});

const base = () => ({ label: words(), hint: words(), optional: false, version: 0 });
const fields = (): Field[] => [
  {
    ...base(),
    type: 'text',
    name: 'username',
    initial: words(),
    maxLength: 1000,
    placeholder: words(),
    inputMode: 'text',
  },
  { ...base(), type: 'multiline', name: 'comment', initial: words(), maxLength: 3000 },
  {
    ...base(),
    type: 'choice',
    name: 'recipient',
    initial: 'one',
    options: [
      { value: 'one', label: words() },
      { value: 'two', label: words() },
    ],
  },
];
const form = (): Form => ({
  name: 'ask-rep',
  title: words(),
  submit: words(),
  cancel: words(),
  context: 'conversation/case',
  intro: everywhere().blocks,
  fields: fields(),
});

/** Every text in what a platform is sent, with the name it stands under. */
const textsIn = (value: unknown, name = ''): { name: string; text: string }[] => {
  if (typeof value === 'string') return [{ name, text: value }];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, one]) => textsIn(one, Array.isArray(value) ? name : key));
};
const objectsIn = (value: unknown): Record<string, unknown>[] => {
  if (value === null || typeof value !== 'object') return [];
  const own = Array.isArray(value) ? [] : [value as Record<string, unknown>];
  return [...own, ...Object.values(value).flatMap(objectsIn)];
};

const filled = { values: { username: words(), comment: words() }, errors: { username: words() } };

const sent: readonly (readonly [name: string, sent: unknown])[] = [
  ['a message in Slack', slackMessage(everywhere(), 'cut')],
  ['a form in Slack', slackForm(form(), true)],
  ['a message in Teams', teamsMessage(everywhere())],
  ['a form in Teams', teamsForm(form(), unfilled, true)],
  ['a dialog in Teams', dialog(form(), filled)],
  ['a form that comes back in Teams', teamsForm(form(), filled, false)],
  ['a used form in Teams', renderUsedForm(form(), filled)],
  ['a message in the preview', cleanedMessage(everywhere())],
  ['a form in the preview', cleanedForm(form())],
  ['the terminal', renderBlocks(everywhere().blocks, { width: 80, colour: false })],
];

describe.each(sent)('Given a stranger’s words, then in %s', (_, payload) => {
  test('none of them acts without being seen', () => {
    const texts = textsIn(payload);
    expect(texts.some(({ text }) => text.includes('place'))).toBe(true);
    expect(texts.filter(({ text }) => acting.test(text))).toEqual([]);
  });
});

test('Slack is sent plain text only, and the line for notifications without markup of its own', () => {
  for (const payload of [slackMessage(everywhere(), 'cut'), slackForm(form(), true)])
    expect(objectsIn(payload).filter(({ type }) => type === 'mrkdwn' || type === 'markdown')).toEqual([]);
  const { text } = slackMessage(everywhere(), 'cut');
  expect(text).toContain('&lt;!channel&gt;');
  expect(text).not.toMatch(/[<>]/u);
});

test('Teams is sent no Markdown: in texts that are read as such, signs of it are escaped or absent', () => {
  const payload = teamsMessage(everywhere());
  expect(payload).toMatchObject({
    textFormat: 'plain',
    summary: expect.stringContaining('[x](http://e.test)'),
  });
  const blocks = objectsIn(payload).filter(({ type }) => type === 'TextBlock');
  expect(blocks.filter(({ text }) => /[[\]*`{}]/u.test(String(text)))).toEqual([]);
  const [{ fallbackText } = {}] = objectsIn(payload).filter(({ type }) => type === 'AdaptiveCard');
  expect(String(fallbackText)).toContain(String.raw`\<!channel\> \[x\](http://e.test) \*f\* \_k\_`);
  expect(String(fallbackText)).toContain(String.raw`\{\{DATE(0)\}\}`);
});

test('people and scripts that are written with joiners keep them', () => {
  const names = ['👩‍💻 Anna', 'می‌خواهم', '🏳️‍🌈', 'Jörg Müller-Lüdenscheidt', '山田太郎'];
  const { blocks } = cleanedMessage({
    summary: '',
    blocks: names.map((text) => ({ type: 'text', text })),
    buttons: [],
  });
  expect(blocks.map((block) => (block.type === 'text' ? block.text : ''))).toEqual(names);
});

test('JSON for a terminal loses nothing and holds nothing that acts', () => {
  const result = { banner: sharp, name: `Anna ${sharp}`, fine: 'ä 👩 山' };
  expect(JSON.parse(printable(result))).toEqual(result);
  expect(printable(result)).not.toMatch(acting);
  expect(printable(result)).toContain('ä 👩 山');
});
