/** Whole conversations, from the first word to the last, as the bot leads them: nothing in them is written by hand but what people say. */
import type { Form, Message } from '../../src/chat/view.ts';
import type { Effect, Slot } from '../../src/conversation/events/effect.ts';
import type { Event } from '../../src/conversation/events/event.ts';
import { type Conversation, newConversation } from '../../src/conversation/state/conversation.ts';
import { step } from '../../src/conversation/step.ts';
import { sideOf, subjectOf } from '../../src/conversation/view/slot.ts';
import type { Account } from '../../src/diagnosis/account/account.ts';
import { assess } from '../../src/diagnosis/assess.ts';
import type { Locale, PerLocale } from '../../src/language.ts';
import { createWording } from '../../src/wording/index.ts';
import { type ReportCase, reportCases } from '../reports/cases.ts';
import { moment } from '../reports/certificates.ts';

export type Place = 'rep' | 'it';
export type Said =
  | { type: 'person'; place: Place; name: string; text: string }
  | { type: 'form'; place: Place; form: Form }
  | { type: 'bot'; place: Place; isReply: boolean; message: Message };
export type Story = { name: string; said: Said[] };

const anna = { platform: 'slack', id: 'U1', name: 'Anna Beck' };
const jonas = { platform: 'slack', id: 'U2', name: 'Jonas Kern' };
const rules = {
  allowedPorts: [{ from: 1, to: 65_535 }],
  itChannel: true,
  loginPage: true,
  watchIntervalMs: 900_000,
};

type Unstamped<E> = E extends Event ? Omit<E, 'at' | 'id'> : never;
type Happening = Unstamped<Event>;
type Action = Extract<Happening, { type: 'pressed' }>['action'];
type Values = Extract<Happening, { type: 'submitted' }>['values'];

/** A message stands where it was first shown, and says in the end what it says in a chat by then: updates replace it. */
type Kept = Said | { type: 'slot'; slot: Slot };

const reportOf = (name: string): ReportCase => {
  const found = reportCases.find((one) => one.name.en === name);
  if (!found) throw new Error(`expected a report of the name ${name}`);
  return found;
};

const valuesOf = ({ imap, smtp, username, smtpLogin }: Account): Values => ({
  imapHost: imap?.host ?? '',
  imapPort: String(imap?.port ?? ''),
  imapEncryption: imap?.encryption ?? 'tls',
  smtpHost: smtp?.host ?? '',
  smtpPort: String(smtp?.port ?? ''),
  smtpEncryption: smtp?.encryption ?? 'tls',
  username,
  smtpLogin,
  untrustedCertificate: 'no',
});

/** What a conversation has come to, and what everybody has seen of it. */
const createChat = (locale: Locale) => {
  const wording = createWording({ itLocale: locale, now: () => moment, itChannel: true, loginPage: true });
  let conversation: Conversation = newConversation('story', {
    person: anna,
    locale,
    at: moment,
    address: null,
  });
  let count = 0;
  const kept: Kept[] = [];
  const tell = (happening: Happening): void => {
    count += 1;
    const stamp = { at: moment + count * 60_000, id: `e${count}` };
    const [next, effects] = step(conversation, { ...happening, ...stamp }, rules);
    conversation = next;
    for (const effect of effects) follow(effect);
  };
  const follow = (effect: Effect): void => {
    if (effect.type === 'offer-login') {
      const url = `https://bot.beispiel-firma.de/login#${'x'.repeat(43)}`;
      const { address = '' } = conversation.draft;
      const message = wording.loginLink(conversation, { url, address });
      kept.push({ type: 'bot', place: 'rep', isReply: false, message });
    }
    if (effect.type !== 'show' || conversation.messages[effect.slot]) return;
    kept.push({ type: 'slot', slot: effect.slot });
    tell({ type: 'posted', slot: effect.slot, ref: { platform: 'slack', id: effect.slot } });
  };
  const inTheEnd = (slot: Slot): Said[] => {
    const subject = subjectOf(conversation, slot);
    if (!subject) return [];
    const { type } = sideOf(subject);
    const place = type === 'rep' ? 'rep' : 'it';
    return [{ type: 'bot', place, isReply: type === 'thread', message: wording.message(conversation, slot) }];
  };
  return {
    tell,
    keep: (one: Kept): void => void kept.push(one),
    form: (name: Form['name'], about: string): Form => wording.form(conversation, name, about),
    newestCheck: (): string => conversation.checks.at(-1)?.id ?? '',
    newestCase: (): string => conversation.escalations.at(-1)?.id ?? '',
    said: (): Said[] => kept.flatMap((one) => (one.type === 'slot' ? inTheEnd(one.slot) : [one])),
  };
};

