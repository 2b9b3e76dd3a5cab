import { renderForm } from '../../src/adapters/slack/render/form.ts';
import { type Payload, renderMessage } from '../../src/adapters/slack/render/render.ts';
import { type Form, formNames, type Message } from '../../src/chat/view.ts';
import type { Slot } from '../../src/conversation/events/effect.ts';
import type { Conversation, Escalation, Locale } from '../../src/conversation/state/conversation.ts';
import { hubspotSteps } from '../../src/diagnosis/target/hubspot/index.ts';
import { locales } from '../../src/language.ts';
import { catalogues } from '../../src/wording/catalogue/catalogue.ts';
import { createWording } from '../../src/wording/index.ts';
import type { Wording } from '../../src/wording/wording.ts';
import { checkOf, everyFinding, moment, type Size, usual, worldOf } from './worlds.ts';

type Modal = ReturnType<typeof renderForm>;
export type Preview = { name: string } & (
  | { type: 'message'; message: Message; payload: Payload }
  | { type: 'modal'; form: Form; payload: Modal }
);

const slotsOf = ({ checks, escalations, notices }: Conversation): Slot[] => [
  'welcome',
  ...checks.map(({ id }) => `progress:${id}` as const),
  ...checks.filter(({ state }) => state === 'finished').map(({ id }) => `report:${id}` as const),
  ...checks.filter(({ state }) => state === 'finished').map(({ id }) => `details:${id}` as const),
  ...escalations.map(({ id }) => `it-root:${id}` as const),
  ...(['imap', 'smtp'] as const).map((service) => `it-evidence:open.${service}` as const),
  ...notices.map(({ id }) => `notice:${id}` as const),
];

/** A report stands as it does before and after IT has it: each state of the case in a conversation of its own. */
const withCase = (conversation: Conversation, id: string): Conversation => ({
  ...conversation,
  checks: conversation.checks.filter((check) => check.id === 'case'),
  escalations: conversation.escalations.filter((one) => one.id === id),
});

/** What each form opens for. */
const about = {
  address: '',
  servers: '',
  escalate: 'case',
  'ask-rep': 'open',
  answer: 'waiting-for-rep',
} as const;

/** What people see besides their conversations. */
const pagesOf = (conversation: Conversation, wording: Wording): { name: string; said: Message }[] => {
  const { locale, escalations } = conversation;
  const where = { locale, command: '/connect-email' };
  const open = escalations.filter(({ id }) => ['open', 'claimed', 'waiting-for-rep'].includes(id));
  const day = 86_400_000;
  const cases = open.map((escalation, index) => ({
    conversation,
    escalation,
    openedAt: moment - (9 - 4 * index) * day,
  }));
  const queue = { cases, more: 4, query: null };
  const help = conversation.notices.find(({ kind }) => kind === 'help');
  const slot = `notice:${help?.id ?? ''}` as const;
  /** A notice as it stands while what it asks is open. */
  const asking = (kind: 'resolved' | 'it-failed', id: string, outcome: Escalation['outcome']): Message => {
    const notice = conversation.notices.find(({ to, kind: one }) => to === 'rep' && one === kind);
    const notices = notice ? [{ ...notice, escalationId: id }] : [];
    const now = { ...conversation, notices, escalations: escalations.map((one) => ({ ...one, outcome })) };
    return wording.message(now as Conversation, `notice:${notice?.id ?? ''}`);
  };
  const failed = { worked: false, at: moment, isExplained: false };
  return [
    { name: 'did-it-work', said: asking('resolved', 'resolved', null) },
    { name: 'what-hubspot-shows', said: asking('it-failed', 'open', failed) },
    { name: 'home-of-somebody-new', said: wording.home(null, { ...where, queue: null }) },
    { name: 'home', said: wording.home(conversation, { ...where, queue: null }) },
    { name: 'home-of-it', said: wording.home(conversation, { ...where, queue }) },
    { name: 'queue', said: wording.queue(queue, where) },
    {
      name: 'queue-found',
      said: wording.queue({ cases: cases.slice(0, 1), more: 0, query: 'firma.example' }, where),
    },
    { name: 'queue-empty', said: wording.queue({ cases: [], more: 0, query: null }, where) },
    { name: 'queue-not-it', said: wording.queueRefused({ reason: 'not-it' }, locale) },
    { name: 'queue-unknown', said: wording.queueRefused({ reason: 'unknown' }, locale) },
    {
      name: 'queue-too-many',
      said: wording.queueRefused({ reason: 'too-many', until: moment + 120_000 }, locale),
    },
    {
      name: 'help-where-commands-are',
      said: wording.message(conversation, slot, { itChannel: true, command: '/connect-email' }),
    },
    {
      name: 'help-of-it',
      said: wording.message(conversation, slot, { itChannel: true, isOfIt: true }),
    },
  ];
};

