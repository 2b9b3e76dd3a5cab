import { describe, expect, test } from 'vitest';
import { previewsOf as makePreviews, type Preview } from '../../scripts/previews/payloads.ts';
import { storiesOf } from '../../scripts/previews/stories.ts';
import { longest, type Size, usual } from '../../scripts/previews/worlds.ts';
import { limits } from '../../src/adapters/slack/limits.ts';
import { renderForm } from '../../src/adapters/slack/render/form.ts';
import { renderMessage } from '../../src/adapters/slack/render/render.ts';
import { renderForm as renderCard, unfilled } from '../../src/adapters/teams/render/form.ts';
import { renderMessage as renderForTeams } from '../../src/adapters/teams/render/render.ts';
import type { Message } from '../../src/chat/view.ts';
import { catalogues } from '../../src/wording/catalogue/catalogue.ts';
import { messageProblems, viewProblems } from './slack-payloads.ts';
import { faultsOf } from './teams-simulator/cards.ts';

const made = new Map<string, Preview[]>();
const previewsOf = (locale: 'de' | 'en', size: Size): Preview[] => {
  const key = `${locale} ${size.host}`;
  const previews = made.get(key) ?? makePreviews(locale, size);
  made.set(key, previews);
  return previews;
};

const problemsOf = (previews: readonly Preview[]) =>
  previews.flatMap(({ name, type, payload }) =>
    (type === 'modal' ? viewProblems(payload) : messageProblems(payload)).map(
      (problem) => `${name}: ${problem}`,
    ),
  );

/** All text that people can see, in order. */
const shown = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(shown);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : shown(inner),
  );
};

