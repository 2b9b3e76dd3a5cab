import type { Block, Button, ButtonAction } from '../chat/view.ts';
import type { LoginRules } from '../conversation/check/login-test.ts';
import type { ErasedThing } from '../conversation/events/effect.ts';
import type { Check, Conversation, Locale } from '../conversation/state/conversation.ts';
import {
  checksOfEscalation,
  escalationOf,
  type FinishedCheck,
  findCheck,
  hasUnmet,
  isFinished,
  isOutdated,
} from '../conversation/state/selectors.ts';
import { buttonsOf } from '../conversation/view/buttons.ts';
import { type Subject, sideOf, subjectOf } from '../conversation/view/slot.ts';
import type { StepProgress } from '../diagnosis/progress.ts';
import { translator } from './catalogue/catalogue.ts';
import { counted } from './catalogue/counted.ts';
import { evidenceContent, handOverText } from './findings/evidence.ts';
import { findingText } from './findings/findings.ts';
import { testMailBlocks } from './findings/test-mail.ts';
import { hintBlocks, refusedLogin, terminalLogin } from './forms/before-login.ts';
import { errorsInWords, formInWords } from './forms/forms.ts';
import { checklistBlock, progressBlocks, stepsOf } from './messages/checklist.ts';
import { escalationInWords } from './messages/escalation.ts';
import { homeButtons, homeContent, queueCommand, queueContent, refusedContent } from './messages/home.ts';
import { type Content, rootContent } from './messages/it.ts';
import { channelCard, testCase } from './messages/it-channel.ts';
import { loginLinkContent } from './messages/notices/guiding.ts';
import { repNotice } from './messages/notices/rep.ts';
import { threadNotice } from './messages/notices/thread.ts';
import { detailsBlocks, reportBlocks, verdictInWords } from './messages/report.ts';
import type { ForPerson, Wording } from './wording.ts';

export type WordingOptions = LoginRules & {
  itLocale: Locale;
  /** Milliseconds since the epoch. */
  now(): number;
  /** There is one to hand a case over to. */
  itChannel: boolean;
};

const nothing: Content = { summary: '', blocks: [] };

const welcome = ({ draft, locale }: Conversation): Content => {
  const t = translator(locale);
  const heading = t('views:welcome.heading');
  const address = draft.address ?? '';
  return {
    summary: heading,
    blocks: [
      { type: 'heading', text: heading, tone: 'neutral' },
      { type: 'text', text: t('views:welcome.text') },
      ...(address === '' ? [] : [{ type: 'text', text: t('views:welcome.address', { address }) } as const]),
    ],
  };
};

const runningProgress = (check: Check, steps: readonly StepProgress[], locale: Locale): Content => {
  const t = translator(locale);
  const isRehearsed = check.rehearsal !== undefined;
  const key = isRehearsed ? 'test-mail:running-note-chat' : 'views:progress.running-note';
  const note: Block = { type: 'note', text: t(key) };
  return {
    summary: t('views:progress.running', { address: check.account.address }),
    blocks: [...progressBlocks(check.account, steps, locale), note],
  };
};

const progress = ({ locale }: Conversation, check: Check): Content => {
  if (check.state === 'running') return runningProgress(check, stepsOf(check), locale);
  const t = translator(locale);
  const heading = isFinished(check)
    ? t('views:progress.finished', { seconds: Math.max(1, Math.round((check.durationMs ?? 0) / 1000)) })
    : t('views:progress.failed');
  return {
    summary: heading,
    blocks: [{ type: 'heading', text: heading, tone: 'neutral' }, checklistBlock(stepsOf(check), locale)],
  };
};

/** What it said must not be typed into HubSpot any more. */
const outdatedReport = ({ account }: FinishedCheck, locale: Locale): Content => {
  const t = translator(locale);
  const heading = t('views:report.outdated');
  return {
    summary: heading,
    blocks: [
      { type: 'heading', text: heading, tone: 'warning' },
      { type: 'text', text: t('views:report.outdated-text', { address: account.address }) },
    ],
  };
};

const report = (conversation: Conversation, check: FinishedCheck, options: WordingOptions): Content => {
  const { locale } = conversation;
  const t = translator(locale);
  const escalation = escalationOf(conversation, check);
  const passOn: Block[] =
    !options.itChannel && hasUnmet(check)
      ? [
          {
            type: 'code',
            label: t('views:report.no-it-channel'),
            text: handOverText(conversation, check, options.itLocale),
          },
        ]
      : [];
  if (isOutdated(check, escalation)) return outdatedReport(check, locale);
  const above: Block[] = [
    ...(check.forCase === null
      ? []
      : [
          { type: 'text', text: t(check.byWatch ? 'views:report.by-watch' : 'views:report.for-it') } as const,
        ]),
    ...(escalation ? [{ type: 'text', text: escalationInWords(escalation, locale) } as const] : []),
    ...testMailBlocks(check, locale),
  ];
  const beforeLogin = hintBlocks(conversation, check);
  return {
    summary: verdictInWords(check, locale).text,
    blocks: [
      ...reportBlocks(check, locale, { above, beforeLogin }),
      ...(options.loginPage ? refusedLogin(check, options, locale) : terminalLogin(check, locale)),
      ...passOn,
    ],
  };
};

