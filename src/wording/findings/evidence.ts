/** What stands in the thread of a case, and what is sent by hand where there is none. */
import type { Block } from '../../chat/view.ts';
import type { Conversation, Locale } from '../../conversation/state/conversation.ts';
import type { FinishedCheck } from '../../conversation/state/selectors.ts';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import { serviceOf } from '../../diagnosis/one-cause.ts';
import { translator } from '../catalogue/catalogue.ts';
import type { Content } from '../messages/it.ts';
import { accountRows } from './account-blocks.ts';
import { checkBlocks } from './command-blocks.ts';
import { lookCommands } from './commands.ts';
import { findingBlockForIt, toneOf, unmetInWords, type WordedFinding } from './finding-blocks.ts';
import { findingTextForIt } from './findings.ts';
import { adjustable, fixBlocks } from './fixes.ts';
import { factsOf, serverBlocks } from './server-blocks.ts';

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

/** What was told of IMAP already; of SMTP only what was seen there. */
const sameCauseBlock = (
  { finding, text }: WordedFinding,
  { account }: FinishedCheck,
  locale: Locale,
): Block => ({
  type: 'finding',
  tone: toneOf(finding),
  title: text.title,
  paragraphs: [
    { label: null, text: findingTextForIt(finding, account, locale).explanation },
    { label: null, text: translator(locale)('both:same-as-imap') },
  ],
});

/** Everything about one server, in the thread: what was seen, what to do, and how to see it oneself. */
export const evidenceContent = (check: FinishedCheck, service: Service, locale: Locale): Content => {
  const t = translator(locale);
  const name = service.toUpperCase();
  const endpoint = check.account[service];
  const heading = endpoint
    ? t('views:evidence.heading', { service: name, host: endpoint.host, port: endpoint.port })
    : t('views:evidence.heading-no-server', { service: name });
  const found = unmetInWords(check, locale, { isIt: true }).filter(({ finding, smtp }) =>
    [finding, smtp].some((one) => one && (serviceOf(one) ?? 'imap') === service),
  );
  const own = found.map((one) => (service === 'smtp' && one.smtp ? one.smtp : one.finding));
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
      { type: 'heading', text: heading, tone: own[0] ? toneOf(own[0]) : 'good' },
      ...found.map((one) =>
        service === 'smtp' && one.smtp && one.finding !== one.smtp
          ? sameCauseBlock({ ...one, finding: one.smtp }, check, locale)
          : findingBlockForIt(one, locale, check.assessment),
      ),
      ...fixBlocks(own, adjustable(check, service), locale),
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
