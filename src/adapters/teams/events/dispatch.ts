import type { Arrivals } from '../../../chat/arrivals.ts';
import type { Incoming, Receive } from '../../../chat/port.ts';
import type { Form, FormAnswer } from '../../../chat/view.ts';
import { localeOf } from '../../../language.ts';
import { rejectAfter } from '../../../lib/timeout.ts';
import type { Posts } from '../api/posts.ts';
import { platform, refOf } from '../api/refs.ts';
import type { Service } from '../api/service.ts';
import { TeamsError } from '../errors.ts';
import { limits } from '../limits.ts';
import { card, text } from '../render/elements.ts';
import { unfilled } from '../render/form.ts';
import type { TeamsTexts } from '../texts.ts';
import { createInlineForms } from './inline-forms.ts';
import { createNotKept } from './not-kept.ts';
import { type Activity, type Arrived, arrivedIn, serviceOf, threadIn, threadRef } from './parse.ts';
import { accepted, closedReply, formReply, lineReply, notImplemented, type Reply } from './reply.ts';
import { type AroundParts, createAround, type Turn } from './turn.ts';

export type TurnsParts = AroundParts & {
  posts: Posts;
  receive: Receive;
  /** The address of a member; null: Teams does not tell. */
  addressOf: (service: Service, chat: string, id: string) => Promise<string | null>;
  /** Teams repeats what it believes lost, and even what it does not. */
  once: Arrivals;
  onError: (error: unknown) => void;
};

type Of<T extends Arrived['type']> = Extract<Arrived, { type: T }>;

const command = /^\/connect-email(?:\s+|$)/iu;
const welcomeMs = 10 * 60 * 1000;
const tooSlow = (): TeamsError => new TeamsError('too-slow', 'the bot did not answer in time');

