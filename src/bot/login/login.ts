import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatAdapter, Person } from '../../chat/port.ts';
import type { LoginRules } from '../../conversation/check/login-test.ts';
import type { Effect } from '../../conversation/events/effect.ts';
import type { Event, Stamp } from '../../conversation/events/event.ts';
import type { Check, Conversation, Locale } from '../../conversation/state/conversation.ts';
import { findCheck, newestCheck } from '../../conversation/state/selectors.ts';
import type { Account } from '../../diagnosis/account/account.ts';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { Pinned } from '../../diagnosis/observed/server-facts.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { Secret } from '../../secret.ts';
import type { Store } from '../../store/ports.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Checks, LoginAttempt } from '../jobs/check.ts';
import { loginQueue } from '../jobs/plan.ts';
import type { AddressesOf, Clock, Links, Log, WorkerLimits } from '../ports.ts';
import { byId, type Dispatch, type Done } from '../turn/dispatch.ts';
import { holdLogin } from './lease.ts';
import { createLoginLinks, hashOf, type KnownLink } from './links.ts';
import { loginProgress, type Progress } from './progress.ts';

/** How long the names of the servers may take to be looked up before a password is taken, in milliseconds. */
const addressesMs = 2000;

export type LoginParts = {
  store: Store;
  links: Links;
  rules: LoginRules;
  /** Where the login page stands, such as `https://bot.example/login`; null: no password may be taken. */
  loginUrl: (() => string) | null;
  adapterOf(platform: string): ChatAdapter | null;
  addressesOf: AddressesOf;
  wording: Wording;
  dispatch: Dispatch;
  checks: Checks;
  clock: Clock;
  stamp(): Stamp;
  log: Log;
  limits: WorkerLimits;
};

/** What a page is about. `foreign`: the services whose server nothing connects with the address. */
type Asked = { locale: Locale; account: Account; asker: Person; foreign: readonly Service[] };

/**
 * What a link leads to now. `submitted`: this browser has used it; `not-allowed`: no password is asked for these servers
 * here; `gone`: used, expired, replaced or never ours (then `locale` is null); `canRenew`: a new one can be sent.
 */
export type OpenedPage =
  | ({ type: 'open' | 'submitted' | 'not-allowed' } & Asked)
  | { type: 'gone'; locale: Locale | null; canRenew: boolean };

export type SubmittedPassword =
  | { type: 'started' }
  | { type: 'gone' }
  | { type: 'busy' }
  | { type: 'refused'; locale: Locale; until: number };

/** A certificate of the provider's own may change at any time; for one that nobody vouches for this is all there is. */
const certificatesOf = ({ assessment }: Check): Pinned =>
  Object.fromEntries(
    (assessment?.servers ?? []).flatMap(({ service, certificates }) => {
      const leaf = certificates[0]?.fingerprint256;
      return leaf === undefined ? [] : [[service, leaf]];
    }),
  );