/** What is said in the IT channel of no case. */
const itChannelMessages = (wording: Wording, { name }: Size): [name: string, said: Message][] => [
  ['it-channel', wording.channelCard()],
  ...(['open', 'claimed', 'cleared'] as const).flatMap((type): [string, Message][] => {
    const { root, thread } = wording.testCase('id', type === 'open' ? { type } : { type, by: name });
    return [
      [`test-case-${type}`, root],
      ...thread.map((said, index): [string, Message] => [`test-case-${type}-thread-${index}`, said]),
    ];
  }),
];

/** Everything that the product can say in Slack in one language, as Slack gets it. */
export const previewsOf = (locale: Locale, size: Size): Preview[] => {
  const conversation = worldOf(locale, size);
  const wordings = [true, false].map((itChannel) =>
    createWording({ itLocale: locale, now: () => moment, itChannel }),
  );
  const [wording, withoutIt] = wordings;
  if (!wording || !withoutIt) return [];
  const message = (name: string, said: Message): Preview => ({
    type: 'message',
    name,
    message: said,
    payload: renderMessage(said, catalogues[locale].chat.cut, 'S0123456789'),
  });
  const modal = (name: string, form: Form): Preview => ({
    type: 'modal',
    name,
    form,
    payload: renderForm(form, form.name === 'ask-rep'),
  });
  const steps = hubspotSteps.map((step, index) => ({
    step,
    state: (['good', 'skipped', 'running', 'skipped', 'skipped'] as const)[index] ?? ('waiting' as const),
    milestones: ['name', 'port', 'greeting', 'encryption', 'certificate', 'versions'] as const,
  }));
  const alone = everyFinding(size).map((finding, index): Preview => {
    const id = `finding-${index}`;
    const check = checkOf(id, { size, findings: [finding] });
    const name = `${id}-${finding.requirement}-${finding.reason ?? 'pass'}`;
    return message(
      name,
      wording.message({ ...conversation, checks: [check], escalations: [] }, `report:${id}`),
    );
  });
  return [
    ...formNames.map((name) => modal(`form-${name}`, wording.form(conversation, name, about[name]))),
    message(
      'progress-live',
      wording.progress(
        conversation,
        'running',
        steps.map((step) => ({ ...step, milestones: [...step.milestones] })),
      ),
    ),
    ...slotsOf(conversation).map((slot) =>
      message(slot.replaceAll(':', '-'), wording.message(conversation, slot)),
    ),
    ...conversation.escalations.map(({ id }) =>
      message(`report-of-case-${id}`, wording.message(withCase(conversation, id), 'report:case')),
    ),
    message(
      'report-without-it-channel',
      withoutIt.message({ ...withCase(conversation, ''), escalations: [] }, 'report:case'),
    ),
    message(
      'login-link',
      wording.loginLink(conversation, {
        url: `https://${size.host}/login#${'x'.repeat(43)}`,
        address: `rep@${size.host}`,
      }),
    ),
    ...itChannelMessages(wording, size).map(([name, said]) => message(name, said)),
    message('erased', wording.erased({ accounts: 1, checks: 12, cases: 2, messages: 40 }, locale)),
    ...pagesOf(conversation, wording).map(({ name, said }) => message(name, said)),
    ...alone,
  ];
};

/** In every language. */
export const everyPreview = (): Preview[] =>
  locales.flatMap((locale) =>
    previewsOf(locale, usual).map((preview) => ({ ...preview, name: `${locale}/${preview.name}` })),
  );
