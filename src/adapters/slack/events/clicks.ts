import { setTimeout as sleep } from 'node:timers/promises';
import type { Incoming } from '../../../chat/port.ts';
import type { ButtonAction, Form, Message } from '../../../chat/view.ts';
import type { EphemeralTarget } from '../api/ephemeral.ts';
import { times } from '../limits.ts';
import { renderMessage } from '../render/render.ts';
import { readable } from '../render/text.ts';
import type { SlackTexts } from '../texts.ts';
import type { Context } from './context.ts';
import { type ActionBody, actionOf, bodies, type CommandBody, nameOf } from './parse.ts';

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

/**
 * The words for her, in the language of her conversation. It has been acknowledged and is not delivered again, so where it
 * cannot be kept it is tried for a while. Null: nothing could be kept, and she has been told.
 */
const taken = async (
  context: Context,
  incoming: Incoming,
  ear: EphemeralTarget,
): Promise<SlackTexts | null> => {
  const end = performance.now() + times.keepTrying;
  for (;;) {
    try {
      const received = await context.receive(incoming);
      return context.speech.in(received?.locale);
    } catch (error) {
      context.onError(error);
      if (performance.now() >= end) break;
    }
    await sleep(times.betweenTries);
  }
  await context.ephemeral(ear, context.speech.in(incoming.platformLocale)['not-taken']);
  return null;
};

/** Whether what was acknowledged is for this installation; whoever asks from elsewhere reads that it is not. */
export const isOurs = async (context: Context, body: unknown, ear: EphemeralTarget): Promise<boolean> => {
  const words = context.speech.in(context.people.localeOf(ear.user));
  try {
    if (await context.admission.isOurs(body)) return true;
    // With our own token Slack would look for her in our workspace.
    if (ear.responseUrl !== undefined) await context.ephemeral(ear, words['foreign-team']);
  } catch (error) {
    context.onError(error);
    await context.ephemeral(ear, words['not-taken']);
  }
  return false;
};

const isDirectMessage = (channel: string): boolean => channel.startsWith('D');

const earOf = ({
  user_id: user,
  channel_id: channel,
  response_url: responseUrl,
}: CommandBody): EphemeralTarget => ({
  user,
  channel,
  responseUrl,
});

/** In the channel of a command appears nothing but the form, or one line that only she sees. */
export const answerCommand = async (context: Context, command: CommandBody, key: string): Promise<void> => {
  const from = context.people.from(command.user_id, command.user_name);
  const { openForm, state } = opener(context, command.trigger_id, false);
  const ear = earOf(command);
  const text = readable(command.text);
  let isReplied = false;
  const reply = async (message: Message): Promise<void> => {
    isReplied = true;
    await context.ephemeral(ear, renderMessage(message, context.speech.in(message.locale).cut));
  };
  const words = await taken(context, { ...from, eventKey: key, type: 'command', text, openForm, reply }, ear);
  if (!words || isReplied) return;
  if (state() === 'failed') await context.ephemeral(ear, words['form-not-opened']);
  else if (state() === 'unused' && !isDirectMessage(ear.channel))
    await context.ephemeral(ear, words['answered-in-dm']);
};

/** The slash command. */
export const takeCommand = async (context: Context, body: unknown, ack: Ack): Promise<void> => {
  const command = bodies.command.parse(body);
  await ack();
  await context.backpressure();
  if (!(await isOurs(context, body, earOf(command)))) return;
  const key = `slack:command/${command.trigger_id}`;
  await context.once(key, () => answerCommand(context, command, key));
};

/** Whether somebody may act for IT; who may not has been told so. */
const isAdmitted = async (
  { admission, speech, ephemeral, onError }: Context,
  ear: EphemeralTarget,
): Promise<boolean> => {
  const words = speech.forIt();
  try {
    const refusal = await admission.refusalForIt(ear.user);
    if (refusal === null) return true;
    await ephemeral(ear, words[refusal]);
  } catch (error) {
    onError(error);
    await ephemeral(ear, words['membership-unknown']);
  }
  return false;
};

type Pressed = { action: ButtonAction; value: string; eventKey: string };

const earOfClick = (click: ActionBody): EphemeralTarget => ({
  user: click.user.id,
  channel: click.channel?.id ?? click.container.channel_id ?? '',
  responseUrl: click.response_url,
  thread: click.container.thread_ts,
});

const answerClick = async (context: Context, click: ActionBody, pressed: Pressed): Promise<void> => {
  const ear = earOfClick(click);
  const inItChannel = context.itChannel.is(ear.channel);
  const handle = nameOf(click.user);
  const { people } = context;
  const [from, admitted] = inItChannel
    ? await Promise.all([people.named(click.user.id, handle), isAdmitted(context, ear)])
    : [people.from(click.user.id, handle), true];
  if (!admitted) return;
  const { openForm, state } = opener(context, click.trigger_id, inItChannel);
  const words = await taken(context, { ...from, ...pressed, type: 'button', inItChannel, openForm }, ear);
  if (words && state() === 'failed')
    await context.ephemeral(ear, (inItChannel ? context.speech.forIt() : words)['form-not-opened']);
};

/** A button under one of our messages. */
export const takeAction = async (context: Context, body: unknown, ack: Ack): Promise<void> => {
  await ack();
  const click = bodies.action.parse(body);
  const [pressed] = click.actions;
  const action = actionOf(pressed?.action_id ?? '');
  if (!pressed || !action) return;
  await context.backpressure();
  if (!(await isOurs(context, body, earOfClick(click)))) return;
  const id = click.trigger_id === '' ? `${click.user.id}.${pressed.action_ts}` : click.trigger_id;
  const key = `slack:action/${id}`;
  const { value } = pressed;
  await context.once(key, () => answerClick(context, click, { action, value, eventKey: key }));
};
