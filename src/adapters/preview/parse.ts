import { z } from 'zod';
import { buttonActions, formNames } from '../../chat/view.ts';
import { limits } from './limits.ts';
import type { PageLocale } from './page-texts.ts';
import { pageLocales } from './page-texts.ts';

const text = z.string().max(limits.textLength);
const id = z.string().max(limits.idLength);
const pane = z.enum(['rep', 'it']);

/** What the page sends, one schema per route. */
export const bodies = {
  /** `typed`: by hand, so that it is shown in the chat. */
  command: z.strictObject({ text, typed: z.boolean() }),
  button: z.strictObject({ message: id, action: z.enum(buttonActions), value: id }),
  form: z.strictObject({
    form: z.enum(formNames),
    context: id,
    pane,
    values: z
      .record(z.string().max(100), text.nullable())
      .refine((values) => Object.keys(values).length <= limits.fields),
  }),
  /** `thread`: the message in the IT channel that is replied to. */
  message: z.strictObject({ text: text.min(1), thread: id.nullable() }),
};

const commandName = /^\/connect-email(?:\s+|$)/i;

/** What was typed into the chat: a slash command or plain words. */
export const parseTyped = (typed: string): { type: 'command' | 'message'; text: string } => {
  const trimmed = typed.trim();
  return commandName.test(trimmed)
    ? { type: 'command', text: trimmed.replace(commandName, '') }
    : { type: 'message', text: trimmed };
};

const mention = /@connect-email\b[:,]?\s*/gi;

/** As on the real platforms, a reply in a thread reaches the bot only when it mentions it. Null: it stays in the thread. */
export const parseReply = (typed: string): string | null =>
  typed.search(mention) === -1 ? null : typed.replace(mention, '').trim();

const languageCommand = /^(?:language|sprache)\s+(de|en)$/i;

/** The language that a command or message chooses, so that the page around the chat speaks it too. */
export const chosenLocale = (typed: string): PageLocale | null => {
  const code = languageCommand.exec(typed.trim())?.[1]?.toLowerCase();
  return pageLocales.find((locale) => locale === code) ?? null;
};

const localeOf = (tag: string): PageLocale | null => {
  const primary = tag.split('-')[0]?.toLowerCase();
  return pageLocales.find((locale) => locale === primary) ?? null;
};

/** The first language of Accept-Language (RFC 9110 §12.5.4) that we speak, with the browser's own tag for it. */
export const preferredLanguage = (
  acceptLanguage: string | undefined,
): { tag: string | null; locale: PageLocale | null } => {
  const tags = (acceptLanguage ?? '')
    .slice(0, 1000)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find(Boolean);
      return { tag: tag.trim(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ tag, quality }) => /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(tag) && quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
  const spoken = tags.find((tag) => localeOf(tag) !== null);
  return spoken ? { tag: spoken, locale: localeOf(spoken) } : { tag: tags[0] ?? null, locale: null };
};
