import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatAdapter } from '../chat/port.ts';
import type { Block } from '../chat/view.ts';
import type { Conversation, Locale } from '../conversation/conversation.ts';
import type { Effect } from '../conversation/effect.ts';
import type { Event, Stamp } from '../conversation/event.ts';
import { findCheck, findNotice, isFinished, newestCheck } from '../conversation/select.ts';
import type { Account } from '../diagnosis/account.ts';
import { codeOf } from '../error-code.ts';
import type { Secret } from '../secret.ts';
import type { Store } from '../store/ports.ts';
import type { Wording } from '../wording/wording.ts';
import type { Checks } from './check.ts';
import { byId, type Dispatch, type Done } from './dispatch.ts';
import { loginQueue } from './jobs.ts';
import { holdLogin } from './login-lease.ts';
import type { Clock, Links, Log, WorkerLimits } from './ports.ts';

/** How long a link works, in milliseconds. */
const linkMs = 10 * 60_000;

/** 32 random bytes, as they stand in a link (RFC 4648 §5). */
const isToken = (text: string): boolean => /^[\w-]{43}$/u.test(text);
const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

export type LoginParts = {
  store: Store;
  links: Links;
  /** Where the login page stands, such as `https://bot.example/login`; null: no password may be taken. */
  loginUrl: (() => string) | null;
  adapterOf(platform: string): ChatAdapter | null;
  wording: Wording;
  dispatch: Dispatch;
  checks: Checks;
  clock: Clock;
  stamp(): Stamp;
  log: Log;
  limits: WorkerLimits;
};

/** What a link leads to now. `gone`: used, expired, replaced or never ours; `canRenew`: a new one can be sent. */
export type Opened =
  | { type: 'open'; locale: Locale; account: Account }
  | { type: 'gone'; locale: Locale | null; canRenew: boolean };

export type Submitted =
  | { type: 'started' }
  | { type: 'gone' }
  | { type: 'busy' }
  | { type: 'refused'; locale: Locale; until: number };

/** The open link of a conversation: which check it is about, and the message in which it was sent. */
type Found = { conversation: Conversation; checkId: string; noticeId: string; account: Account };

const openLinkOf = (conversation: Conversation): Found | null => {
  const { openLogin: noticeId } = conversation;
  const checkId = noticeId === null ? null : (findNotice(conversation, noticeId)?.checkId ?? null);
  const check = checkId === null ? null : findCheck(conversation, checkId);
  return noticeId !== null && check
    ? { conversation, checkId: check.id, noticeId, account: check.account }
    : null;
};

/** What speaks of the chat as “here” has no place on a page. */
const isForPage = ({ type }: Block): boolean => type !== 'note';

/** How long it is known whose a link was that has had its day, in milliseconds. */
const rememberedMs = 60 * 60_000;

