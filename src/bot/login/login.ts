import type { Person } from '../../chat/port.ts';
import { type LoginRules, offersLoginTest } from '../../conversation/check/login-test.ts';
import type { Event } from '../../conversation/events/event.ts';
import type { Check, Conversation, Locale } from '../../conversation/state/conversation.ts';
import { findCheck, newestCheck, runningCheck } from '../../conversation/state/selectors.ts';
import type { Account } from '../../diagnosis/account/account.ts';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import { type AttemptParts, createAttempts } from './attempt.ts';
import { createLoginLinks, hashOf, type KnownLink } from './links.ts';
import { createOffer, type OfferParts } from './offer.ts';
import { loginProgress, type Progress } from './progress.ts';
import { createUnderWay } from './under-way.ts';

/** A link is renewed once; a used one is known for an hour after it expires. In milliseconds. */
const renewalMs = 2 * 3_600_000;

export type LoginParts = AttemptParts & OfferParts & { rules: LoginRules };

/** What a page is about. `foreign`: the services whose server nothing connects with the address. */
type Asked = { locale: Locale; account: Account; asker: Person; foreign: readonly Service[] };

/**
 * What a link leads to now. `submitted`: this browser has used it; `not-allowed`: no password is asked for these servers
 * here; `gone`: used, expired, replaced or never ours (then `locale` is null); `canRenew`: a new one can be sent.
 */
export type OpenedPage =
  | ({ type: 'open' | 'submitted' | 'not-allowed' } & Asked)
  | { type: 'gone'; locale: Locale | null; canRenew: boolean };

const asked = ({ person, locale }: Conversation, check: Check): Asked => ({
  locale,
  account: check.account,
  asker: person,
  foreign: check.foreignServers,
});

/** Used: whoever did may see what came of it. */
const openUsed = ({ link, conversation }: KnownLink, session: string | null): OpenedPage => {
  if (link.use === null || link.use.by !== session) return { type: 'gone', locale: null, canRenew: false };
  const check = findCheck(conversation, link.use.checkId ?? '');
  return check
    ? { type: 'submitted', ...asked(conversation, check) }
    : { type: 'gone', locale: conversation.locale, canRenew: true };
};

/** The login page's side of the bot: one-time links, and checks that are run with the password that came through one. */
export const createLogin = (parts: LoginParts) => {
  const links = createLoginLinks(parts);
  const underWay = createUnderWay(parts);
  /** The check that a link has led to, for the browser that used it. */
  const checkOf = (known: KnownLink | null, session: string | null): string | null =>
    known?.link.use?.by === session ? (known.link.use.checkId ?? null) : null;
  const stays = (known: KnownLink | null, session: string | null): void =>
    underWay.stay(checkOf(known, session) ?? '');

  return {
    ...createAttempts(parts, links, underWay),
    stop: underWay.stop,
    offer: createOffer(parts, links),

    /** Consumes nothing: link previews open links. `session`: whose browser asks, as a hash; null: a new one. */
    open: async (token: string, session: string | null): Promise<OpenedPage> => {
      const known = await links.find(token);
      if (!known) return { type: 'gone', locale: null, canRenew: false };
      const { link, conversation, check, refused } = known;
      stays(known, session);
      if (link.use !== null) return openUsed(known, session);
      if (!check) return { type: 'gone', locale: conversation.locale, canRenew: true };
      return { type: refused.length > 0 ? 'not-allowed' : 'open', ...asked(conversation, check) };
    },

    /** What the page of a used link shows to the browser that used it. */
    progress: async (token: string, session: string): Promise<Progress> => {
      const known = await links.find(token);
      stays(known, session);
      return loginProgress(known, session, parts);
    },

    /** The page of a used link is being closed, or loaded again. */
    leave: async (token: string, session: string): Promise<void> =>
      underWay.leave(checkOf(await links.find(token), session) ?? ''),

    /**
     * What asks for a new link in place of one that is gone, as if its owner had pressed the button, once; null: it still
     * works, another browser has used it, it has been renewed, no login can be tested now, or whose it was is not known.
     */
    renewal: async (
      token: string,
      session: string,
    ): Promise<{ conversationId: string; event: Event } | null> => {
      const known = await links.find(token);
      if (!known || known.check) return null;
      const { conversation } = known;
      const newest = newestCheck(conversation);
      // Nothing that a stranger with an old link asks for may fill her chat, or take the place of her newest link for ever.
      if (!newest || !offersLoginTest(newest, parts.rules) || runningCheck(conversation)) return null;
      if (!(await parts.links.claim(hashOf(token), session))) return null;
      if (!(await parts.store.once(`renewal/${hashOf(token)}`, parts.clock.now() + renewalMs))) return null;
      const about = newest.id;
      const by = conversation.person;
      const pressed = { type: 'pressed', action: 'test-login', about, by, inItChannel: false } as const;
      return { conversationId: conversation.id, event: { ...parts.stamp(), ...pressed } };
    },
  };
};
