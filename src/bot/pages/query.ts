import type { Incoming, Person } from '../../chat/port.ts';
import type { Message } from '../../chat/view.ts';
import { recognise } from '../../conversation/events/intent.ts';
import type { Locale } from '../../language.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Adapters } from '../adapters.ts';
import type { Log } from '../ports.ts';
import type { UsageLimits } from '../turn/limits.ts';
import type { ReadQueue } from './read-queue.ts';

type Asking = Extract<Incoming, { type: 'command' | 'message' }>;
/** Somebody who wants to see IT's queue. */
export type QueueAsked = { incoming: Asking; query: string | null };

/** Null: something else was said. */
export const queueAsked = (incoming: Incoming): QueueAsked | null => {
  if (incoming.type !== 'command' && incoming.type !== 'message') return null;
  const intent = recognise(incoming.text);
  return intent.type === 'queue' ? { incoming, query: intent.query } : null;
};

export type QueryParts = {
  adapters: Adapters;
  wording: Wording;
  readQueue: ReadQueue;
  abuse: UsageLimits;
  /** In which language somebody is spoken to. */
  localeOf(incoming: Incoming): Promise<Locale>;
  itLocale: Locale;
  log: Log;
};

/**
 * Answers from the queue. Who is not of IT sees nothing of it, nor whoever the platform says nothing of. Nothing is kept: what
 * others have handed over belongs into nobody else's conversation.
 */
export const createAnswerQuery = (parts: QueryParts) => {
  const { adapters, wording, readQueue, abuse, localeOf, itLocale, log } = parts;

  const isOfIt = async (person: Person): Promise<boolean | null> => {
    try {
      return (await adapters.byPlatform(person.platform)?.isOfIt?.(person)) ?? false;
    } catch (error) {
      log.warn({ code: codeOf(error) }, 'whether somebody is of IT is not known');
      return null;
    }
  };

  const answerTo = async ({ incoming, query }: QueueAsked, inChannel: boolean): Promise<Message> => {
    const { person } = incoming;
    const locale = inChannel ? itLocale : await localeOf(incoming);
    const until = await abuse.takeOne('queries-of-person', `${person.platform}:${person.id}`);
    if (until !== null) return wording.queueRefused({ reason: 'too-many', until }, locale);
    const isIn = await isOfIt(person);
    if (!isIn) return wording.queueRefused({ reason: isIn === null ? 'unknown' : 'not-it' }, locale);
    const command = inChannel ? undefined : adapters.byPlatform(person.platform)?.capabilities.command;
    return wording.queue(await readQueue(person.platform, query), { locale, command });
  };

  return async (asked: QueueAsked): Promise<{ locale: string }> => {
    const { incoming } = asked;
    const { person, reply } = incoming;
    const inThread = incoming.type === 'message' && incoming.thread !== null;
    const message = await answerTo(asked, inThread);
    if (reply) await reply(message);
    else await adapters.byPlatform(person.platform)?.post({ type: 'person', person }, message);
    return { locale: await localeOf(incoming) };
  };
};
