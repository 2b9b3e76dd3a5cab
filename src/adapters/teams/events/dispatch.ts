import { rejectAfter } from '../../../lib/timeout.ts';
import { TeamsError } from '../errors.ts';
import { limits } from '../limits.ts';
import { takeClick } from './clicks.ts';
import { type Context, type ContextParts, createContext } from './context.ts';
import { takeExtension } from './extension.ts';
import { createInlineForms } from './inline-forms.ts';
import { takeChannelBack, takeChannelEnded, takeInstalled, takeRemoved } from './installation.ts';
import { takeMessage } from './messages.ts';
import { createNotKept } from './not-kept.ts';
import { type Activity, type Arrived, arrivedIn, eventKeyOf } from './parse.ts';
import { accepted, lineReply, notImplemented, type Reply } from './reply.ts';
import { takeSubmission } from './submissions.ts';
import { type ActivityTurn, type AroundParts, createAround } from './turn.ts';

export type ActivityDispatchParts = AroundParts & Omit<ContextParts, 'inline'>;

const tooSlow = (): TeamsError => new TeamsError('too-slow', 'the bot did not answer in time');

const take = (context: Context, turn: ActivityTurn, arrived: Arrived): Promise<Reply> => {
  switch (arrived.type) {
    case 'said':
      return takeMessage(context, turn, arrived);
    case 'pressed':
      return takeClick(context, turn, arrived);
    case 'submitted':
      return takeSubmission(context, turn, arrived);
    case 'extended':
      return takeExtension(context, turn, arrived);
    case 'installed':
      return takeInstalled(context, turn);
    case 'removed':
      return takeRemoved(context, turn);
    case 'channel-ended':
      return takeChannelEnded(context, turn, arrived);
    case 'channel-back':
      return takeChannelBack(context, turn);
    case 'nothing':
      return Promise.resolve(accepted);
    default:
      return arrived satisfies never;
  }
};

/** Whoever is not of IT is told so where she acted; the bot does not hear of it. */
const turnAway = ({ sayIn }: Context, { activity, lines }: ActivityTurn, arrived: Arrived): Reply => {
  const line = lines['not-it'];
  const via = 'via' in arrived ? arrived.via : 'chat';
  if (via === 'chat') sayIn(activity, line);
  return lineReply(via, line);
};

/** Turns what Teams sends into what the bot understands, and the bot's answer into what the request is answered with. */
export const createDispatch = (parts: ActivityDispatchParts) => {
  const { itChannel, posts, once, onError } = parts;
  const inline = createInlineForms({ posts, onError });
  const context = createContext({ ...parts, inline });
  const around = createAround(parts);
  const notKept = createNotKept({ ...parts, inline, itChannel: itChannel.id });

  const answered = async (activity: Activity, arrived: Arrived): Promise<Reply> => {
    const turn = await around(activity, arrived);
    return turn.isOutsider ? turnAway(context, turn, arrived) : take(context, turn, arrived);
  };

  /** Rejects when it could not be done in time; a copy of it is then not taken for done. */
  const done = async (activity: Activity, arrived: Arrived): Promise<Reply> => {
    const key = eventKeyOf(activity);
    if (key === null) return answered(activity, arrived);
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
