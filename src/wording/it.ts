import type { Block, Message } from '../chat/view.ts';
import type { Conversation, Escalation, Locale } from '../conversation/conversation.ts';
import { checksOfCase, type FinishedCheck } from '../conversation/select.ts';
import type { Service } from '../diagnosis/endpoint.ts';
import { accountRows } from './account-blocks.ts';
import { translator } from './catalogue.ts';
import { checkCommand, lookCommands } from './commands.ts';
import { findingBlock, policyBlocks, unmetInWords, type WordedFinding } from './finding-blocks.ts';
import { fixBlocks } from './fixes.ts';
import { factsOf, serverBlocks } from './server-blocks.ts';

export type Content = Omit<Message, 'buttons'>;

/** Where a case stands, in one sentence for IT. */
const stateInWords = (conversation: Conversation, escalation: Escalation, locale: Locale): string => {
  const t = translator(locale);
  const rep = conversation.person.name;
  switch (escalation.state) {
    case 'open':
      return t('views:root.open');
    case 'claimed':
      return t('views:root.claimed', { name: escalation.claimedBy?.name ?? null });
    case 'waiting-for-rep': {
      const claimed = escalation.claimedBy
        ? `${t('views:root.claimed', { name: escalation.claimedBy.name })} `
        : '';
      return claimed + t('views:root.waiting', { rep });
    }
    case 'resolved':
      return t('views:root.resolved', { name: escalation.resolvedBy, rep });
    case 'withdrawn':
      return t('views:root.withdrawn', { rep });
    default:
      return escalation.state satisfies never;
  }
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
  const { first, newest, running } = checksOfCase(conversation, escalation);
  const rep = conversation.person.name;
  const heading = t('views:root.heading', { name: rep });
  const state = stateInWords(conversation, escalation, locale);
  const comment: Block[] =
    escalation.comment === '' ? [] : [{ type: 'quote', by: rep, text: escalation.comment }];
  return {
    summary: `${heading}. ${state}`,
    blocks: [
      { type: 'heading', text: heading, tone: escalation.state === 'resolved' ? 'good' : 'neutral' },
      { type: 'text', text: state },
      ...(running ? [{ type: 'text', text: t('views:root.running') } as const] : []),
      ...(newest ? [{ type: 'text', text: recheckInWords(newest, locale) } as const] : []),
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
      { type: 'note', text: t('views:root.only-questions', { rep }) },
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
  const own = unmetInWords(check, locale).filter(
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
      {
        type: 'code',
        label: t('views:evidence.repeat-all'),
        text: checkCommand(check.account),
      },
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
    ...unmetInWords(check, locale).flatMap(({ text }) => ['', text.title, text.explanation, text.remedy]),
  ]
    .filter((part, index, all) => part !== '' || all[index - 1] !== '')
    .join('\n');
};
