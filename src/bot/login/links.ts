import { createHash, randomBytes } from 'node:crypto';
import { checkOfLink } from '../../conversation/check/login.ts';
import { type LoginRules, refusedServers } from '../../conversation/check/login-test.ts';
import type { Check, Conversation } from '../../conversation/state/conversation.ts';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { RecalledLink, Store } from '../../store/ports.ts';
import type { Clock, Links } from '../ports.ts';

/** How long a link works, in milliseconds. */
const linkMs = 10 * 60_000;

/** 32 random bytes, as they stand in a link (RFC 4648 §5). */
const isToken = (text: string): boolean => /^[\w-]{43}$/u.test(text);
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

export type LinkParts = { store: Pick<Store, 'load'>; links: Links; rules: LoginRules; clock: Clock };

/** A link, the conversation that it came from, and the check that it is good for; null: none any more. */
export type KnownLink = {
  link: RecalledLink;
  conversation: Conversation;
  check: Check | null;
  /** The servers of this check for which no password is asked here. */
  refused: Service[];
};

/** One-time links to the login page. Each is good for one notice and one check. */
export const createLoginLinks = ({ store, links, rules, clock }: LinkParts) => ({
  /** The token is nowhere but in what is returned. */
  make: async (conversation: Conversation, about: { noticeId: string; checkId: string }): Promise<string> => {
    const token = randomBytes(32).toString('base64url');
    const { platform, id } = conversation.person;
    const expiresAt = clock.now() + linkMs;
    const person = { platform, id };
    await links.put(hashOf(token), { conversationId: conversation.id, person, ...about, expiresAt });
    return token;
  },

  /** Null: never ours, or forgotten. */
  find: async (token: string): Promise<KnownLink | null> => {
    const link = isToken(token) ? await links.recall(hashOf(token)) : null;
    const conversation = link && ((await store.load(link.conversationId))?.conversation ?? null);
    if (!link || !conversation) return null;
    const isOpen = link.use === null && link.expiresAt > clock.now();
    const check = isOpen ? checkOfLink(conversation, link, { ...rules, refusesForeignServers: false }) : null;
    return { link, conversation, check, refused: check ? refusedServers(check, rules) : [] };
  },
});
export type LoginLinks = ReturnType<typeof createLoginLinks>;
