import type { Person } from '../../chat/port.ts';
import type { Block } from '../../chat/view.ts';
import type { Check, Locale } from '../../conversation/state/conversation.ts';
import type { Account } from '../../diagnosis/account/account.ts';
import { type Service, services } from '../../diagnosis/account/endpoint.ts';
import { type Finding, partsOfEvidence } from '../../diagnosis/finding.ts';
import { catalogues, isKey, translator } from '../catalogue/catalogue.ts';
import { nameInText } from '../catalogue/person-name.ts';
import { domainOf, hostsOf, withPort } from '../findings/account-blocks.ts';
import { inWords } from '../findings/finding-blocks.ts';

/** The words of the login page; those that hold a value are filled here and given one by one. */
export const loginWords = (locale: Locale): Readonly<Record<string, string>> => {
  const { login, 'test-mail': testMail } = catalogues[locale];
  const ofTestMail = Object.entries(testMail).map(([key, text]) => [`test-mail-${key}`, text] as const);
  return Object.fromEntries(
    [...Object.entries(login), ...ofTestMail].filter(([, text]) => !text.includes('{{')),
  );
};

/** What she agrees to with the box. `patienceMs`: how long the mail is waited for. */
export const loginTestMail = ({ address }: Account, patienceMs: number, locale: Locale): string =>
  translator(locale)('test-mail:what', { address, patience: Math.round(patienceMs / 1000) });

/** Which part of a rehearsal is under way, for those who hear the page; null: none. */
export const loginAnnounced = (blocks: readonly Block[], locale: Locale): string | null => {
  const items = blocks.flatMap((block) => (block.type === 'checklist' ? block.items : []));
  const running = items.findLast(({ state }) => state === 'running');
  const { label: step, stateLabel: state } = running ?? {};
  return step === undefined || state === undefined
    ? null
    : translator(locale)('test-mail:announced', { step, state });
};

/** `until` and `now` in milliseconds since the epoch. */
export const loginRefused = (locale: Locale, until: number, now: number): string =>
  translator(locale)('login:refused', { count: Math.max(1, Math.ceil((until - now) / 60_000)) });

/** Which servers will get the password. */
export const loginServers = (account: Account, locale: Locale): { label: string; value: string }[] => {
  const t = translator(locale);
  return services.flatMap((service) => {
    const endpoint = account[service];
    return endpoint ? [{ label: t(`views:value.${service}`), value: withPort(endpoint) }] : [];
  });
};

/** Who asked for the test, and where: the link may have been passed on. */
export const loginAsker = ({ name, platform }: Person, locale: Locale): string => {
  const key = `login:asked-${platform}`;
  return translator(locale)(isKey(key) ? key : 'login:asked-elsewhere', { name: nameInText(name) });
};

/** That nothing connects these servers with the address; null where there are none. */
export const loginForeign = (
  account: Account,
  options: { foreign: readonly Service[]; locale: Locale; isAllowed: boolean },
): string | null => {
  const hosts = hostsOf(account, options.foreign);
  if (hosts.length === 0) return null;
  const key = options.isAllowed ? 'login:foreign-text' : 'login:not-allowed-text';
  return translator(options.locale)(key, { hosts, domain: domainOf(account) });
};

const refusalBy = ({ assessment }: Check, service: Service): Finding | null =>
  assessment?.findings.find(
    ({ requirement, reason, endpoint }) =>
      requirement === 'login-accepted' && reason === 'wrong-credentials' && endpoint?.service === service,
  ) ?? null;

/** What was most likely mistyped is said once: both servers refuse the same words. */
const bothRefused = ({ account }: Check, refusals: readonly Finding[], locale: Locale): Block => {
  const t = translator(locale);
  const of = (service: Service) => refusals.find(({ endpoint }) => endpoint?.service === service);
  const replyOf = (service: Service) => partsOfEvidence(of(service)?.evidence ?? {}).values.reply ?? null;
  const values = {
    username: account.username,
    imapHost: account.imap?.host ?? null,
    imapReply: replyOf('imap'),
    smtpHost: account.smtp?.host ?? null,
    smtpReply: replyOf('smtp'),
  };
  return {
    type: 'finding',
    tone: 'bad',
    title: t('login:both'),
    paragraphs: [
      { label: null, text: t('login:both-text', values) },
      { label: t('views:report.what'), text: t('login:both-how') },
    ],
  };
};

/** The blocks of a message as the page shows them. */
export const loginBlocks = (blocks: readonly Block[], check: Check, locale: Locale): Block[] => {
  const refusals = services.flatMap((service) => refusalBy(check, service) ?? []);
  if (refusals.length < services.length) return [...blocks];
  const told = inWords(refusals, check.account, { locale, isIt: false });
  const titles = told.map(({ text }) => text.title);
  const at = blocks.findIndex((block) => block.type === 'finding' && titles.includes(block.title));
  return blocks.flatMap((block, index) => {
    if (index === at) return [bothRefused(check, refusals, locale)];
    return block.type === 'finding' && titles.includes(block.title) ? [] : [block];
  });
};
