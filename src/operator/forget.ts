import { setTimeout as sleep } from 'node:timers/promises';
import { createAnonymise } from '../bot/jobs/erase.ts';
import type { Log } from '../bot/ports.ts';
import { byId, createDispatch } from '../bot/turn/dispatch.ts';
import type { ErasedThing } from '../conversation/events/effect.ts';
import type { Conversation } from '../conversation/state/conversation.ts';
import { type PersonId, type Store, UnreadableConversation } from '../store/ports.ts';
import { OperatorFault } from './fault.ts';
import type { OpenedStore } from './open.ts';

type KnownPerson = PersonId & { names: Set<string> };

/** How long a running bot is given to do it while the operator waits, in milliseconds. */
const patienceMs = 5_000;
const lookMs = 200;

const same = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

/** Everybody who is named in a conversation: the rep, and who of IT had her cases in hand. */
const peopleIn = ({ person, escalations }: Conversation) => [
  person,
  ...escalations.flatMap(({ claimedBy, thread }) =>
    [claimedBy, thread?.claimedBy ?? null, ...(thread?.members.map((one) => one.person) ?? [])].filter(
      (one) => one !== null,
    ),
  ),
];

const addressesIn = ({ draft, checks }: Conversation): string[] => [
  draft.address ?? '',
  ...checks.map(({ account }) => account.address),
];

/** `platform:id`, an address that only one person has used, or a name that only one person has. @throws OperatorFault */
export const findPerson = async (store: Store, typed: string): Promise<KnownPerson> => {
  const found = new Map<string, KnownPerson>();
  const add = ({ platform, id, name }: PersonId & { name: string }): void => {
    const key = `${platform}:${id}`;
    const known = found.get(key) ?? { platform, id, names: new Set() };
    if (name !== '') known.names.add(name);
    if (id !== '') found.set(key, known);
  };
  for await (const conversation of store.conversations()) {
    if (!conversation) continue;
    for (const one of peopleIn(conversation))
      if (`${one.platform}:${one.id}` === typed || same(one.name, typed)) add(one);
    if (addressesIn(conversation).some((address) => same(address, typed))) add(conversation.person);
  }
  const [only, ...others] = found.values();
  if (only && others.length === 0) return only;
  if (only) throw new OperatorFault({ type: 'several', person: typed, ids: [...found.keys()] });
  const [, platform, id] = /^([a-z]+):(\S+)$/u.exec(typed) ?? [];
  if (!platform || !id) throw new OperatorFault({ type: 'nobody', person: typed });
  // A platform may have told us of somebody who has never said anything.
  return { platform, id, names: new Set() };
};

/** `isDone` false: it is up to the bot, which was not seen to do it. `elsewhere`: conversations of others that named her. */
export type Forgotten = {
  person: string;
  isDone: boolean;
  counts: Readonly<Record<ErasedThing, number>>;
  elsewhere: number;
};

/** The command itself says what became of it. */
const silent: Log = { info: () => {}, warn: () => {}, error: () => {}, debug: () => {} };

const nothing = { accounts: 0, checks: 0, cases: 0, messages: 0 };

const waitUntilGone = async (store: Store, person: PersonId): Promise<boolean> => {
  for (const end = Date.now() + patienceMs; Date.now() < end; await sleep(lookMs))
    if (!(await store.latestOf(person))) return true;
  return false;
};

/**
 * As `forget` in the chat does it, but for the last words: IT is told and her threads are passed on by the bot, which takes
 * it from the store; what concerns nobody but the store is done here.
 */
export const forgetPerson = async (
  { store, config }: OpenedStore,
  { names, ...person }: KnownPerson,
): Promise<Forgotten> => {
  const stamp = () => ({ at: Date.now(), id: crypto.randomUUID() });
  const dispatch = createDispatch({
    store,
    rulesFor: async () => ({
      allowedPorts: null,
      itChannel: true,
      watchIntervalMs: config.WATCH_INTERVAL * 1000,
    }),
    log: silent,
    random: Math.random,
    take: async () => null,
  });
  const key = `${person.platform}:${person.id}`;
  const stored = await store.latestOf(person).catch((cause: unknown) => {
    if (cause instanceof UnreadableConversation)
      throw new OperatorFault({ type: 'unreadable', person: key }, { cause });
    throw cause;
  });
  if (!stored) {
    const elsewhere = await createAnonymise({ store, dispatch, stamp })(person, [...names]);
    const erased = await store.erase(person);
    if (elsewhere === 0 && (erased?.memories ?? 0) === 0)
      throw new OperatorFault({ type: 'nobody', person: key });
    return { person: key, isDone: true, counts: nothing, elsewhere };
  }
  const elsewhere = await store.mentioning([person.id, ...names]);
  const done = await dispatch(byId(store, stored.conversation.id), { ...stamp(), type: 'forget-asked' });
  const effect = done?.effects.find((one) => one.type === 'erase');
  return {
    person: key,
    isDone: await waitUntilGone(store, person),
    counts: effect?.counts ?? nothing,
    elsewhere: elsewhere.filter((id) => id !== stored.conversation.id).length,
  };
};
