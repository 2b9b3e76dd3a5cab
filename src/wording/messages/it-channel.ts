import type { Block, Button, Message } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import { isFinished } from '../../conversation/state/selectors.ts';
import { services } from '../../diagnosis/account/endpoint.ts';
import { translator } from '../catalogue/catalogue.ts';
import { evidenceContent } from '../findings/evidence.ts';
import type { TestCaseState } from '../wording.ts';
import { rootContent } from './it.ts';
import { sampleCase } from './sample.ts';

/** What its buttons carry before the id, where those of a case name a conversation. */
const path = 'test-case';

const button = (
  action: Button['action'],
  value: string,
  { style, locale }: { style: Button['style']; locale: Locale },
): Button => ({
  action,
  label: translator(locale)(`views:button.${action}`),
  value,
  style,
});

/** Once for each time that the bot comes into the channel. */
export const channelCard = (locale: Locale): Message => {
  const t = translator(locale);
  const heading = t('views:it-channel.heading');
  return {
    summary: heading,
    blocks: [
      { type: 'heading', text: heading, tone: 'neutral' },
      { type: 'text', text: t('views:it-channel.text') },
      { type: 'note', text: t('views:it-channel.note') },
    ],
    buttons: [button('test-case', path, { style: 'primary', locale })],
    locale,
  };
};

const cleared = (by: string, locale: Locale): { root: Message; thread: Message[] } => {
  const t = translator(locale);
  const said = (text: string): Message => ({
    summary: text,
    blocks: [{ type: 'note', text }],
    buttons: [],
    locale,
  });
  return {
    root: said(t('views:test-case.cleared', { name: by })),
    thread: services.map(() => said(t('views:test-case.cleared-part'))),
  };
};

type TestCase = { id: string; state: TestCaseState };

/** Looks like a case from first to last, between two lines that say that it is none. */
export const testCase = (
  { id, state }: TestCase,
  { itLocale: locale, now }: { itLocale: Locale; now(): number },
): { root: Message; thread: Message[] } => {
  if (state.type === 'cleared') return cleared(state.by, locale);
  const t = translator(locale);
  const by = state.type === 'claimed' ? state.by : null;
  const { conversation, escalation, check } = sampleCase(locale, now(), by);
  const content = rootContent(conversation, escalation, locale);
  const value = `${path}/${id}`;
  const mark: Block = { type: 'heading', text: t('views:test-case.mark'), tone: 'open' };
  const part: Block = { type: 'note', text: t('views:test-case.part') };
  return {
    root: {
      summary: `${t('views:test-case.mark')}: ${content.summary}`,
      blocks: [
        mark,
        { type: 'text', text: t('views:test-case.text') },
        ...content.blocks,
        { type: 'note', text: t('views:test-case.how-to-clear') },
      ],
      buttons: [
        ...(by === null ? [button('claim', value, { style: 'primary', locale })] : []),
        button('resolve', value, { style: by === null ? 'plain' : 'primary', locale }),
      ],
      locale,
    },
    thread: services.map((service): Message => {
      const { summary, blocks } = isFinished(check)
        ? evidenceContent(check, service, locale)
        : { summary: t('views:test-case.part'), blocks: [] };
      return { summary, blocks: [part, ...blocks], buttons: [], locale };
    }),
  };
};
