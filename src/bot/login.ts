import { createHash, randomBytes } from 'node:crypto';
import type { ChatAdapter } from '../chat/port.ts';
import type { Block } from '../chat/view.ts';
import type { Conversation, Locale } from '../conversation/conversation.ts';
import type { Effect } from '../conversation/effect.ts';
import type { Event, LimitedThing, Stamp } from '../conversation/event.ts';
import { findCheck, isFinished, newestCheck } from '../conversation/select.ts';
import type { Account } from '../diagnosis/account.ts';
import type { Secret } from '../secret.ts';
import type { Store } from '../store/ports.ts';
import type { Wording } from '../wording/wording.ts';
import type { Checks } from './check.ts';
import { byId, type Dispatch, type Done } from './dispatch.ts';
import { type Clock, codeOf, type Link, type Links, type Log } from './ports.ts';

/** How long a link works, in milliseconds. */
export const linkMs = 10 * 60_000;

/** 32 random bytes, as they stand in a link (RFC 4648 §5). */
const isToken = (text: string): boolean => /^[\w-]{43}$/u.test(text);
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

export type LoginParts = {
  store: Store;
  links: Links;
  /** Where the login page stands, such as `https://bot.example/login`; null: no password may be taken. */
  loginUrl: string | null;
  adapterOf(platform: string): ChatAdapter | null;
  wording: Wording;
  dispatch: Dispatch;
  checks: Checks;
  clock: Clock;
  stamp(): Stamp;
  log: Log;
  loginMs: number;
};

/** What a link leads to now. `gone`: used, expired, replaced or never ours; `canRenew`: a new one can be sent. */
export type Opened =
  | { type: 'open'; locale: Locale; account: Account }
  | { type: 'gone'; locale: Locale | null; canRenew: boolean };

export type Submitted =
  | { type: 'started' }
  | { type: 'gone' }
  | { type: 'busy' }
  | { type: 'refused'; what: LimitedThing; until: number };

type Found = { link: Link; isUsed: boolean; conversation: Conversation };

/** The login page's side of the bot: one-time links, and checks that are run with the password that came through one. */
export const createLogin = (parts: LoginParts) => {
  const { store, links, loginUrl, wording, dispatch, checks, clock, stamp, log } = parts;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  /** Which check came of a link; in this process, for as long as somebody may look at its page. */
  const started = new Map<string, { conversationId: string; checkId: string }>();

  const find = async (token: string): Promise<Found | null> => {
    const kept = isToken(token) ? await links.find(hashOf(token)) : null;
    const stored = kept && (await store.load(kept.link.conversationId));
    return stored ? { ...kept, conversation: stored.conversation } : null;
  };

  const isOpen = ({ link, isUsed, conversation }: Found): boolean =>
    !isUsed && link.expiresAt > clock.now() && conversation.openLogin === link.noticeId;

  /** Posts the message with the link. It is no job: the token would have to stand in it. */
  const offer = async (done: Done, { noticeId, checkId }: Extract<Effect, { type: 'offer-login' }>) => {
    const { conversation } = done;
    const account = findCheck(conversation, checkId)?.account;
    const { person } = conversation;
    const adapter = parts.adapterOf(person.platform);
    if (!account || !adapter || loginUrl === null) return;
    const token = randomBytes(32).toString('base64url');
    const expiresAt = clock.now() + linkMs;
    await links.keep(hashOf(token), {
      conversationId: conversation.id,
      checkId,
      noticeId,
      person: { platform: person.platform, id: person.id },
      expiresAt,
    });
    const url = `${loginUrl}#${token}`;
    const message = wording.loginLink(conversation, { url, address: account.address });
    const ref = await adapter.post({ type: 'person', person }, message);
    const slot = `notice:${noticeId}`;
    await dispatch(byId(store, conversation.id), { ...stamp(), type: 'posted', slot, ref });
  };

  const begin = (which: { conversationId: string; checkId: string }, secret: Secret): void => {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(parts.loginMs)]);
    const run = checks.runOnce(which, signal, secret).finally(() => running.delete(run));
    running.add(run);
  };

  return {
    offer: (done: Done, effect: Extract<Effect, { type: 'offer-login' }>): Promise<void> =>
      offer(done, effect).catch((error: unknown) =>
        log.warn({ conversation: done.conversation.id, code: codeOf(error) }, 'no login link was sent'),
      ),

    /** Consumes nothing: link previews open links. */
    open: async (token: string): Promise<Opened> => {
      const found = await find(token);
      const account = found && findCheck(found.conversation, found.link.checkId)?.account;
      if (!found || !account) return { type: 'gone', locale: null, canRenew: false };
      const { locale } = found.conversation;
      return isOpen(found) ? { type: 'open', locale, account } : { type: 'gone', locale, canRenew: true };
    },

    submit: async (token: string, secret: Secret): Promise<Submitted> => {
      const found = await find(token);
      if (!found || !isOpen(found) || !(await links.consume(hashOf(token), clock.now())))
        return { type: 'gone' };
      const { conversationId, checkId, noticeId } = found.link;
      const event: Event = { ...stamp(), type: 'login-submitted', checkId, noticeId };
      const done = await dispatch(byId(store, conversationId), event);
      if (done?.refused) return { type: 'refused', ...done.refused };
      const effect = done?.effects.find(({ type }) => type === 'try-login');
      if (effect?.type !== 'try-login') return { type: done?.effects.length ? 'busy' : 'gone' };
      const which = { conversationId, checkId: effect.checkId };
      const key = hashOf(token);
      started.set(key, which);
      setTimeout(() => started.delete(key), linkMs).unref();
      begin(which, secret);
      return { type: 'started' };
    },

    /** What the page of a used link shows; null: the check is not known here, and its result is in the chat. */
    progress: async (token: string): Promise<{ isOver: boolean; blocks: Block[] } | null> => {
      const which = isToken(token) ? started.get(hashOf(token)) : undefined;
      const stored = which && (await store.load(which.conversationId));
      const check = stored && findCheck(stored.conversation, which.checkId);
      if (!stored || !check) return null;
      const { conversation } = stored;
      const steps = checks.progressOf(check.id);
      if (check.state === 'running' && steps)
        return { isOver: false, blocks: wording.progress(conversation, check.id, steps).blocks };
      const slot = isFinished(check) ? (`report:${check.id}` as const) : (`progress:${check.id}` as const);
      return { isOver: check.state !== 'running', blocks: wording.message(conversation, slot).blocks };
    },

    /** A new link into the chat of the person to whom the old one was sent. */
    renewal: async (token: string): Promise<{ conversationId: string; event: Event } | null> => {
      const found = await find(token);
      if (!found || isOpen(found)) return null;
      const { conversation } = found;
      const about = newestCheck(conversation)?.id ?? '';
      const by = conversation.person;
      const event: Event = {
        ...stamp(),
        type: 'pressed',
        action: 'test-login',
        about,
        by,
        inItChannel: false,
      };
      return { conversationId: conversation.id, event };
    },

    /** Passwords do not outlive this process: what still runs is called off and told as ours. */
    stop: async (): Promise<void> => {
      stopping.abort();
      await Promise.all(running);
    },
  };
};
export type Login = ReturnType<typeof createLogin>;