/** The login page's side of the bot: one-time links, and checks that are run with the password that came through one. */
export const createLogin = (parts: LoginParts) => {
  const { store, loginUrl, wording, dispatch, checks, stamp, log } = parts;
  const links = createLoginLinks(parts);
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  /** Posts the message with the link. It is no job: the token would have to stand in it. */
  const offer = async (done: Done, { noticeId, checkId }: Extract<Effect, { type: 'offer-login' }>) => {
    const { conversation } = done;
    const account = findCheck(conversation, checkId)?.account;
    const { person } = conversation;
    const adapter = parts.adapterOf(person.platform);
    if (!account || !adapter || loginUrl === null) return;
    const token = await links.make(conversation, { noticeId, checkId });
    const url = `${loginUrl()}#${token}`;
    const message = wording.loginLink(conversation, { url, address: account.address });
    const ref = await adapter.post({ type: 'person', person }, message);
    const slot = `notice:${noticeId}`;
    await dispatch(byId(store, conversation.id), { ...stamp(), type: 'posted', slot, ref });
  };

  const begin = (which: { conversationId: string; checkId: string }, attempt: LoginAttempt): void => {
    const lost = new AbortController();
    const signal = AbortSignal.any([stopping.signal, lost.signal, AbortSignal.timeout(parts.limits.loginMs)]);
    const release = holdLogin(parts, loginQueue(which), () => lost.abort());
    const run = checks
      .runOnce(which, signal, attempt)
      .finally(() => attempt.secret.forget())
      .finally(release)
      .finally(() => running.delete(run));
    running.add(run);
  };

  const addressesOf = async (account: Account): Promise<string[]> => {
    const hosts = [account.imap, account.smtp].flatMap((endpoint) => endpoint?.asciiHost ?? []);
    const signal = AbortSignal.timeout(addressesMs);
    return (await Promise.all(hosts.map((host) => parts.addressesOf(host, signal)))).flat();
  };

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

  const take = async (token: string, session: string, secret: Secret): Promise<SubmittedPassword> => {
    const known = await links.find(token);
    if (!known?.check || known.refused.length > 0) return { type: 'gone' };
    const { check, conversation, link } = known;
    const addresses = await addressesOf(check.account);
    const event = {
      ...stamp(),
      type: 'login-submitted',
      checkId: check.id,
      noticeId: link.noticeId,
      addresses,
    } as const;
    // The check that begins bears the id of the event.
    if (!(await parts.links.consume(hashOf(token), { by: session, checkId: event.id })))
      return { type: 'gone' };
    const done = await dispatch(byId(store, conversation.id), event);
    if (done?.refused) return { type: 'refused', locale: conversation.locale, until: done.refused.until };
    const effect = done?.effects.find(({ type }) => type === 'try-login');
    if (effect?.type !== 'try-login') return { type: done?.effects.length ? 'busy' : 'gone' };
    begin(
      { conversationId: conversation.id, checkId: effect.checkId },
      { secret, pinned: certificatesOf(check) },
    );
    return { type: 'started' };
  };

  return {
    offer: (done: Done, effect: Extract<Effect, { type: 'offer-login' }>): Promise<void> =>
      offer(done, effect).catch((error: unknown) =>
        log.warn({ conversation: done.conversation.id, code: codeOf(error) }, 'no login link was sent'),
      ),

    /** Consumes nothing: link previews open links. `session`: whose browser asks, as a hash; null: a new one. */
    open: async (token: string, session: string | null): Promise<OpenedPage> => {
      const known = await links.find(token);
      if (!known) return { type: 'gone', locale: null, canRenew: false };
      const { link, conversation, check, refused } = known;
      if (link.use !== null) return openUsed(known, session);
      if (!check) return { type: 'gone', locale: conversation.locale, canRenew: true };
      return { type: refused.length > 0 ? 'not-allowed' : 'open', ...asked(conversation, check) };
    },

    /** Consumes the link. The secret is forgotten when nothing needs it any more. */
    submit: async (token: string, session: string, secret: Secret): Promise<SubmittedPassword> => {
      let isStarted = false;
      try {
        const submitted = await take(token, session, secret);
        isStarted = submitted.type === 'started';
        return submitted;
      } finally {
        if (!isStarted) secret.forget();
      }
    },

    /** What the page of a used link shows to the browser that used it. */
    progress: async (token: string, session: string): Promise<Progress> =>
      loginProgress(await links.find(token), session, parts),

    /**
     * What asks for a new link in place of one that is gone, as if its owner had pressed the button; null: it still
     * works, another browser has used it, or whose it was is not known.
     */
    renewal: async (
      token: string,
      session: string,
    ): Promise<{ conversationId: string; event: Event } | null> => {
      const known = await links.find(token);
      if (!known || known.check || !(await parts.links.claim(hashOf(token), session))) return null;
      const { conversation } = known;
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
