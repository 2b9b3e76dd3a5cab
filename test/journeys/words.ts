import type { Locale } from '../../src/language.ts';
import { translator } from '../../src/wording/catalogue/catalogue.ts';

/** Its first sentence. */
const first = (text: string): string => `${text.split(/(?<=\.) /u)[0]}`;

/** What is read in the journeys, in both languages. */
const wordsIn = (locale: Locale) => {
  const t = translator(locale);
  const step = (state: 'good' | 'bad' | 'skipped', name: Parameters<typeof t>[0]): string =>
    `${t(`views:step-state.${state}`)}: ${t(name)}`;
  const rep = 'Anna Beck';
  const name = 'Jonas Kern';
  return {
    noAt: t('forms:error.address-no-at'),
    scheme: t('forms:error.host-with-scheme', { scheme: 'imaps://', host: '127.0.0.1' }),
    port: t('forms:error.port-out-of-range'),
    running: t('views:progress.running', { address: 'rep@example.test' }),
    steps: [
      step('bad', 'views:step.imap-connect'),
      step('skipped', 'views:step.imap-login'),
      step('good', 'views:step.smtp-connect'),
      step('skipped', 'views:step.smtp-login'),
      step('skipped', 'views:step.test-mail'),
    ],
    blocked: t('views:verdict.blocked', { count: 1 }),
    tlsTitle: t('findings:tls-min-version.legacy-only.title', { service: 'IMAP', versions: ['TLS 1.0'] }),
    tlsRemedy: t('findings:tls-min-version.legacy-only.remedy', { service: 'IMAP' }),
    tlsRemedyForIt: t('findings:tls-min-version.legacy-only.remedy-for-it', { service: 'IMAP' }),
    ready: t('views:verdict.ready'),
    tooLong: t('forms:error.comment-too-long', { length: 10_000, max: 3000 }),
    handedOver: t('views:notice.handed-over'),
    rootHeading: t('views:root.heading', { name: rep }),
    rootOpen: t('views:root.open'),
    rootClaimed: t('views:root.claimed', { name }),
    rootResolved: t('views:root.resolved', { name, rep }),
    reportClaimed: t('views:case.claimed', { name }),
    reportResolved: t('views:case.resolved', { name }),
    resolved: t('views:notice.resolved', { name }),
    status: t('views:notice.status'),
    welcome: t('views:welcome.heading'),
    failed: first(t('views:notice.hand-over-failed')),
    asked: t('views:notice.question'),
    waiting: t('views:root.waiting', { rep }),
    arrived: t('views:notice.answer-arrived'),
    answers: t('views:thread.answer', { name: rep }),
    reopened: t('views:thread.reopened-by-rep', { name: rep }),
    withdrawn: t('views:thread.withdrawn', { name: rep }),
    stale: first(t('views:thread.stale')),
    openCase: t('home:open', { count: 1 }),
    openCaseFor: t('home:found', { count: 1, query: '' }).replace(t('values:nothing'), ''),
    noCaseFor: t('home:found', { count: 0, query: 'nobody.example' }),
    queueRefused: first(t('home:not-it')),
    mailboxes: t('home:mailboxes'),
    caseWithIt: `rep@example.test: ${t('views:case.open')}`,
    didItWork: t('views:notice.did-it-work'),
    itFailed: t('views:notice.it-failed'),
    itFailedForIt: t('views:thread.it-failed', { name: rep }),
    itWorkedForIt: t('views:thread.it-worked', { name: rep }),
    shownByHubspot: t('views:thread.hubspot-said', {
      name: rep,
      error: t('views:button.said-imap-settings'),
    }),
    writtenForIt: t('views:thread.hubspot-said-else', { name: rep }),
    rechecked: t('views:root.rechecked', { count: 1 }),
    unclaimed: first(t('views:thread.unclaimed')),
    overdue: t('views:root.overdue-unclaimed'),
    remindsOfQuestion: first(t('views:notice.question-reminder')),
    overdueAnswer: first(t('views:root.overdue-waiting', { rep })),
  };
};

type Variant = {
  language: 'de' | 'en';
  /** As platforms and browsers name it. */
  tag: string;
  width: number;
  height: number;
  words: ReturnType<typeof wordsIn>;
};

/** One on a desk, the other on a phone. */
export const variants: readonly [Variant, Variant] = [
  { language: 'de', tag: 'de-DE', width: 1280, height: 860, words: wordsIn('de') },
  { language: 'en', tag: 'en-US', width: 390, height: 844, words: wordsIn('en') },
];

const told: Readonly<Record<string, 'de' | 'en'>> = { Slack: 'de', Teams: 'en' };

/**
 * Long stories are told in German in Slack, in English in Teams, and in both in the preview: each language and each platform
 * is seen, and what differs between two platforms is not the words.
 */
export const variantsIn = (platform: string) =>
  variants.filter(({ language }) => language === (told[platform] ?? language));