/** The login page's side of the bot: one-time links, and checks that are run with the password that came through one. */
export const createLogin = (parts: LoginParts) => {
  const { store, links, loginUrl, wording, dispatch, checks, clock, stamp, log } = parts;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  /** By hash, in this process: whose link it was, and which check came of it. */
  const sent = new Map<string, { conversationId: string; checkId: string | null }>();
  const remember = (hash: string, what: { conversationId: string; checkId: string | null }): void => {
    sent.set(hash, what);
    setTimeout(() => sent.get(hash) === what && sent.delete(hash), rememberedMs).unref();
  };
  const conversationOf = async (id: string | undefined): Promise<Conversation | null> =>
    id === undefined ? null : ((await store.load(id))?.conversation ?? null);

  const find = async (token: string): Promise<Found | null> => {
    const link = isToken(token) ? await links.peek(hashOf(token)) : null;
    const conversation = await conversationOf(link?.conversationId);
    return conversation && openLinkOf(conversation);
  };

  /** Posts the message with the link. It is no job: the token would have to stand in it. */
  const offer = async (done: Done, { noticeId, checkId }: Extract<Effect, { type: 'offer-login' }>) => {
    const { conversation } = done;
    const account = findCheck(conversation, checkId)?.account;
    const { person } = conversation;
    const adapter = parts.adapterOf(person.platform);
    if (!account || !adapter || loginUrl === null) return;
    const token = randomBytes(32).toString('base64url');
    await links.put(hashOf(token), {
      conversationId: conversation.id,
      person: { platform: person.platform, id: person.id },
      expiresAt: clock.now() + linkMs,
    });
    remember(hashOf(token), { conversationId: conversation.id, checkId: null });
    const url = `${loginUrl()}#${token}`;
    const message = wording.loginLink(conversation, { url, address: account.address });
    const ref = await adapter.post({ type: 'person', person }, message);
    const slot = `notice:${noticeId}`;
    await dispatch(byId(store, conversation.id), { ...stamp(), type: 'posted', slot, ref });
  };

  const begin = (which: { conversationId: string; checkId: string }, secret: Secret): void => {
    const lost = new AbortController();
    const signal = AbortSignal.any([stopping.signal, lost.signal, AbortSignal.timeout(parts.limits.loginMs)]);
    const release = holdLogin(parts, loginQueue(which), () => lost.abort());
    const run = checks
      .runOnce(which, signal, secret)
      .finally(release)
      .finally(() => running.delete(run));
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
      if (found) return { type: 'open', locale: found.conversation.locale, account: found.account };
      const was = await conversationOf(isToken(token) ? sent.get(hashOf(token))?.conversationId : undefined);
      return { type: 'gone', locale: was?.locale ?? null, canRenew: was !== null };
    },

    submit: async (token: string, secret: Secret): Promise<Submitted> => {
      const found = await find(token);
      if (!found || !(await links.consume(hashOf(token)))) return { type: 'gone' };
      const { conversation, checkId, noticeId } = found;
      const conversationId = conversation.id;
      const event: Event = { ...stamp(), type: 'login-submitted', checkId, noticeId };
      const done = await dispatch(byId(store, conversationId), event);
      if (done?.refused) return { type: 'refused', locale: conversation.locale, until: done.refused.until };
      const effect = done?.effects.find(({ type }) => type === 'try-login');
      if (effect?.type !== 'try-login') return { type: done?.effects.length ? 'busy' : 'gone' };
      const which = { conversationId, checkId: effect.checkId };
      remember(hashOf(token), which);
      begin(which, secret);
      return { type: 'started' };
    },

    /** What the page of a used link shows; null: the check is not known here, and its result is in the chat. */
    progress: async (token: string): Promise<{ isOver: boolean; blocks: Block[] } | null> => {
      const which = isToken(token) ? sent.get(hashOf(token)) : undefined;
      const conversation = await conversationOf(which?.conversationId);
      const check = conversation && findCheck(conversation, which?.checkId ?? '');
      if (!conversation || !check) return null;
      const steps = checks.progressOf(check.id);
      if (check.state === 'running' && steps)
        return {
          isOver: false,
          blocks: wording.progress(conversation, check.id, steps).blocks.filter(isForPage),
        };
      if (check.state === 'running') return { isOver: false, blocks: [] };
      const slot = isFinished(check) ? (`report:${check.id}` as const) : (`progress:${check.id}` as const);
      return { isOver: true, blocks: wording.message(conversation, slot).blocks };
    },

    /** What asks for a new link in place of one that is gone, as if its owner had pressed the button; null: whose it was is not known. */
    renewal: async (token: string): Promise<{ conversationId: string; event: Event } | null> => {
      if (await find(token)) return null;
      const conversation = await conversationOf(
        isToken(token) ? sent.get(hashOf(token))?.conversationId : undefined,
      );
      if (!conversation) return null;
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
      await Promise.race([Promise.all(running), sleep(parts.limits.stopMs, undefined, { ref: false })]);
    },
  };
};
