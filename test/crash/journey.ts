/** One rep's whole way, from the command to the resolved case, on a platform whose bot may die at any moment. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../../src/chat/port.ts';
import type { ButtonAction, Form, FormName, Message } from '../../src/chat/view.ts';
import { omar as anyOmar, servers } from '../conversation/fixtures.ts';
import type { Platform, Posted } from './platform.ts';

const patienceMs = 60_000;

const from = (person: Person) => ({ person, platformLocale: 'de', profileAddress: null });

/** Looks until it is there. */
const until = async <T>(what: string, look: () => T | null | undefined | false): Promise<T> => {
  const end = Date.now() + patienceMs;
  for (;;) {
    const seen = look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`waited ${patienceMs} ms in vain for ${what}`);
    await pause(10);
  }
};

const buttonOf = (message: Message, action: ButtonAction) =>
  message.buttons.find((button) => button.action === action);

export const walk = async (platform: Platform, person: Person): Promise<void> => {
  // So many questions in a minute from one and the same would be refused.
  const omar = { ...anyOmar, id: `IT-${person.id}` };
  const toRep = ({ place }: Posted) => place.type === 'person' && place.person.id === person.id;
  const rep = (what: string, fits: (message: Message) => boolean): Promise<Message> =>
    until(
      `${person.id}: ${what}`,
      () => platform.posts.find((post) => toRep(post) && fits(post.message))?.message,
    );
  const inChannel = (what: string, fits: (message: Message) => boolean): Promise<Posted> =>
    until(`${person.id}: ${what}`, () =>
      platform.posts.findLast(
        ({ place, message }) =>
          place.type === 'it-channel' && JSON.stringify(message).includes(person.name) && fits(message),
      ),
    );
  const press = (by: Person, message: Message, action: ButtonAction): Promise<Form | null> => {
    const value = buttonOf(message, action)?.value ?? '';
    const event = { ...from(by), type: 'button', action, value, inItChannel: by !== person } as const;
    return platform.say(event);
  };
  /** A form that did not open or close is tried again by whoever wanted it. */
  const submit = (by: Person, [form, context]: [FormName, string], values: Record<string, string | null>) =>
    platform.say({ ...from(by), type: 'form', form, context, values, inItChannel: by !== person }, null);
  const opened = async (open: () => Promise<Form | null>): Promise<Form> => {
    for (let tries = 0; tries < 20; tries += 1) {
      const form = await open();
      if (form) return form;
    }
    throw new Error(`${person.id}: the form never opened`);
  };

  const address = await opened(() => platform.say({ ...from(person), type: 'command', text: '' }, null));
  const details = await opened(() =>
    submit(person, ['address', address.context], { address: 'anna@firma.example' }),
  );
  // Servers of her own: people with one cause share a thread, and here everybody has a case of her own.
  const domain = `${person.id.toLowerCase()}.example`;
  const own = { ...servers, imapHost: `imap.${domain}`, smtpHost: `smtp.${domain}` };
  await submit(person, ['servers', details.context], own as Record<string, string>);

  const report = await rep('the report', (message) => buttonOf(message, 'escalate') !== undefined);
  const comment = await opened(() => press(person, report, 'escalate'));
  await submit(person, ['escalate', comment.context], { comment: 'Bitte bis Freitag' });

  const root = await inChannel('the case', (message) => buttonOf(message, 'claim') !== undefined);
  await press(omar, root.message, 'claim');
  const claimed = await inChannel('the claim', ({ summary }) => summary.includes(omar.name));
  const question = await opened(() => press(omar, claimed.message, 'ask-rep'));
  await submit(omar, ['ask-rep', question.context], { question: 'Seit wann?' });

  await rep('the question', ({ summary }) => summary.includes('Frage'));
  await platform.say({ ...from(person), type: 'message', text: 'Seit Montag', thread: null });
  await rep(
    'word of the answer',
    ({ summary }) => summary.includes('angekommen') && summary.includes('Antwort'),
  );
  const answered = await inChannel(
    'the way to resolve',
    (message) => buttonOf(message, 'resolve') !== undefined,
  );
  await press(omar, answered.message, 'resolve');
};