const details = ({ locale }: Conversation, check: FinishedCheck, { now }: WordingOptions): Content => ({
  summary: translator(locale)('views:details.heading'),
  blocks: detailsBlocks(check, locale, now()),
});

const contentOf = (
  conversation: Conversation,
  subject: Subject,
  options: WordingOptions & Partial<ForPerson>,
): Content => {
  const { itLocale } = options;
  switch (subject.type) {
    case 'welcome':
      return welcome(conversation);
    case 'progress':
      return progress(conversation, subject.check);
    case 'report':
      return isFinished(subject.check) ? report(conversation, subject.check, options) : nothing;
    case 'details':
      return isFinished(subject.check) ? details(conversation, subject.check, options) : nothing;
    case 'it-root':
      return rootContent(conversation, subject.escalation, itLocale);
    case 'it-evidence': {
      const { first } = checksOfEscalation(conversation, subject.escalation);
      return first ? evidenceContent(first, subject.service, itLocale) : nothing;
    }
    case 'notice':
      return subject.notice.to === 'rep'
        ? repNotice(conversation, subject.notice, { ...options, now: options.now() })
        : threadNotice(conversation, subject.notice, itLocale);
    default:
      return subject satisfies never;
  }
};

const erasedContent = (counts: Readonly<Record<ErasedThing, number>>, locale: Locale): Content => {
  const t = translator(locale);
  const heading = t('views:notice.erased');
  const some = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  const what = counted(some, locale);
  return {
    summary: heading,
    blocks: [
      { type: 'heading', text: heading, tone: 'good' },
      {
        type: 'text',
        text: what.length > 0 ? t('views:notice.erased-counts', { what }) : t('views:notice.erased-nothing'),
      },
      { type: 'note', text: t('views:notice.erased-note') },
    ],
  };
};

const primary: readonly ButtonAction[] = ['start', 'continue-imap', 'escalate', 'claim', 'answer', 'resolve'];

const styleOf = (action: ButtonAction, index: number): Button['style'] => {
  if (action === 'withdraw') return 'danger';
  return index === 0 && primary.includes(action) ? 'primary' : 'plain';
};

/** Everything the product says in a chat. Pure but for the clock that is handed in. */
export const createWording = (options: WordingOptions): Wording => {
  const localeOf = (conversation: Conversation, subject: Subject): Locale =>
    sideOf(subject).type === 'rep' ? conversation.locale : options.itLocale;
  return {
    finding: findingText,
    message: (conversation, slot, person) => {
      const subject = subjectOf(conversation, slot);
      if (!subject) return { ...nothing, buttons: [] };
      const locale = localeOf(conversation, subject);
      const t = translator(locale);
      const { itChannel, loginPage = false, refusesForeignServers = false } = { ...options, ...person };
      const around = { now: options.now(), itChannel, loginPage, refusesForeignServers };
      const buttons = buttonsOf(conversation, slot, around).map(({ action, about }, index) => ({
        action,
        label: t(`views:button.${action}`),
        value: `${conversation.id}/${about}`,
        style: styleOf(action, index),
      }));
      return { ...contentOf(conversation, subject, { ...options, ...person, itChannel }), buttons, locale };
    },
    progress: (conversation, checkId, steps) => {
      const check = findCheck(conversation, checkId);
      const content = check ? runningProgress(check, steps, conversation.locale) : nothing;
      return { ...content, buttons: [], locale: conversation.locale };
    },
    loginLink: (conversation, link) => ({
      ...loginLinkContent(conversation, link),
      buttons: [],
      locale: conversation.locale,
    }),
    erased: (counts, locale) => ({ ...erasedContent(counts, locale), buttons: [], locale }),
    home: (conversation, { locale, queue, command }) => ({
      ...homeContent(conversation, queue, { locale, now: options.now(), command: queueCommand(command) }),
      buttons: homeButtons(conversation, locale),
      locale,
    }),
    queue: (view, { locale, command }) => ({
      ...queueContent(view, { locale, now: options.now(), command: queueCommand(command) }),
      buttons: [],
      locale,
    }),
    queueRefused: (refusal, locale) => ({
      ...refusedContent(refusal, { locale, now: options.now() }),
      buttons: [],
      locale,
    }),
    channelCard: () => channelCard(options.itLocale),
    testCase: (id, state) => testCase({ id, state }, options),
    form: (conversation, name, about) => {
      const locale = name === 'ask-rep' ? options.itLocale : conversation.locale;
      return formInWords(conversation, name, { about, locale });
    },
    errors: errorsInWords,
  };
};
