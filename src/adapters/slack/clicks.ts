import type { Incoming } from '../../chat/port.ts';
import type { ButtonAction, Form } from '../../chat/view.ts';
import type { Context } from './context.ts';
import { type ActionBody, actionOf, bodies, type CommandBody, nameOf } from './parse.ts';
import { readable } from './text.ts';
import type { SlackTexts } from './texts.ts';
import type { Ear } from './whisper.ts';

type Ack = () => Promise<void>;

/** Opens one form for one click, and remembers how that went. */
const opener = ({ views, onError }: Context, triggerId: string, inIt: boolean) => {
  let state: 'unused' | 'open' | 'failed' = 'unused';
  return {
    state: () => state,
    openForm: async (form: Form) => {
      if (state !== 'unused') throw new Error('a click opens one form only');
      state = 'open';
      try {
        return await views.open(triggerId, form, inIt);
      } catch (error) {
        state = 'failed';
        onError(error);
        throw error;
      }
    },
  };
};

/** The words for her, in the language of her conversation. Null: nothing could be kept, and she has been told. */
const taken = async (context: Context, incoming: Incoming, ear: Ear): Promise<SlackTexts | null> => {
  try {
    const received = await context.receive(incoming);
    return context.speech.in(received?.locale);
  } catch (error) {
    context.onError(error);
    await context.whisper(ear, context.speech.in(incoming.platformLocale)['not-taken']);
    return null;
  }
};

const isDirectMessage = (channel: string): boolean => channel.startsWith('D');

/** In the channel of a command appears nothing but the form, or one line that only she sees. */
const answerCommand = async (context: Context, command: CommandBody): Promise<void> => {
  const from = context.people.from(command.user_id, command.user_name);
  const { openForm, state } = opener(context, command.trigger_id, false);
  const ear: Ear = {
    user: command.user_id,
    channel: command.channel_id,
    responseUrl: command.response_url,
  };
  const text = readable(command.text);
  const words = await taken(context, { ...from, type: 'command', text, openForm }, ear);
  if (!words) return;
  if (state() === 'failed') await context.whisper(ear, words['form-not-opened']);
  else if (state() === 'unused' && !isDirectMessage(ear.channel))
    await context.whisper(ear, words['answered-in-dm']);
};

/** The slash command. */
export const takeCommand = async (context: Context, body: unknown, ack: Ack): Promise<void> => {
  const command = bodies.command.parse(body);
  await ack();
  await context.breath();
  await context.once(`slack:command/${command.trigger_id}`, () => answerCommand(context, command));
};

/** Whether somebody may act for IT; who may not has been told so. */
const isAdmitted = async (context: Context, ear: Ear): Promise<boolean> => {
  const words = context.speech.forIt();
  try {
    if (await context.itChannel.hasMember(ear.user)) return true;
    await context.whisper(ear, words['members-only']);
  } catch (error) {
    context.onError(error);
    await context.whisper(ear, words['membership-unknown']);
  }
  return false;
};

type Pressed = { action: ButtonAction; value: string };

const answerClick = async (
  context: Context,
  click: ActionBody,
  { action, value }: Pressed,
): Promise<void> => {
  const channel = click.channel?.id ?? click.container.channel_id ?? '';
  const inItChannel = context.itChannel.is(channel);
  const ear: Ear = {
    user: click.user.id,
    channel,
    responseUrl: click.response_url,
    thread: click.container.thread_ts,
  };
  const handle = nameOf(click.user);
  const { people } = context;
  const [from, admitted] = inItChannel
    ? await Promise.all([people.named(click.user.id, handle), isAdmitted(context, ear)])
    : [people.from(click.user.id, handle), true];
  if (!admitted) return;
  const { openForm, state } = opener(context, click.trigger_id, inItChannel);
  const words = await taken(context, { ...from, type: 'button', action, value, inItChannel, openForm }, ear);
  if (words && state() === 'failed')
    await context.whisper(ear, (inItChannel ? context.speech.forIt() : words)['form-not-opened']);
};

/** A button under one of our messages. */
export const takeAction = async (context: Context, body: unknown, ack: Ack): Promise<void> => {
  await ack();
  const click = bodies.action.parse(body);
  const [pressed] = click.actions;
  const action = actionOf(pressed?.action_id ?? '');
  if (!pressed || !action) return;
  await context.breath();
  const key = click.trigger_id === '' ? `${click.user.id}.${pressed.action_ts}` : click.trigger_id;
  const { value } = pressed;
  await context.once(`slack:action/${key}`, () => answerClick(context, click, { action, value }));
};
