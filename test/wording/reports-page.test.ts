/** The likeliest reports: as they are written down, in every place where people read them, and how long they are. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type ReportCase, reportCases } from '../../scripts/reports/cases.ts';
import { moment } from '../../scripts/reports/certificates.ts';
import { conversationOf, reportsPage } from '../../scripts/reports/page.ts';
import { renderMessage as renderForSlack } from '../../src/adapters/slack/render/render.ts';
import { limits as teamsLimits } from '../../src/adapters/teams/limits.ts';
import { bytesOf, renderMessage as renderForTeams } from '../../src/adapters/teams/render/render.ts';
import type { Block, Message } from '../../src/chat/view.ts';
import { renderBlocks } from '../../src/cli/render.ts';
import { createWording } from '../../src/wording/index.ts';
import { messageProblems } from '../adapters/slack-payloads.ts';
import { faultsOf } from '../adapters/teams-simulator/cards.ts';
import { locales } from './locale-files.ts';

const messageOf = (one: ReportCase, locale: 'de' | 'en'): Message =>
  createWording({ itLocale: locale, now: () => moment, itChannel: true, loginPage: true }).message(
    conversationOf(one, locale),
    'report:check',
  );

test.each(locales)(
  'docs/reports.%s.md says what is said today; `npm run reports` writes it anew',
  async (locale) => {
    const page = new URL(`../../docs/reports.${locale}.md`, import.meta.url);
    expect(await readFile(page, 'utf8')).toBe(reportsPage(locale));
  },
);

test('the reports are as many as people are likely to get, and no two of them are about the same', () => {
  const seen = reportCases.map((one) => {
    const [check] = conversationOf(one, 'de').checks;
    const unmet = check?.assessment?.findings.filter(
      ({ verdict, severity }) => verdict !== 'pass' && severity !== 'info',
    );
    return JSON.stringify([
      check?.assessment?.loginTested,
      unmet?.map(({ requirement, reason }) => [requirement, reason]),
    ]);
  });
  expect(seen.length).toBeGreaterThanOrEqual(30);
  expect(new Set(seen).size).toBe(seen.length);
});

/** All text of a payload, a card or a message, in the order in which it is drawn. */
const drawn = (value: unknown): string =>
  JSON.stringify(value, (key, inner: unknown) =>
    key === 'fallbackText' || key === 'summary' ? undefined : inner,
  );

const places = ['heading', 'finding', 'values', 'evidence'] as const;
const marksOf = ({ blocks }: Message): string[] =>
  places.flatMap((place) =>
    blocks.flatMap((block: Block) => {
      if (block.type !== place) return [];
      return 'title' in block ? [block.title] : 'text' in block ? [block.text] : [];
    }),
  );

const isInOrder = (text: string, marks: readonly string[]): boolean => {
  let from = 0;
  return marks.every((mark) => {
    const at = text.indexOf(JSON.stringify(mark).slice(1, -1), from);
    from = at + 1;
    return at >= 0;
  });
};

describe.each(reportCases.map((one) => [one.name.en, one] as const))('%s', (_, one) => {
  test.each(locales)(
    'is in %s the same in Slack, Teams and the terminal, in the same order, and whole',
    (locale) => {
      const message = messageOf(one, locale);
      const marks = marksOf(message);
      expect(marks.length).toBeGreaterThan(1);
      const slack = renderForSlack(message, 'CUT');
      expect(messageProblems(slack)).toEqual([]);
      expect(drawn(slack.blocks)).not.toContain('CUT');
      expect(isInOrder(drawn(slack.blocks), marks)).toBe(true);
      const teams = renderForTeams(message);
      expect(bytesOf(teams)).toBeLessThanOrEqual(teamsLimits.cardBytes);
      expect(drawn(teams)).not.toContain('[…]');
      const [card] = teams.attachments.map((attached) => (attached as { content: unknown }).content);
      expect(faultsOf(card)).toEqual([]);
      expect(isInOrder(drawn(card), marks)).toBe(true);
      const paper = renderBlocks(message.blocks, { width: 1000, colour: false });
      expect(isInOrder(JSON.stringify(paper), marks)).toBe(true);
    },
  );
});
