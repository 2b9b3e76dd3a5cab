import { type Context, from } from './context.ts';
import { serviceOf, threadIn } from './parse.ts';
import { accepted, type Reply } from './reply.ts';
import type { ActivityTurn } from './turn.ts';

const welcomeMs = 10 * 60 * 1000;

/** The bot has been added to a team, or by a person for herself. */
export const takeInstalled = async (context: Context, turn: ActivityTurn): Promise<Reply> => {
  const { activity, personal } = turn;
  const { conversation, channelData } = activity;
  if (!personal) {
    const chosen = channelData?.settings?.selectedChannel?.id;
    const isTeam = conversation.conversationType === 'channel' || channelData?.team;
    const id = chosen ?? channelData?.channel?.id ?? threadIn(activity).channel;
    const team = channelData?.team?.id ?? null;
    const service = serviceOf(activity);
    if (isTeam) await context.itChannel.install({ id, team, chosen: chosen !== undefined, service });
    return accepted;
  }
  // An installation is told twice, in two kinds of activity.
  const welcome = async () => {
    const met = await context.withProfile(turn);
    return context.receive(turn, { ...from(met), type: 'message', text: '', thread: null });
  };
  await context.once(`teams:welcome/${conversation.id}`, welcome, welcomeMs);
  return accepted;
};

export const takeRemoved = async (
  { itChannel }: Context,
  { activity, personal }: ActivityTurn,
): Promise<Reply> => {
  const team = activity.channelData?.team?.id ?? null;
  if (!personal) await itChannel.remove(threadIn(activity).channel, team);
  return accepted;
};
