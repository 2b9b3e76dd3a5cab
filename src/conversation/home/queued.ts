/** An open case in few words, as IT's queue sorts and finds it. Pure. */
import { z } from 'zod';
import { asciiName } from '../../diagnosis/account/host.ts';
import { isBeingPassedOn } from '../escalation/pass-on.ts';
import type { Conversation, Escalation } from '../state/conversation.ts';
import { addressKey } from '../state/lookup.ts';
import { findCheck, isActive, isThreadActive } from '../state/selectors.ts';

export const queuedSchema = z.object({
  /** Of the case. */
  id: z.string(),
  /** Where its thread is kept: a case of its own, or the one that it has joined. */
  thread: z.object({ conversationId: z.string(), escalationId: z.string() }),
  /** On which platform it stands in the IT channel. */
  platform: z.string(),
  /** Milliseconds since the epoch. */
  openedAt: z.number(),
  /** What it is found by: lower case, names as on the wire. */
  address: z.string(),
  hosts: z.array(z.string()),
});
export type QueuedEscalation = z.infer<typeof queuedSchema>;

/** As on the wire, whether it was typed with umlauts or as `xn--`. */
const nameKey = (name: string): string => (asciiName(name) ?? name).toLowerCase();

/** As above, of the part behind the @. */
const mailKey = (address: string): string => {
  const typed = addressKey(address);
  const at = typed.lastIndexOf('@');
  return `${typed.slice(0, at + 1)}${nameKey(typed.slice(at + 1))}`;
};

/** Whether IT has something to do there; in somebody else's thread, as long as this rep is in it. */
const isQueued = (escalation: Escalation): boolean => {
  if (escalation.delivery !== 'arrived' || isBeingPassedOn(escalation)) return false;
  return escalation.joinedTo ? isActive(escalation) : isThreadActive(escalation);
};

const queued = (conversation: Conversation, escalation: Escalation): QueuedEscalation | null => {
  const root = conversation.messages[`it-root:${escalation.id}`];
  const account = findCheck(conversation, escalation.checkId)?.account;
  if (!root || !account || !isQueued(escalation)) return null;
  const hosts = [account.imap?.asciiHost, account.smtp?.asciiHost].flatMap((host) => host ?? []);
  return {
    id: escalation.id,
    thread: escalation.joinedTo ?? { conversationId: conversation.id, escalationId: escalation.id },
    platform: root.platform,
    openedAt: escalation.openedAt,
    address: mailKey(account.address),
    hosts: [...new Set(hosts.map((host) => host.toLowerCase()))],
  };
};

/** What of a conversation stands in IT's queue. */
export const queuedIn = (conversation: Conversation): QueuedEscalation[] =>
  conversation.escalations.flatMap((one) => queued(conversation, one) ?? []);

const isWithin = (name: string, domain: string): boolean => name === domain || name.endsWith(`.${domain}`);

/** By an address, or by a host or a domain: of the servers or of the address. */
const fits = ({ address, hosts }: QueuedEscalation, query: string): boolean => {
  if (query.includes('@')) return address === mailKey(query);
  const name = nameKey(query.replace(/:\d+$/u, ''));
  return [...hosts, address.slice(address.lastIndexOf('@') + 1)].some((one) => isWithin(one, name));
};

/** A thread with all who are in it; `openedAt`: of the first of them. */
export type QueuedThread = QueuedEscalation['thread'] & { openedAt: number };

/** The threads of one platform's IT channel, the oldest first. `query` null: all of them. */
export const queueOf = (
  cases: readonly QueuedEscalation[],
  { platform, query }: { platform: string; query: string | null },
): QueuedThread[] => {
  const own = cases.filter((one) => one.platform === platform);
  const threads = [...Map.groupBy(own, ({ thread }) => `${thread.conversationId}/${thread.escalationId}`)];
  return threads
    .filter(([, members]) => query === null || members.some((one) => fits(one, query)))
    .flatMap(([, members]) => {
      const [first] = members.toSorted((one, other) => one.openedAt - other.openedAt);
      return first ? [{ ...first.thread, openedAt: first.openedAt }] : [];
    })
    .sort((one, other) => one.openedAt - other.openedAt);
};