/** What people do in it. */
const createTale = (locale: Locale) => {
  const { tell, keep, form, newestCheck, newestCase, said } = createChat(locale);
  const fill = (name: Form['name'], values: Values, { isIt = false, about = '' } = {}): void => {
    keep({ type: 'form', place: isIt ? 'it' : 'rep', form: form(name, about) });
    tell({ type: 'submitted', form: name, values, about, by: isIt ? jonas : anna, inItChannel: isIt });
  };
  return {
    said,
    says: (text: string): void => {
      keep({ type: 'person', place: 'rep', name: anna.name, text });
      tell({ type: 'said', text, as: 'message' });
    },
    gives: ({ account }: ReportCase): void => {
      fill('address', { address: account.address, personalInbox: 'yes' });
      fill('servers', valuesOf(account));
    },
    checked: ({ account, observations, provider }: ReportCase): void => {
      const context = { now: moment, policy: 'hubspot-2017', provider } as const;
      const assessment = assess(account, observations, context);
      const ended = { transcripts: [], durationMs: 4200, foreignServers: [] };
      tell({ type: 'check-finished', checkId: newestCheck(), assessment, ...ended });
    },
    presses: (action: Action): void =>
      tell({ type: 'pressed', action, about: newestCheck(), by: anna, inItChannel: false }),
    itPresses: (action: Action): void =>
      tell({ type: 'pressed', action, about: newestCase(), by: jonas, inItChannel: true }),
    escalates: (comment: string): void => fill('escalate', { comment }, { about: newestCheck() }),
    itAsks: (question: string): void => fill('ask-rep', { question }, { isIt: true, about: newestCase() }),
  };
};

type Told = ReturnType<typeof createTale>;
type Lines = Readonly<Record<'comment' | 'question' | 'answer' | 'begin', string>>;
const lines: PerLocale<Lines> = {
  de: {
    begin: 'E-Mail verbinden',
    comment: 'Seit gestern geht es nicht mehr. Davor lief alles.',
    question: 'Nutzen Sie das Postfach auch auf dem Telefon?',
    answer: 'Ja, dort geht es noch.',
  },
  en: {
    begin: 'connect email',
    comment: 'It stopped working yesterday. Everything was fine before.',
    question: 'Do you use the mailbox on your phone, too?',
    answer: 'Yes, it still works there.',
  },
};

const fixedByIt = (tale: Told, { begin, comment, question, answer }: Lines): void => {
  const wrong = reportOf('TLS 1.0 only, on both servers');
  tale.says(begin);
  tale.gives(wrong);
  tale.checked(wrong);
  tale.presses('details');
  tale.escalates(comment);
  tale.itPresses('claim');
  tale.itAsks(question);
  tale.says(answer);
  tale.itPresses('resolve');
  tale.presses('check-again');
  tale.checked(reportOf('Everything is fine, before a login'));
};

const ownPassword = (tale: Told, { begin }: Lines): void => {
  const wrong = reportOf('A wrong password on both servers');
  tale.says(begin);
  tale.gives(wrong);
  tale.checked({ ...reportOf('Everything is fine, before a login'), account: wrong.account });
  tale.presses('test-login');
  tale.presses('check-again');
  tale.checked(wrong);
};

const adminFirst = (tale: Told, { begin, comment }: Lines): void => {
  const wrong = reportOf('A self-signed certificate');
  tale.says(begin);
  tale.gives(wrong);
  tale.checked(wrong);
  tale.escalates(comment);
  tale.itPresses('claim');
  tale.itPresses('resolve');
};

const told = {
  de: {
    fixedByIt: 'Die IT behebt es',
    ownPassword: 'Sie hat sich vertippt',
    adminFirst: 'HubSpot muss es erlauben',
  },
  en: { fixedByIt: 'IT fixes it', ownPassword: 'She mistyped', adminFirst: 'HubSpot has to allow it' },
} as const satisfies PerLocale<Record<string, string>>;

export const storiesOf = (locale: Locale): Story[] =>
  (
    [
      ['fixedByIt', fixedByIt],
      ['ownPassword', ownPassword],
      ['adminFirst', adminFirst],
    ] as const
  ).map(([id, tell]) => {
    const tale = createTale(locale);
    tell(tale, lines[locale]);
    return { name: told[locale][id], said: tale.said() };
  });