/** Turns what Teams sends into what the bot understands, and the bot's answer into what the request is answered with. */
export const createTurns = (parts: TurnsParts) => {
  const { people, itChannel, posts, once, onError } = parts;
  const inline = createInlineForms({ posts, onError });
  const around = createAround(parts);
  const notKept = createNotKept({ ...parts, inline, itChannel: itChannel.id });
  const asked = new Set<string>();

  const from = ({ activity, known }: Turn) => ({
    person: { platform, id: activity.from.id, name: known.name },
    platformLocale: activity.locale ?? known.locale,
    profileAddress: known.address,
    later: null,
  });

  /** Her address, so that the first form has it; but nobody waits long for it. */
  const withProfile = async (turn: Turn): Promise<Turn> => {
    const { activity, known, personal } = turn;
    const { id } = activity.from;
    if (!personal || known.address !== null || asked.has(id)) return turn;
    if (asked.size > 10_000) asked.clear();
    asked.add(id);
    const found = parts
      .addressOf(serviceOf(activity), activity.conversation.id, id)
      .then(async (address) => {
        if (address !== null) await people.change(id, { address });
        return address;
      })
      .catch(() => null);
    const address = await rejectAfter(limits.profileMs, found, tooSlow).catch(() => null);
    return { ...turn, known: { ...known, address } };
  };

  /** The lines of the client's own windows, in the language of the conversation; null: nothing was done. */
  const receive = async (turn: Turn, incoming: Incoming): Promise<TeamsTexts | null> => {
    const received = await parts.receive(incoming);
    const spoken = localeOf(received?.locale ?? null);
    if (!spoken) return null;
    if (!turn.personal) return turn.lines;
    if (spoken !== turn.known.spoken) await people.change(turn.activity.from.id, { spoken });
    return parts.texts(spoken);
  };

  const sayIn = (activity: Activity, line: string): void => {
    const { channel, root } = threadIn(activity);
    const conversation = root === null ? activity.conversation.id : threadRef(channel, root).conversation;
    posts.reply(serviceOf(activity), conversation, card(line, text(line), [])).catch(onError);
  };

  const said = async (turn: Turn, { text: words }: Of<'said'>): Promise<Reply> => {
    const { activity, personal, inItChannel, lines } = turn;
    if (!personal) {
      const { channel, root } = threadIn(activity);
      const thread = inItChannel ? refOf(threadRef(channel, root ?? activity.id ?? '')) : null;
      const taken = await receive(turn, { ...from(turn), type: 'message', text: words, thread });
      if (taken || !thread) return accepted;
      sayIn(activity, lines['mention-in-case']);
      return accepted;
    }
    const met = await withProfile(turn);
    await receive(
      turn,
      command.test(words)
        ? {
            ...from(met),
            type: 'command',
            text: words.replace(command, ''),
            openForm: async (form) => {
              inline.open(activity, form);
              return null;
            },
          }
        : { ...from(met), type: 'message', text: words, thread: null },
    );
    return accepted;
  };

  const pressed = async (turn: Turn, { via, action, value }: Of<'pressed'>): Promise<Reply> => {
    let opened: Form | null = null;
    const openForm = async (form: Form): Promise<null> => {
      if (opened) throw new TeamsError('invalid', 'a click opens one form only');
      opened = form;
      if (via !== 'dialog') inline.open(turn.activity, form);
      return null;
    };
    const { inItChannel } = turn;
    const clicked = { ...from(turn), type: 'button', action, value, inItChannel, openForm } as const;
    const lines = (await receive(turn, clicked)) ?? turn.lines;
    if (opened && via === 'dialog') return formReply(via, opened, unfilled);
    return lineReply(via, via === 'dialog' ? lines['see-chat'] : lines.done);
  };

  const submitted = async (
    turn: Turn,
    { via, form: name, context, values, shape: form }: Of<'submitted'>,
  ): Promise<Reply> => {
    const { activity, inItChannel } = turn;
    const untouched = Object.fromEntries((form?.fields ?? []).map((field) => [field.name, null]));
    const typed = { ...untouched, ...values };
    const given: FormAnswer[] = [];
    const respond = (answer: FormAnswer): null => {
      if (given.length > 0) throw new TeamsError('invalid', 'a form is answered exactly once');
      given.push(answer);
      return null;
    };
    const sent = { type: 'form', form: name, context, values: typed, inItChannel, respond } as const;
    const lines = (await receive(turn, { ...from(turn), ...sent })) ?? turn.lines;
    const [answer] = given;
    if (!answer) throw new TeamsError('too-slow', 'the form was left without an answer');
    if (via === 'chat') {
      inline.answer({ activity, form, typed, line: lines['form-gone'] }, answer);
      return accepted;
    }
    if (answer.type === 'form') return formReply(via, answer.form, unfilled);
    if (answer.type === 'close') return closedReply(via, form, { values: typed, errors: {} });
    return form
      ? formReply(via, form, { values: typed, errors: answer.errors })
      : lineReply(via, lines['form-gone']);
  };

  const installed = async (turn: Turn): Promise<Reply> => {
    const { activity, personal } = turn;
    const { conversation, channelData } = activity;
    if (!personal) {
      const chosen = channelData?.settings?.selectedChannel?.id;
      const isTeam = conversation.conversationType === 'channel' || channelData?.team;
      const id = chosen ?? channelData?.channel?.id ?? threadIn(activity).channel;
      const team = channelData?.team?.id ?? null;
      const service = serviceOf(activity);
      if (isTeam) await itChannel.install({ id, team, chosen: chosen !== undefined, service });
      return accepted;
    }
    // An installation is told twice, in two kinds of activity.
    const welcome = async () =>
      receive(turn, { ...from(await withProfile(turn)), type: 'message', text: '', thread: null });
    await once(`teams:welcome/${conversation.id}`, welcome, welcomeMs);
    return accepted;
  };

  const removed = async ({ activity, personal }: Turn): Promise<Reply> => {
    const team = activity.channelData?.team?.id ?? null;
    if (!personal) await itChannel.remove(threadIn(activity).channel, team);
    return accepted;
  };

  const take = (turn: Turn, arrived: Arrived): Promise<Reply> => {
    switch (arrived.type) {
      case 'said':
        return said(turn, arrived);
      case 'pressed':
        return pressed(turn, arrived);
      case 'submitted':
        return submitted(turn, arrived);
      case 'installed':
        return installed(turn);
      case 'removed':
        return removed(turn);
      case 'nothing':
        return Promise.resolve(accepted);
      default:
        return arrived satisfies never;
    }
  };

  /** Whoever is not of IT is told so where she acted; the bot does not hear of it. */
  const turnedAway = ({ activity, lines }: Turn, arrived: Arrived): Reply => {
    const line = lines['not-it'];
    const via = 'via' in arrived ? arrived.via : 'chat';
    if (via === 'chat') sayIn(activity, line);
    return lineReply(via, line);
  };

  const answered = async (activity: Activity, arrived: Arrived): Promise<Reply> => {
    const turn = await around(activity, arrived);
    return turn.isOutsider ? turnedAway(turn, arrived) : take(turn, arrived);
  };

  /** Rejects when it could not be done in time; a copy of it is then not taken for done. */
  const done = async (activity: Activity, arrived: Arrived): Promise<Reply> => {
    const { type, id, conversation } = activity;
    if (!id) return answered(activity, arrived);
    const key = `teams:${type}/${conversation.id}/${id}`;
    const arrival = await once(key, () => answered(activity, arrived));
    return arrival.type === 'done' ? accepted : arrival.result;
  };

  /** A click gets its answer while somebody looks at it; a message that was not kept is answered with an error. */
  return async (activity: Activity): Promise<Reply> => {
    const arrived = arrivedIn(activity);
    if (arrived === null) return notImplemented;
    if (arrived.type === 'nothing') return accepted;
    const patienceMs = activity.type === 'invoke' ? limits.answerMs : limits.messageMs;
    try {
      return await rejectAfter(patienceMs, done(activity, arrived), tooSlow);
    } catch (error) {
      const reply = notKept(activity, arrived);
      if (!reply) throw error;
      onError(error);
      return reply;
    }
  };
};
