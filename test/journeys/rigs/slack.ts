import { expect } from 'vitest';
import { z } from 'zod';
import type { Modal, SlackPerson, SubmitResult } from '../../adapters/slack-person.ts';
import type { Name, SeenMessage, SlackWorld } from '../../adapters/slack-world.ts';
import { until } from '../../support/until.ts';
import { type Product, startProduct } from '../product.ts';
import { openStage, openStageOf } from '../slack-stage.ts';
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

const tags = { de: 'de-DE', en: 'en-GB' } as const;
/** Slack draws what the page of the preview has as icons. */
const sign = /^(?:✅|❌|❔|⚪|⏳|➖|⚠️) /u;

const mention = z.union([
  z.object({ type: z.literal('user'), user_id: z.string() }).transform(({ user_id }) => user_id),
  z.object({ type: z.literal('usergroup'), usergroup_id: z.string() }).transform((one) => one.usergroup_id),
]);
const section = z.object({ type: z.literal('rich_text_section'), elements: z.array(z.unknown()) });
const rich = z.object({ type: z.literal('rich_text'), elements: z.array(z.unknown()) });

/** Whoever stands at the beginning of a line. A member in the middle of one is only shown there. */
const calledIn = (blocks: readonly unknown[]): string[] =>
  blocks
    .flatMap((block) => rich.safeParse(block).data?.elements ?? [])
    .flatMap((part) => mention.safeParse(section.safeParse(part).data?.elements[0]).data ?? []);

const originals = createOriginals<SeenMessage>();
const messageOf = (original: SeenMessage): Message => {
  return originals.shown(
    {
      lines: original.texts.flatMap((text) => text.split('\n')).map((line) => line.replace(sign, '').trim()),
      buttons: original.buttons.map(({ action }) => action),
      calls: calledIn(original.blocks),
    },
    original,
  );
};

const submittedOf = (
  result: SubmitResult,
  modal: Modal,
  typed: Readonly<Record<string, string>>,
): Submitted =>
  result.type === 'closed'
    ? result
    : result.type === 'next'
      ? { type: 'next', form: formOf(result.modal) }
      : { ...result, form: formOf(modal, typed) };

/** What was typed stays in a modal that comes back with errors. */
const formOf = (modal: Modal, typed: Readonly<Record<string, string>> = {}): OpenForm => ({
  standing: async (...fields) => {
    const all = { ...modal.now().fields, ...typed };
    return Object.fromEntries(fields.map((field) => [field, all[field] ?? '']));
  },
  submit: async (values = {}) => {
    const all = { ...typed, ...values };
    return submittedOf(await modal.now().submit(all), modal, all);
  },
});

const opened = async (modal: Promise<Modal | null>): Promise<OpenForm> => {
  const form = await modal;
  if (!form) throw new Error('no form was opened');
  return formOf(form);
};

const acting = (person: SlackPerson, where: 'dm' | 'it', world: SlackWorld, name: Name) => ({
  open: async (message: Message, action: string) =>
    opened((await person.press(originals.of(message), action, where)).modal()),
  asks: async (text: string) => {
    const before = world.whispersTo(name).length;
    expect((await person.command(text)).reply.status).toBe(200);
    return until(() => {
      const answer = world.whispersTo(name)[before];
      if (!answer) throw new Error(`nobody has answered “${text}”`);
      return messageOf(answer);
    });
  },
  page: async (...words: string[]) => {
    expect((await person.opensHome()).status).toBe(200);
    return until(() => {
      const page = world.pageOf(name);
      return newestWith(page ? [messageOf(page)] : [], words);
    });
  },
  press: async (message: Message, action: string) => {
    const { reply } = await person.press(originals.of(message), action, where);
    expect(reply.status).toBe(200);
  },
});

const stageFor = async ({ env, locale, process }: StageOptions): Promise<Stage> => {
  // The person's own language comes from Slack, not from the setting.
  const options = {
    env: { ...env, DEFAULT_LOCALE: 'de', IT_LOCALE: locale },
    locales: { anna: tags[locale], jonas: 'en-US' },
  };
  let product: Product | null = null;
  const starting = async (given: Readonly<Record<string, string>>) => {
    product = await startProduct(given);
    return product;
  };
  const stage = process === 'own' ? await openStageOf(starting, options) : await openStage(options);
  const { world, person } = stage;
  // Everybody is in every channel at first.
  await world.asMember('anna', 'conversations.leave', { channel: world.itChannel });
  const look = async (messages: Promise<SeenMessage[]>): Promise<Message[]> =>
    (await messages).map(messageOf);
  const anna: Rep = {
    ...acting(person.anna, 'dm', world, 'anna'),
    beginsAt: async (text) => opened((await person.anna.shortcut({ text })).modal()),
    begin: async () => opened((await person.anna.command()).modal()),
    says: async (text) => expect((await person.anna.say(text)).status).toBe(200),
    chat: () => look(world.seenBy('anna')),
    reads: (...words) => until(async () => newestWith(await anna.chat(), words)),
    link: () => until(async () => newestLink(JSON.stringify(world.door.calls.map(({ body }) => body)))),
    everRead: async () => world.door.calls.map(({ body }) => String(body.text ?? '')).join('\n'),
  };
  const jonas: ItMember = {
    speaks: 'en',
    ...acting(person.jonas, 'it', world, 'jonas'),
    id: world.idOf('jonas'),
    mentions: async (root, text) =>
      expect((await person.jonas.mention(text, originals.of(root).ts)).status).toBe(200),
    channel: () => look(world.seenByIt()),
    reads: (...words) => until(async () => newestWith(await jonas.channel(), words)),
    readsBelow: (root, ...words) =>
      until(async () => newestWith(await look(world.seenInThread(originals.of(root).ts)), words)),
  };
  return {
    anna,
    jonas,
    look: async () => {},
    restart: async (ending, meanwhile) => {
      await product?.end(ending);
      await meanwhile?.();
      await stage.restart();
    },
    close: stage.close,
  };
};

export const slack: Rig = {
  name: 'Slack',
  prepare: async () => ({ open: stageFor, close: async () => {} }),
};
