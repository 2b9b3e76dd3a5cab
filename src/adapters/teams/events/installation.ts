import { rejectAfter } from '../../../lib/timeout.ts';
import { platform } from '../api/refs.ts';
import { limits } from '../limits.ts';
import { type Context, from } from './context.ts';
import { type Activity, type ArrivedOf, channelNamed, serviceOf } from './parse.ts';
import { accepted, type Reply } from './reply.ts';
import type { ActivityTurn } from './turn.ts';

const welcomeMs = 10 * 60 * 1000;
/** An installation is told of in two activities, the second of which may know the channel better. */
const bothToldMs = 2000;
const cardMs = 30_000;

const isChannelOfTeam = ({ conversation, channelData }: Activity): boolean =>
  conversation.conversationType === 'channel' || Boolean(channelData?.team);

/**
 * Where the channel is set and Teams names only the team, whoever has added the bot says whether it is that team: she must
 * belong to the channel. Only asked where the bot has never been met there.
 */
const isIntoSetChannel = async ({ itChannel, members }: Context, activity: Activity): Promise<boolean> => {
  const it = itChannel.id();
  if (it === null || (await itChannel.isMet(it))) return false;
  const late = (): Error => new Error('Teams does not tell who is a member');
  const asked = rejectAfter(limits.lookUpMs, members(serviceOf(activity), it, activity.from.id), late);
  return (await asked.catch(() => 'not-a-member')) === 'member';
};

/** The bot has been added to a team, and perhaps thereby to the IT channel: its people are told, and what was kept goes out. */
const takeInTeam = async (context: Context, activity: Activity): Promise<void> => {
  const { itChannel, hearOfChannel, once } = context;
  const chosen = activity.channelData?.settings?.selectedChannel?.id;
  const { channel, team } = channelNamed(activity);
  const place = { id: chosen ?? channel, team, chosen: chosen !== undefined, service: serviceOf(activity) };
  const isNew = await isIntoSetChannel(context, activity);
  if (!(await itChannel.install(place)) && !isNew) return;
  if (isNew) await itChannel.goesOn({ channel: itChannel.id() ?? place.id, team: null });
  const news = { platform, afterMs: bothToldMs } as const;
  await hearOfChannel({ ...news, what: 'back' });
  const card = `teams:channel-card/${itChannel.id()}`;
  await once(card, () => hearOfChannel({ ...news, what: 'came' }), cardMs);
};

/** The bot has been added to a team, or by a person for herself. */
export const takeInstalled = async (context: Context, turn: ActivityTurn): Promise<Reply> => {
  const { activity, personal } = turn;
  if (!personal) {
    if (isChannelOfTeam(activity)) await takeInTeam(context, activity);
    return accepted;
  }
  // An installation is told twice, in two kinds of activity.
  const welcome = async () => {
    const met = await context.withProfile(turn);
    return context.receive(turn, { ...from(met), type: 'message', text: '', thread: null });
  };
  await context.once(`teams:welcome/${activity.conversation.id}`, welcome, welcomeMs);
  return accepted;
};

export const takeRemoved = async (
  { itChannel }: Context,
  { activity, personal }: ActivityTurn,
): Promise<Reply> => {
  if (!personal) await itChannel.remove(channelNamed(activity));
  return accepted;
};

/** A channel or a team has been deleted or archived. What goes there is kept, since it may come back. */
export const takeChannelEnded = async (
  { itChannel }: Context,
  { activity }: ActivityTurn,
  { end }: ArrivedOf<'channel-ended'>,
): Promise<Reply> => {
  await itChannel.end(channelNamed(activity), end);
  return accepted;
};

export const takeChannelBack = async (
  { itChannel, hearOfChannel }: Context,
  { activity }: ActivityTurn,
): Promise<Reply> => {
  if (await itChannel.goesOn(channelNamed(activity)))
    await hearOfChannel({ platform, what: 'back', afterMs: 0 });
  return accepted;
};
