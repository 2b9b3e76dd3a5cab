import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ChatAdapter,
  DeliveryError,
  type MessageRef,
  type Person,
  type Place,
} from '../../chat/port.ts';
import type { Message } from '../../chat/view.ts';
import type { Slot } from '../../conversation/events/effect.ts';
import type { Event, Stamp } from '../../conversation/events/event.ts';
import type { Conversation } from '../../conversation/state/conversation.ts';
import { dueSubject, type Subject, sideOf, subjectOf } from '../../conversation/view/slot.ts';
import type { Job, Store } from '../../store/ports.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Health } from '../health.ts';
import type { Log } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';
import type { Threads } from '../turn/threads.ts';
import type { Join } from './join.ts';
import { PermanentFailure } from './worker.ts';

/** Where each side of a conversation lives. `itOf`: the own platform's IT channel, else another's; null: there is none for this person. */
export type Adapters = {
  byPlatform(platform: string): ChatAdapter | null;
  itOf(person: Person): Promise<ChatAdapter | null>;
};

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

/**
 * Posts or updates the message of a slot. Safe to run twice; between posting and remembering where, a crash posts again, marked as
 * a repeat.
 * @throws DeliveryError of a platform that may accept it later
 */
export const createShow = (parts: ShowParts) => {
  const { store, adapters, wording, dispatch, threads, join, health, stamp, log } = parts;

  const tell = async (job: Job, event: Event): Promise<Conversation | null> =>
    (await dispatch(byId(store, job.conversationId), event))?.conversation ?? null;

  /** For the operator: a case is waiting, and somebody has to look at the channel. */
  const noteUnreached = async (job: Job): Promise<void> => {
    const stored = await store.load(job.conversationId);
    const slot = job.payload.slot ?? '';
    const subject = stored && dueSubject(stored.conversation, slot);
    if (!subject || !isHandOver(subject) || stored.conversation.messages[slot]) return;
    log.error({ conversation: job.conversationId, job: job.id }, 'a case did not reach the IT channel');
    const it = await adapters.itOf(stored.conversation.person);
    if (it) await health.note(it.platform, false);
  };

  const giveUp = async (job: Job): Promise<void> => {
    await noteUnreached(job);
    await tell(job, { ...stamp(), type: 'undelivered', slot: job.payload.slot ?? '' });
  };

  const wordsOf = async (conversation: Conversation, slot: Slot): Promise<Message> =>
    wording.message(conversation, slot, {
      itChannel: (await adapters.itOf(conversation.person)) !== null,
    });

  /** What was said may have changed while it was on its way. */
  const catchUp = async (now: Conversation, slot: Slot, sent: { ref: MessageRef; text: string }) => {
    if (!subjectOf(now, slot)) return;
    const message = await wordsOf(now, slot);
    if (JSON.stringify(message) === sent.text) return;
    await adapters.byPlatform(sent.ref.platform)?.update(sent.ref, message);
  };

  const deliver = async (job: Job): Promise<void> => {
    const stored = await store.load(job.conversationId);
    const slot = job.payload.slot as Slot;
    const subject = stored && dueSubject(stored.conversation, slot);
    if (!stored || !subject) return;
    const { conversation } = stored;
    const known = conversation.messages[slot];
    const message = await wordsOf(conversation, slot);
    if (known) {
      await adapters.byPlatform(known.platform)?.update(known, message);
      return;
    }
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
      return await tell(job, { ...stamp(), type: 'posted', slot, ref });
    });
    if (now) await catchUp(now, slot, { ref, text: JSON.stringify(message) });
  };

  return {
    giveUp,
    run: async (job: Job): Promise<void> => {
      try {
        await deliver(job);
      } catch (error) {
        if (!(error instanceof DeliveryError) || error.code === 'temporary') throw error;
        throw new PermanentFailure(error.code, { cause: error });
      }
    },
  };
};
