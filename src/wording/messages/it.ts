import type { Block, Message } from '../../chat/view.ts';
import { loginCauses } from '../../conversation/check/causes.ts';
import type { Conversation, Escalation, Locale } from '../../conversation/state/conversation.ts';
import {
  checksOfEscalation,
  type FinishedCheck,
  findEscalation,
  isOutdated,
  isThreadActive,
  threadOf,
} from '../../conversation/state/selectors.ts';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import { translator } from '../catalogue/catalogue.ts';
import { accountRows } from '../findings/account-blocks.ts';
import { checkBlocks } from '../findings/command-blocks.ts';
import { lookCommands } from '../findings/commands.ts';
import { findingBlock, policyBlocks, unmetInWords, type WordedFinding } from '../findings/finding-blocks.ts';
import { fixBlocks } from '../findings/fixes.ts';
import { factsOf, serverBlocks } from '../findings/server-blocks.ts';
import { concerned, stateInWords } from './case-state.ts';

export type Content = Omit<Message, 'buttons'>;

/** What looking again by ourselves has shown. */
const watchBlocks = ({ watch }: Escalation, locale: Locale): Block[] => {
  const t = translator(locale);
  if (watch?.told === 'back') return [{ type: 'text', text: t('views:root.back') }];
  const isGone = watch?.told === 'gone' || watch?.told === 'gone-again';
  return isGone ? [{ type: 'text', text: t('views:root.gone') }] : [];
};

/** What will be looked at again, and what only a login would show. */
const watchNotes = (conversation: Conversation, escalation: Escalation, locale: Locale): Block[] => {
  const t = translator(locale);
  const needsLogin = loginCauses(conversation, escalation).length > 0;
  return [
    ...(escalation.watch?.told === 'nothing' ? [t('views:root.watched')] : []),
    ...(needsLogin ? [t('views:root.not-watched')] : []),
  ].map((text) => ({ type: 'note', text }));
};

const cause = ({ finding }: WordedFinding): string =>
  JSON.stringify([finding.requirement, finding.reason, finding.endpoint?.service]);

/** The titles of what was handed over and of what came up since; what is met by now says so. */
const causeBlocks = (first: FinishedCheck, newest: FinishedCheck | null, locale: Locale): Block[] => {
  const t = translator(locale);
  const before = unmetInWords(first, locale);
  const since = newest ? unmetInWords(newest, locale) : before;
  const isIn = (one: WordedFinding, others: readonly WordedFinding[]) =>
    others.some((other) => cause(other) === cause(one));
  const titled = (one: WordedFinding, tone: 'own' | 'good', note: string | null): Block => ({
    type: 'finding',
    tone: tone === 'good' ? 'good' : findingTone(one),
    title: one.text.title,
    paragraphs: note === null ? [] : [{ label: null, text: note }],
  });
  return [
    ...before.map((one) =>
      isIn(one, since) ? titled(one, 'own', null) : titled(one, 'good', t('views:root.fixed')),
    ),
    ...since.filter((one) => !isIn(one, before)).map((one) => titled(one, 'own', t('views:root.new'))),
  ];
};

const findingTone = ({ finding }: WordedFinding) =>
  finding.verdict === 'fail' ? 'bad' : finding.verdict === 'warn' ? 'warning' : 'open';

/** One sentence about the newest check that IT asked for. */
export const recheckInWords = (check: FinishedCheck, locale: Locale): string =>
  translator(locale)('views:root.rechecked', { count: unmetInWords(check, locale).length });

/** The message in the IT channel itself: who, what, and where the case stands. */
export const rootContent = (conversation: Conversation, escalation: Escalation, locale: Locale): Content => {
  const t = translator(locale);
  const { first, newest: latest, running } = checksOfEscalation(conversation, escalation);
  const newest = latest && isOutdated(latest, escalation) ? null : latest;
  const rep = conversation.person.name;
  const { names, isSeveral } = concerned(conversation, escalation);
  const [name = rep, ...others] = names;
  const isResolved = threadOf(escalation).state === 'resolved';
  const heading = isResolved
    ? t(others.length > 0 ? 'views:root.heading-resolved-several' : 'views:root.heading-resolved', { names })
    : others.length > 0
      ? t('views:root.heading-several', { name, count: others.length })
      : t('views:root.heading', { name });
  const state = stateInWords(conversation, escalation, locale);
  const comment: Block[] =
    escalation.comment === '' ? [] : [{ type: 'quote', by: rep, text: escalation.comment }];
  return {
    summary: `${heading}. ${state}`,
    blocks: [
      { type: 'heading', text: heading, tone: isResolved ? 'good' : 'neutral' },
      { type: 'text', text: state },
      ...(others.length > 0
        ? [{ type: 'text', text: t('views:root.people', { count: names.length, names }) } as const]
        : []),
      ...(running ? [{ type: 'text', text: t('views:root.running') } as const] : []),
      ...(newest ? [{ type: 'text', text: recheckInWords(newest, locale) } as const] : []),
      ...(isThreadActive(escalation) ? watchBlocks(escalation, locale) : []),
      ...(first ? causeBlocks(first, newest, locale) : []),
      ...comment,
      ...(first
        ? [
            {
              type: 'values',
              title: t('views:root.account'),
              rows: accountRows(first.account, rep, locale),
            } as const,
          ]
        : []),
      {
        type: 'note',
        text: isSeveral ? t('views:root.only-questions-several') : t('views:root.only-questions', { rep }),
      },
      ...(isThreadActive(escalation) ? watchNotes(conversation, escalation, locale) : []),
    ],
  };
};

