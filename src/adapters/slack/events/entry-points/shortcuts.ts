import { addressIn } from '../../../../chat/address-in.ts';
import { readable } from '../../render/text.ts';
import { answerCommand, isOurs } from '../clicks.ts';
import type { Context } from '../context.ts';
import { bodies, nameOf } from '../parse.ts';

/** Names of the shortcuts; permanent, as the manifest has them. The second one belongs to a message. */
export const shortcutNames = ['check-account', 'check-this'] as const;

const record = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Every text in a message, in its order: of blocks and attachments too, where other apps and forwarded mail have theirs. */
const textsIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (!record(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' ? (key === 'text' || key === 'fallback' ? [inner] : []) : textsIn(inner),
  );
};

/** The same as the command, where no command can be typed: from the search field, and at a message, in threads too. */
export const takeShortcut = async (
  context: Context,
  body: unknown,
  ack: () => Promise<void>,
): Promise<void> => {
  await ack();
  const { user, trigger_id, response_url, channel, message } = bodies.shortcut.parse(body);
  const command = {
    user_id: user.id,
    user_name: nameOf(user),
    channel_id: channel?.id ?? '',
    text: addressIn(readable(textsIn(message).join('\n'))),
    trigger_id,
    response_url,
  };
  await context.backpressure();
  const ear = { user: user.id, channel: command.channel_id, responseUrl: response_url };
  if (!(await isOurs(context, body, ear))) return;
  const key = `slack:shortcut/${trigger_id}`;
  await context.once(key, () => answerCommand(context, command, key));
};
