import { expect } from 'vitest';
import { actionsOf, mentionsOf, textsOf } from '../../adapters/teams-simulator/cards.ts';
import {
  type Answer,
  itChannelId,
  type Posted,
  type SimulatedPerson,
} from '../../adapters/teams-simulator/index.ts';
import { scope } from '../../mail-servers/index.ts';
import { until } from '../../support/until.ts';
import { type Env, type Product, startProduct, startWithin } from '../product.ts';
import {
  createOriginals,
  type ItMember,
  type Message,
  newestLink,
  newestWith,
  type OpenForm,
  type Rep,
  type Rig,
  type Stage,
  type StageOptions,
  type Submitted,
} from '../stage.ts';
import { dialogIn, errorsAt, openCompany, standing } from '../teams-stage.ts';
import { variants } from '../words.ts';

type Seen = { post: Posted; card: unknown };
const originals = createOriginals<Seen>();
const messageOf = (post: Posted): Message => {
  return originals.shown(
    {
      lines: textsOf(post.card),
      buttons: actionsOf(post.card).map(({ data }) => String(data.action)),
      calls: mentionsOf(post.card).map(({ mentioned }) => mentioned.id),
    },
    { post, card: post.card },
  );
};

type Opened = { person: SimulatedPerson; card: unknown; post?: Posted };
const formOf = ({ person, card, post }: Opened): OpenForm => ({
  standing: async (...fields) => {
    const all = standing(card);
    return Object.fromEntries(fields.map((field) => [field, all[field] ?? '']));
  },
  submit: async (values = {}) => {
    const name = String(actionsOf(card).find(({ data }) => data.form !== undefined)?.data.form);
    return submittedOf(await person.submit(card, name, values, post), { person, ...(post && { post }) });
  },
});
/** The same in the dialog of the message extension, which is sent by another name. */
const extensionFormOf = (person: SimulatedPerson, card: unknown): OpenForm => ({
  ...formOf({ person, card }),
  submit: async (values = {}) => {
    const name = String(actionsOf(card).find(({ data }) => data.form !== undefined)?.data.form);
    const answer = await person.submitExtension(card, name, values);
    if (answer.type === 'nothing') return { type: 'closed' };
    const form = extensionFormOf(person, dialogIn(answer));
    const errors = errorsAt(dialogIn(answer));
    return Object.keys(errors).length > 0 ? { type: 'errors', errors, form } : { type: 'next', form };
  },
});
const submittedOf = (answer: Answer, who: Omit<Opened, 'card'>): Submitted => {
  if (answer.type === 'nothing') return { type: 'closed' };
  const form = formOf({ ...who, card: dialogIn(answer) });
  const errors = errorsAt(dialogIn(answer));
  return Object.keys(errors).length > 0 ? { type: 'errors', errors, form } : { type: 'next', form };
};

/** What her chat says next. */
const answered = async (person: SimulatedPerson, text: string): Promise<Message> => {
  const before = person.chat().length;
  await person.says(text);
  return until(() => {
    const post = person.chat()[before];
    if (!post) throw new Error(`nobody has answered “${text}”`);
    return messageOf(post);
  });
};

const acting = (person: SimulatedPerson) => ({
  asks: (text: string) => answered(person, text),
  open: async (message: Message, action: string) => {
    const { post, card } = originals.of(message);
    return formOf({ person, card: dialogIn(await person.press(post, action, card)), post });
  },
  press: async (message: Message, action: string) => {
    const { post, card } = originals.of(message);
    expect((await person.press(post, action, card)).type).toBe('line');
  },
});

const stageFor = async ({ env, locale, process }: StageOptions): Promise<Stage> => {
  const { tag, words } = variants.find(({ language }) => language === locale) ?? variants[0];
  const own = scope();
  let product: Product | null = null;
  const start = async (given: Env) => {
    if (process === 'shared') return startWithin(given);
    product = await startProduct(given);
    return product;
  };
  const folder = { DATA_DIR: await own.folder(), DEFAULT_LOCALE: locale, TEAMS_IT_CHANNEL: itChannelId };
  const company = await openCompany({ ...env, ...folder }, { tag, start });
  const { anna: hers, jonas: his, teams } = company;
  await his.installsInTeam();
  const anna: Rep = {
    ...acting(hers),
    begin: async () => {
      if (hers.chat().length === 0) await hers.installs();
      else await hers.says('connect email');
      return anna.open(await anna.reads(words.welcome), 'start');
    },
    beginsAt: async (text) => {
      // Whoever uses the extension has the app.
      if (hers.chat().length === 0) await hers.installs();
      const card = dialogIn(await hers.extends(`<p>${text}</p>`));
      return extensionFormOf(hers, card);
    },
    page: (...said) => until(async () => newestWith([await answered(hers, 'status')], said)),
    says: async (text) => void (await hers.says(text)),
    chat: async () => hers.chat().map(messageOf),
    reads: (...said) => until(async () => newestWith(await anna.chat(), said)),
    link: () => until(async () => newestLink(JSON.stringify(hers.chat().map(messageOf)))),
    everRead: async () =>
      hers
        .chat()
        .flatMap(({ versions }) => versions.flatMap(textsOf))
        .join('\n'),
  };
  const jonas: ItMember = {
    speaks: locale,
    ...acting(his),
    page: (...said) => until(async () => newestWith([await answered(his, 'queue')], said)),
    id: his.member.id,
    mentions: async (root, text) => void (await his.mentions(originals.of(root).post, text)),
    channel: async () => teams.casesOf().map(messageOf),
    reads: (...said) => until(async () => newestWith(await jonas.channel(), said)),
    readsBelow: (root, ...said) =>
      until(() => newestWith(teams.threadOf(originals.of(root).post).map(messageOf), said)),
  };
  return {
    anna,
    jonas,
    look: async () => {},
    restart: async (ending, meanwhile) => {
      await product?.end(ending);
      await company.restart(meanwhile);
    },
    close: async () => {
      await company.stop();
      await own.stop();
      expect(teams.faults).toEqual([]);
    },
  };
};

export const teams: Rig = {
  name: 'Teams',
  prepare: async () => ({ open: stageFor, close: async () => {} }),
};
