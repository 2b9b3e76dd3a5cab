import type { Receive } from '../../../chat/port.ts';
import type { FormAnswer } from '../../../chat/view.ts';
import { people } from '../api/people.ts';
import { type ClickAnswer, takeClick } from './clicks.ts';
import type { Body, Context } from './context.ts';
import { takeCommand, takeMessage } from './messages.ts';
import { takeSubmission } from './submissions.ts';

/** Turns what the page sends into what the bot understands, and the bot's reply into what the page awaits. */
export type PageDispatch = {
  command(body: Body<'command'>, language: string | null): Promise<ClickAnswer>;
  button(body: Body<'button'>, language: string | null): Promise<ClickAnswer>;
  form(body: Body<'form'>, language: string | null): Promise<FormAnswer>;
  message(body: Body<'message'>, language: string | null): Promise<ClickAnswer>;
};

type DispatchOptions = Context & {
  /** Hears in which language (BCP 47) the rep is answered, so that the page around the chat speaks it too. */
  spokenTo: (heard: { answered: string; asked: string | null }) => Promise<void>;
};

export const createDispatch = ({ spokenTo, ...parts }: DispatchOptions): PageDispatch => {
  const receive: Receive = async (incoming) => {
    const received = await parts.receive(incoming);
    if (received && incoming.person.id === people.rep.id)
      await spokenTo({ answered: received.locale, asked: incoming.platformLocale });
    return received;
  };
  const context: Context = { ...parts, receive };
  return {
    command: (body, language) => takeCommand(context, body, language),
    button: (body, language) => takeClick(context, body, language),
    form: (body, language) => takeSubmission(context, body, language),
    message: (body, language) => takeMessage(context, body, language),
  };
};
