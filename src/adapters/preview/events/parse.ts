import { z } from 'zod';
import { buttonActions, formNames } from '../../../chat/view.ts';
import { acceptedLanguages, type Locale, localeOf } from '../../../language.ts';
import { limits } from '../limits.ts';

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
  /** `thread`: the message in the IT channel that is replied to; `pane`: whose it is where there is none. */
  message: z.strictObject({ text: text.min(1), thread: id.nullable(), pane: pane.default('rep') }),
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

/** The first language of Accept-Language that we speak, with the browser's own tag for it. */
export const preferredLanguage = (
  acceptLanguage: string | undefined,
): { tag: string | null; locale: Locale | null } => {
  const tags = acceptedLanguages(acceptLanguage);
  const spoken = tags.find((tag) => localeOf(tag) !== null);
  return spoken ? { tag: spoken, locale: localeOf(spoken) } : { tag: tags[0] ?? null, locale: null };
};
