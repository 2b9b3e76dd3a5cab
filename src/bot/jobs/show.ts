import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ChatAdapter,
  DeliveryError,
  type MessageRef,
  type Place,
  type Priority,
} from '../../chat/port.ts';
import type { Message } from '../../chat/view.ts';
import type { Slot } from '../../conversation/events/effect.ts';
import type { Stamp } from '../../conversation/events/event.ts';
import type { Conversation } from '../../conversation/state/conversation.ts';
import { dueSubject, type Subject, sideOf, subjectOf } from '../../conversation/view/slot.ts';
import type { JobOf, Store } from '../../store/ports.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Adapters } from '../adapters.ts';
import type { Health } from '../health.ts';
import type { Log } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';
import type { Threads } from '../turn/threads.ts';
import { PermanentFailure } from '../worker/failure.ts';
import type { Join } from './join.ts';
import { isInPlace, updateQueue } from './plan.ts';

/** Milliseconds. */
const rememberMs = 30_000;
const rememberAgainMs = 100;

export type ShowParts = {
  store: Store;
  adapters: Adapters;
  wording: Wording;
  dispatch: Dispatch;
  threads: Threads;
  join: Join;
  health: Health;
  stamp(): Stamp;
  log: Log;
};

const destination = async (
  conversation: Conversation,
  subject: Subject,
  adapters: Adapters,
): Promise<{ adapter: ChatAdapter; place: Place } | null> => {
  const side = sideOf(subject);
  const { person } = conversation;
  const at = (adapter: ChatAdapter | null, place: Place) => adapter && { adapter, place };
  if (side.type === 'rep') return at(adapters.byPlatform(person.platform), { type: 'person', person });
  if (side.type === 'it-channel') return at(await adapters.itOf(person), { type: 'it-channel', of: person });
  const root = conversation.messages[`it-root:${side.escalationId}`];
  return root ? at(adapters.byPlatform(root.platform), { type: 'thread', root }) : null;
};

/** A case and a report are what people act on; all else only catches up with what a newer message has said. */
const priorityOf = (slot: Slot): Priority => (/^(?:it-root|report):/u.test(slot) ? 'high' : 'normal');

/** A case comes to IT with its root message, or with a line below somebody else's. */
const isHandOver = (subject: Subject): boolean =>
  subject.type === 'it-root' || (subject.type === 'notice' && subject.notice.kind === 'joined');

/** What has been posted must be remembered, or it is posted again: a store that is away for a moment is waited for. */
const stubbornly = async <T>(remember: () => Promise<T>): Promise<T> => {
  const end = performance.now() + rememberMs;
  for (;;) {
    try {
      return await remember();
    } catch (error) {
      if (performance.now() > end) throw error;
      await sleep(rememberAgainMs);
    }
  }
};

/** Only help speaks of how one talks to the bot, and to IT of what is for IT alone. */
const forHelp = async (conversation: Conversation, slot: Slot, adapters: Adapters) => {
  const subject = subjectOf(conversation, slot);
  if (subject?.type !== 'notice' || subject.notice.kind !== 'help') return {};
  const { person } = conversation;
  const own = adapters.byPlatform(person.platform);
  const isOfIt = (await own?.isOfIt?.(person).catch(() => false)) ?? false;
  return { command: own?.capabilities.command, isOfIt };
};

const createWordsOf =
  ({ wording, adapters }: ShowParts) =>
  async (conversation: Conversation, slot: Slot): Promise<Message> =>
    wording.message(conversation, slot, {
      itChannel: (await adapters.itOf(conversation.person)) !== null,
      ...(await forHelp(conversation, slot, adapters)),
    });

