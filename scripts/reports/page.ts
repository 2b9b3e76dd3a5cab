import { newCheck } from '../../src/conversation/state/check.ts';
import { type Conversation, newConversation } from '../../src/conversation/state/conversation.ts';
import { assess } from '../../src/diagnosis/assess.ts';
import type { Locale, PerLocale } from '../../src/language.ts';
import { createWording } from '../../src/wording/index.ts';
import { type ReportCase, reportCases } from './cases.ts';
import { moment } from './certificates.ts';
import { markdown } from './markdown.ts';

/** The conversation of somebody who has just had this checked. */
export const conversationOf = (
  { account, observations, provider }: ReportCase,
  locale: Locale,
): Conversation => {
  const assessment = assess(account, observations, { now: moment, policy: 'hubspot-2017', provider });
  const person = { platform: 'slack', id: 'U1', name: 'Anna Beck' };
  return {
    ...newConversation('conversation', { person, locale, at: moment, address: account.address }),
    checks: [
      {
        ...newCheck('check', account, moment),
        state: 'finished',
        durationMs: 4200,
        assessment,
        withLogin: assessment.loginTested,
        foreignServers: [],
      },
    ],
  };
};

const beginning = {
  de: [
    '# Die häufigsten Berichte',
    'Was jemand aus dem Vertrieb im Chat liest, ganz und in der richtigen Reihenfolge. Diese Seite schreibt `npm run reports` aus dem Programm und seinen Texten; ein Test vergleicht sie.',
  ],
  en: [
    '# The likeliest reports',
    'What a sales rep reads in the chat, whole and in order. This page is written by `npm run reports` from the program and its texts; a test compares it.',
  ],
} as const satisfies PerLocale<readonly string[]>;

/** `docs/reports.<locale>.md`. */
export const reportsPage = (locale: Locale): string => {
  const wording = createWording({ itLocale: locale, now: () => moment, itChannel: true, loginPage: true });
  const reports = reportCases.map((one, index) => [
    '---',
    `## ${index + 1}. ${one.name[locale]}`,
    markdown(wording.message(conversationOf(one, locale), 'report:check')),
  ]);
  return `${[...beginning[locale], ...reports.flat()].join('\n\n')}\n`;
};
