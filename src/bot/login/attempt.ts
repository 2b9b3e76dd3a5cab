import { setTimeout as sleep } from 'node:timers/promises';
import type { Effect } from '../../conversation/events/effect.ts';
import type { Stamp } from '../../conversation/events/event.ts';
import type { Check, Conversation, Locale } from '../../conversation/state/conversation.ts';
import type { Account } from '../../diagnosis/account/account.ts';
import type { Pinned } from '../../diagnosis/observed/server-facts.ts';
import type { Secret } from '../../secret.ts';
import type { Store } from '../../store/ports.ts';
import type { Checks, LoginAttempt } from '../jobs/check.ts';
import { queueOf } from '../jobs/plan.ts';
import type { AddressesOf, Clock, Links, Log, WorkerLimits } from '../ports.ts';
import { byId, type Dispatch } from '../turn/dispatch.ts';
import { holdLogin } from './lease.ts';
import { hashOf, type LoginLinks } from './links.ts';

/** How long the names of the servers may take to be looked up before a password is taken, in milliseconds. */
const addressesMs = 2000;

export type AttemptParts = {
  store: Store;
  links: Links;
  addressesOf: AddressesOf;
  dispatch: Dispatch;
  checks: Checks;
  clock: Clock;
  stamp(): Stamp;
  log: Log;
  limits: WorkerLimits;
};

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

/** Checks that are run with the password that came through a link. */
export const createAttempts = (parts: AttemptParts, links: LoginLinks) => {
  const { store, dispatch, checks, stamp } = parts;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  const begin = (
    conversation: Conversation,
    effect: Extract<Effect, { type: 'try-login' }>,
    attempt: LoginAttempt,
  ): void => {
    const lost = new AbortController();
    const signal = AbortSignal.any([stopping.signal, lost.signal, AbortSignal.timeout(parts.limits.loginMs)]);
    const release = holdLogin(parts, queueOf(conversation, effect), () => lost.abort());
    const run = checks
      .runOnce({ conversationId: conversation.id, checkId: effect.checkId }, signal, attempt)
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
    begin(conversation, effect, { secret, pinned: certificatesOf(check) });
    return { type: 'started' };
  };

  return {
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

    /** Passwords do not outlive this process: what still runs is called off and told as ours. */
    stop: async (): Promise<void> => {
      stopping.abort();
      await Promise.race([Promise.all(running), sleep(parts.limits.stopMs, undefined, { ref: false })]);
    },
  };
};
