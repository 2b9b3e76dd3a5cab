/** What two conversations about one cause tell each other, as jobs carry it. */
import { z } from 'zod';
import { personSchema } from '../state/escalation.ts';

/** What becomes of the thread, for each rep whom it concerns. */
const threadAct = z.discriminatedUnion('type', [
  z.object({ type: z.literal('claimed'), by: personSchema }),
  z.object({ type: z.literal('asked'), by: z.string(), text: z.string() }),
  z.object({ type: z.literal('resolved'), by: z.string() }),
  z.object({ type: z.literal('reopened'), by: z.string() }),
  z.object({ type: z.literal('gone') }),
  z.object({ type: z.literal('back') }),
]);

/** What a rep does, for the thread in which her case stands. */
const memberAct = z.object({ type: z.enum(['left', 'answered', 'reopened']) });

/** `escalationId`: the case that hears of it; `member`: the case of the rep who did something. */
export const relayedSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('thread-did'), escalationId: z.string(), act: threadAct }),
  z.object({ type: z.literal('member-did'), escalationId: z.string(), member: z.string(), act: memberAct }),
]);

export type ThreadAct = z.infer<typeof threadAct>;
export type MemberAct = z.infer<typeof memberAct>;
export type Relayed = z.infer<typeof relayedSchema>;
