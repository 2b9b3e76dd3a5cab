import type { z } from 'zod';
import { cleanedAnswer, cleanedForm } from '../../../chat/cleaned.ts';
import type { Incoming, OpenForm, Receive } from '../../../chat/port.ts';
import type { Form, FormAnswer } from '../../../chat/view.ts';
import type { Board } from '../api/board.ts';
import { people } from '../api/people.ts';
import type { Post } from '../api/stored.ts';
import { PreviewError } from '../errors.ts';
import { exchange } from './exchange.ts';
import { type bodies, parseReply, parseTyped } from './parse.ts';

type Body<Name extends keyof typeof bodies> = z.infer<(typeof bodies)[Name]>;

/** What a click or a command comes back with. */
export type ClickAnswer = { type: 'done' } | { type: 'form'; form: Form };

/** Turns what the page sends into what the bot understands, and the bot's reply into what the page awaits. */
export type Events = {
  command(body: Body<'command'>, language: string | null): Promise<ClickAnswer>;
  button(body: Body<'button'>, language: string | null): Promise<ClickAnswer>;
  form(body: Body<'form'>, language: string | null): Promise<FormAnswer>;
  message(body: Body<'message'>, language: string | null): Promise<ClickAnswer>;
};

type EventsOptions = {
  board: Board;
  receive: Receive;
  /** Hears in which language (BCP 47) the rep is answered, so that the page around the chat speaks it too. */
  spokenTo: (heard: { answered: string; asked: string | null }) => Promise<void>;
  onError: (error: unknown) => void;
  now: () => number;
};

type Where = Pick<Post, 'pane' | 'root' | 'author'>;
const inRepChat: Where = { pane: 'rep', root: null, author: 'rep' };

const done: ClickAnswer = { type: 'done' };

export const createEvents = ({ board, receive: tell, spokenTo, onError, now }: EventsOptions): Events => {
  const receive: Receive = async (incoming) => {
    const received = await tell(incoming);
    if (received && incoming.person.id === people.rep.id)
      await spokenTo({ answered: received.locale, asked: incoming.platformLocale });
    return received;
  };

  const from = (pane: 'rep' | 'it', language: string | null) => ({
    person: people[pane],
    platformLocale: language,
    profileAddress: null,
    later: null,
  });

  /** For a click: the form that it opened, or nothing. */
  const click = (
    event: (openForm: (form: Form) => Promise<OpenForm | null>) => Incoming,
  ): Promise<ClickAnswer> =>
    exchange<ClickAnswer>({
      work: (give) =>
        receive(
          event(async (form) => {
            if (!give({ type: 'form', form: cleanedForm(form) }))
              throw new PreviewError('too-slow', 'this click has already been answered');
            return null;
          }),
        ),
      otherwise: done,
      onError,
    });

  const command = (text: string, language: string | null): Promise<ClickAnswer> =>
    click((openForm) => ({ ...from('rep', language), type: 'command', text, openForm }));

  /** Shown where it was said, once the bot has taken it: what failed stays in the composer and is not shown twice. */
  const say = async (typed: string, where: Where, take: () => Promise<ClickAnswer>) => {
    const seat = await board.seat();
    const answer = await take();
    const content = { type: 'said' as const, text: typed };
    await board.add({ ...where, at: now(), content }, seat);
    return answer;
  };

  const replyInThread = async (text: string, rootId: string, language: string | null) => {
    const root = await board.get(rootId);
    if (root?.pane !== 'it' || root.root !== null)
      throw new PreviewError('gone', 'a reply needs a message in the IT channel');
    const where: Where = { pane: 'it', root: root.id, author: 'it' };
    const forBot = parseReply(text);
    const thread = { platform: people.it.platform, id: root.id };
    return say(text, where, async () =>
      forBot === null
        ? done
        : click(() => ({ ...from('it', language), type: 'message', text: forBot, thread })),
    );
  };

  return {
    command: ({ text, typed }, language) =>
      typed ? say(text, inRepChat, () => command(text, language)) : command(text, language),
    button: async ({ message, action, value }, language) => {
      const pressed = await board.get(message);
      if (!pressed) throw new PreviewError('gone', 'the button belongs to a message that is not kept');
      const pane = pressed.pane;
      return click((openForm) => ({
        ...from(pane, language),
        type: 'button',
        action,
        value,
        inItChannel: pane === 'it',
        openForm,
      }));
    },
    form: ({ form, context, pane, values }, language) =>
      exchange<FormAnswer>({
        work: (give) => {
          let answered = false;
          return receive({
            ...from(pane, language),
            type: 'form',
            form,
            context,
            values,
            inItChannel: pane === 'it',
            respond: (answer) => {
              if (answered) throw new PreviewError('failed', 'a form must be answered exactly once');
              answered = true;
              give(cleanedAnswer(answer));
              return null;
            },
          });
        },
        otherwise: null,
        onError,
      }),
    message: async ({ text, thread }, language) => {
      if (thread !== null) return replyInThread(text, thread, language);
      const parsed = parseTyped(text);
      return say(text, inRepChat, () =>
        parsed.type === 'command'
          ? command(parsed.text, language)
          : click(() => ({
              ...from('rep', language),
              type: 'message',
              text: parsed.text,
              thread: null,
            })),
      );
    },
  };
};