/** One more person below a root that stands: who, what she wrote, and what was seen of hers. */
export const joinedContent = (conversation: Conversation, escalationId: string, locale: Locale): Content => {
  const t = translator(locale);
  const rep = conversation.person.name;
  const summary = t('views:thread.joined', { name: rep });
  const escalation = findEscalation(conversation, escalationId);
  const { first } = escalation ? checksOfEscalation(conversation, escalation) : { first: null };
  if (!escalation || !first) return { summary, blocks: [{ type: 'text', text: summary }] };
  const comment: Block[] =
    escalation.comment === '' ? [] : [{ type: 'quote', by: rep, text: escalation.comment }];
  return {
    summary,
    blocks: [
      { type: 'text', text: summary },
      ...comment,
      ...causeBlocks(first, null, locale),
      { type: 'values', title: t('views:root.account'), rows: accountRows(first.account, rep, locale) },
      ...checkBlocks(first.account, t('views:evidence.repeat-all'), { locale }),
    ],
  };
};

const transcriptBlocks = (check: FinishedCheck, service: Service, locale: Locale): Block[] => {
  const marks = { server: 'S: ', client: 'C: ', note: '# ' } as const;
  return check.transcripts
    .filter((transcript) => transcript.service === service && transcript.lines.length > 0)
    .map(({ lines }) => ({
      type: 'code',
      label: translator(locale)('views:evidence.transcript'),
      text: lines.map(({ from, text }) => `${marks[from]}${text}`).join('\n'),
    }));
};

/** Everything about one server, in the thread: what was seen, what to do, and how to see it oneself. */
export const evidenceContent = (check: FinishedCheck, service: Service, locale: Locale): Content => {
  const t = translator(locale);
  const name = service.toUpperCase();
  const endpoint = check.account[service];
  const heading = endpoint
    ? t('views:evidence.heading', { service: name, host: endpoint.host, port: endpoint.port })
    : t('views:evidence.heading-no-server', { service: name });
  const own = unmetInWords(check, locale, { isIt: true }).filter(
    ({ finding }) => (finding.endpoint?.service ?? finding.hubspotStep?.slice(0, 4) ?? 'imap') === service,
  );
  const facts = factsOf(check.assessment, service);
  const used = check.assessment.findings.find((finding) => finding.endpoint?.service === service)?.endpoint;
  const look = endpoint
    ? lookCommands(endpoint, {
        encryption: used?.encryption ?? null,
        versions: facts?.versions ?? [],
      }).join('\n')
    : '';
  return {
    summary: heading,
    blocks: [
      { type: 'heading', text: heading, tone: own[0] ? findingTone(own[0]) : 'good' },
      ...own.map((one) => findingBlock(one, { locale, isIt: true })),
      ...policyBlocks(own, { policy: check.assessment.policy, locale }),
      ...fixBlocks(
        own.map(({ finding }) => finding),
        facts?.software ?? null,
        locale,
      ),
      ...(own.length === 0 ? [{ type: 'text', text: t('views:evidence.all-met') } as const] : []),
      ...serverBlocks(facts, locale),
      ...transcriptBlocks(check, service, locale),
      ...(endpoint ? [{ type: 'code', label: t('views:evidence.repeat'), text: look } as const] : []),
      ...checkBlocks(check.account, t('views:evidence.repeat-all'), { locale }),
    ],
  };
};

/** The same in plain text, for somebody who has to pass it on by hand. */
export const handOverText = (conversation: Conversation, check: FinishedCheck, locale: Locale): string => {
  const t = translator(locale);
  const rep = conversation.person.name;
  return [
    t('views:root.heading', { name: rep }),
    ...accountRows(check.account, rep, locale).map(({ label, value }) => `${label}: ${value}`),
    ...unmetInWords(check, locale, { isIt: true }).flatMap(({ text }) => [
      '',
      text.title,
      text.explanation,
      text.remedy,
    ]),
  ]
    .filter((part, index, all) => part !== '' || all[index - 1] !== '')
    .join('\n');
};