/** What becomes of a message that has not arrived for good. */
const createGiveUp = ({ store, adapters, dispatch, health, stamp, log }: ShowParts) => {
  /** For the operator: a case is waiting, and somebody has to look at the channel. */
  const noteUnreached = async ({ conversationId, id: job, payload }: JobOf<'show'>): Promise<void> => {
    const { slot } = payload;
    const stored = await store.load(conversationId);
    const subject = stored && dueSubject(stored.conversation, slot);
    if (!subject || !isHandOver(subject) || stored.conversation.messages[slot]) return;
    log.error({ conversation: conversationId, job }, 'a case did not reach the IT channel');
    const it = await adapters.itOf(stored.conversation.person);
    if (it) await health.note(it.platform, false);
  };

  return async (job: JobOf<'show'>): Promise<void> => {
    await noteUnreached(job);
    const event = { ...stamp(), type: 'undelivered' as const, slot: job.payload.slot };
    await dispatch(byId(store, job.conversationId), event);
  };
};

/**
 * Posts or updates the message of a slot. Safe to run twice; between posting and remembering where, a crash posts again, marked as
 * a repeat.
 * @throws DeliveryError of a platform that may accept it later
 */
export const createShow = (parts: ShowParts) => {
  const { store, adapters, dispatch, threads, join, health, stamp, log } = parts;
  const wordsOf = createWordsOf(parts);

  /** What was said may have changed while it was on its way. */
  const catchUp = async (now: Conversation, slot: Slot, sent: { ref: MessageRef; text: string }) => {
    if (!subjectOf(now, slot)) return;
    const message = await wordsOf(now, slot);
    if (JSON.stringify(message) === sent.text) return;
    await adapters.byPlatform(sent.ref.platform)?.update(sent.ref, message, priorityOf(slot));
  };

  const post = async (
    job: JobOf<'show'>,
    { conversation, subject, message }: { conversation: Conversation; subject: Subject; message: Message },
  ): Promise<void> => {
    const { slot } = job.payload;
    const to = await destination(conversation, subject, adapters);
    if (!to) throw new PermanentFailure('nowhere-to-post');
    if (subject.type === 'it-root' && (await join(conversation, subject.escalation, to.adapter.platform)))
      return;
    // The last moment at which it can be known that nobody else is about to post it.
    if (!(await store.begin(job))) return;
    const key = `${conversation.id}/${slot}`;
    if (job.begun) log.warn({ conversation: conversation.id, job: job.id }, 'may have been posted before');
    const ref = await to.adapter.post(to.place, message, { key, mayBeRepeat: job.begun });
    const now = await stubbornly(async () => {
      if (subject.type === 'it-root')
        await threads.remember(ref, { conversationId: conversation.id, about: subject.escalation.id });
      if (isHandOver(subject)) await health.note(to.adapter.platform, true);
      return await dispatch(byId(store, conversation.id), { ...stamp(), type: 'posted', slot, ref });
    });
    if (now) await catchUp(now.conversation, slot, { ref, text: JSON.stringify(message) });
  };

  const deliver = async (job: JobOf<'show'>): Promise<void> => {
    const { slot } = job.payload;
    const stored = await store.load(job.conversationId);
    const subject = stored && dueSubject(stored.conversation, slot);
    if (!stored || !subject) return;
    const { conversation } = stored;
    const known = conversation.messages[slot];
    const message = await wordsOf(conversation, slot);
    if (!known) return await post(job, { conversation, subject, message });
    await adapters.byPlatform(known.platform)?.update(known, message, priorityOf(slot));
    if (job.queue === updateQueue(conversation.id, slot)) return;
    // Beside this one, another may have said something newer meanwhile.
    const now = await store.load(conversation.id);
    if (now) await catchUp(now.conversation, slot, { ref: known, text: JSON.stringify(message) });
  };

  return {
    giveUp: createGiveUp(parts),
    aside: async ({ conversationId, payload: { slot } }: JobOf<'show'>): Promise<string | null> => {
      const stored = await store.load(conversationId);
      return stored && isInPlace(stored.conversation, slot) ? updateQueue(conversationId, slot) : null;
    },
    run: async (job: JobOf<'show'>): Promise<void> => {
      try {
        await deliver(job);
      } catch (error) {
        const isForLater =
          !(error instanceof DeliveryError) || error.code === 'temporary' || error.code === 'throttled';
        if (isForLater) throw error;
        throw new PermanentFailure(error.code, { cause: error });
      }
    },
  };
};