describe.each(['de', 'en'] as const)('every payload in %s', (locale) => {
  test.each([
    ['as usual', usual],
    ['with names of 253 characters, comments of 3000 and twelve findings', longest],
  ])('is one that Slack takes, %s', (_, size) => {
    const previews = previewsOf(locale, size);
    expect(previews.length).toBeGreaterThan(150);
    expect(problemsOf(previews)).toEqual([]);
  });

  test('says everything where nothing is longer than usual', () => {
    const cut = previewsOf(locale, usual).filter(
      ({ name, payload }) =>
        !name.includes('everything') && shown(payload.blocks).includes(catalogues[locale].chat.cut),
    );
    expect(cut.map(({ name }) => name)).toEqual([]);
  });

  test('can be proof-read: each text is filled with what it could be about', () => {
    const mixedUp = [
      /\bNaN\b|undefined|\[object|: –\.|\{\{/u,
      // A verdict that counts nothing stands above nothing.
      /\b0 (?:Anforderungen|Punkte|Hinweise|requirements|points)\b/u,
      // An address of the account is a mailbox, a network's address is none.
      /(?:Das Postfach|The mailbox|^)\s?\d+\.\d+\.\d+\.\d+ (?:ist|is|gilt|counts)/u,
      /App-Passwort[^.]*454|app password[^.]*454/u,
    ];
    const wrong = previewsOf(locale, usual).flatMap(({ name, payload }) =>
      shown(payload.blocks).flatMap((text) =>
        mixedUp.some((pattern) => pattern.test(text)) ? [`${name}: ${text}`] : [],
      ),
    );
    expect(wrong).toEqual([]);
  });

  test('keeps the title of every finding and every button, however long the rest is', () => {
    for (const preview of previewsOf(locale, longest)) {
      if (preview.type !== 'message' || preview.name.includes('everything')) continue;
      const text = shown(preview.payload.blocks).join('\n');
      for (const block of preview.message.blocks)
        if (block.type === 'finding') expect(text, preview.name).toContain(block.title);
      for (const { label } of preview.message.buttons) expect(text, preview.name).toContain(label);
    }
  });

  test('shows no mark-up of anybody as mark-up', () => {
    const marked = previewsOf(locale, longest).flatMap(({ name, payload }) =>
      JSON.stringify(payload).includes('"mrkdwn"') ? [name] : [],
    );
    expect(marked).toEqual([]);
    for (const preview of previewsOf(locale, longest))
      if (preview.type === 'message') expect(preview.payload.text).not.toMatch(/[<>]/u);
  });
});

describe.each(['de', 'en'] as const)('every conversation in %s', (locale) => {
  const stories = storiesOf(locale);
  const said = stories.flatMap((story) => story.said);

  test('is led by the bot from the first word to the last, with the rep and with IT', () => {
    expect(stories.length).toBeGreaterThan(2);
    for (const { name, said: all } of stories) {
      expect(all[0], name).toMatchObject({ type: 'person', place: 'rep' });
      expect(all.filter(({ type }) => type === 'bot').length, name).toBeGreaterThan(4);
    }
    expect(said.some((one) => one.type === 'bot' && one.isReply)).toBe(true);
    expect(said.some((one) => one.type === 'form' && one.place === 'it')).toBe(true);
  });

  test('is made of messages and forms that Slack and Teams take, and that say something', () => {
    const problems = said.flatMap((one) => {
      if (one.type === 'person') return [];
      if (one.type === 'form')
        return [
          ...viewProblems(renderForm(one.form, one.form.name === 'ask-rep')),
          ...faultsOf(renderCard(one.form, unfilled, false)),
        ];
      const { summary, blocks } = one.message;
      const cards = renderForTeams(one.message).attachments.map((attached) =>
        typeof attached === 'object' && attached !== null && 'content' in attached ? attached.content : null,
      );
      return [
        ...(summary === '' || blocks.length === 0 ? ['nothing is said'] : []),
        ...messageProblems(renderMessage(one.message, 'cut')),
        ...cards.flatMap(faultsOf),
      ];
    });
    expect(problems).toEqual([]);
  });
});

const message = (...blocks: Message['blocks']): Message => ({ summary: 'Summary', blocks, buttons: [] });

describe('a message that is too long', () => {
  test('ends with the line that says so, and then its buttons', () => {
    const long = message({ type: 'text', text: 'word '.repeat(20_000) });
    const button = { action: 'edit', label: 'Edit', value: 'x', style: 'plain' } as const;
    const { blocks } = renderMessage({ ...long, buttons: [button] }, 'A part is missing.');
    expect(messageProblems({ text: 'x', blocks })).toEqual([]);
    expect(shown(blocks.slice(-2))).toEqual(['A part is missing.', 'Edit']);
  });

  test('is parted at paragraphs', () => {
    const paragraphs = Array.from({ length: 4 }, (_, index) => `${index} ${'x'.repeat(1400)}`);
    const { blocks } = renderMessage(message({ type: 'text', text: paragraphs.join('\n\n') }), 'cut');
    expect(shown(blocks)).toEqual([paragraphs.slice(0, 2).join('\n\n'), paragraphs.slice(2).join('\n\n')]);
  });

  test('keeps commands and shortens transcripts in their middle', () => {
    const transcript = { type: 'code', label: 'T', text: `first\n${'line\n'.repeat(5000)}last` } as const;
    const command = { type: 'code', label: 'C', text: 'openssl s_client' } as const;
    const text = shown(renderMessage(message(transcript, command), 'cut').blocks).join('\n');
    for (const word of ['first', 'last', 'openssl s_client', 'cut']) expect(text).toContain(word);
  });

  test('has no more blocks than Slack takes', () => {
    const many = Array.from({ length: 80 }, (_, index) => ({ type: 'note', text: `${index}` }) as const);
    expect(renderMessage(message(...many), 'cut').blocks).toHaveLength(limits.blocksPerMessage);
  });
});

describe('the check of payloads', () => {
  test('notices what Slack would refuse', () => {
    const long = { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } };
    expect(messageProblems({ text: 'x', blocks: [long] })).toHaveLength(1);
    expect(messageProblems({ text: '', blocks: [] })).toHaveLength(1);
    expect(viewProblems({ type: 'modal', blocks: [] }).length).toBeGreaterThan(3);
  });
});
