import type { Stamp } from '../../conversation/events/event.ts';
import { serverLogins } from '../../conversation/limits.ts';
import type { Check, Locale } from '../../conversation/state/conversation.ts';
import type { Account } from '../../diagnosis/account/account.ts';
import type { Pinned } from '../../diagnosis/observed/server-facts.ts';
import type { Secret } from '../../secret.ts';
import type { Store } from '../../store/ports.ts';
import { queueOf } from '../jobs/plan.ts';
import type { AddressesOf, Clock, Links } from '../ports.ts';
import { byId, type Dispatch, effectOf } from '../turn/dispatch.ts';
import { createAccountTurns } from './account-turn.ts';
import { hashOf, type KnownLink, type LoginLinks } from './links.ts';
import type { UnderWay, UnderWayParts } from './under-way.ts';

/** How long the names of the servers may take to be looked up before a password is taken, in milliseconds. */
const addressesMs = 2000;

export type AttemptParts = UnderWayParts & {
  store: Store;
  links: Links;
  addressesOf: AddressesOf;
  dispatch: Dispatch;
  clock: Clock;
  /** Null: no test mail is ever sent. `patienceMs`: how long one is waited for. */
  rehearsal: { patienceMs: number } | null;
  stamp(): Stamp;
};

/** What was typed, and whether the box was ticked. */
export type GivenLogin = { password: Secret; sendTestMail: boolean };

/** `rehearsing`: a test mail is under way for this account; the link is as good as before. */
export type SubmittedPassword =
  | { type: 'started' | 'gone' | 'busy' | 'rehearsing' }
  | { type: 'refused'; locale: Locale; until: number };

/** A certificate of the provider's own may change at any time; for one that nobody vouches for this is all there is. */
const certificatesOf = ({ assessment }: Check): Pinned =>
  Object.fromEntries(
    (assessment?.servers ?? []).flatMap(({ service, certificates }) => {
      const leaf = certificates[0]?.fingerprint256;
      return leaf === undefined ? [] : [[service, leaf]];
    }),
  );

type Attempted = {
  token: string;
  session: string;
  known: KnownLink & { check: Check };
  given: GivenLogin;
  addresses: readonly string[];
};

/** Checks that are run with the password that came through a link. */
export const createAttempts = (parts: AttemptParts, links: LoginLinks, underWay: UnderWay) => {
  const { store, dispatch, stamp, rehearsal } = parts;
  const takeTurn = createAccountTurns(parts);

  const addressesOf = async (account: Account): Promise<string[]> => {
    const hosts = [account.imap, account.smtp].flatMap((endpoint) => endpoint?.asciiHost ?? []);
    const signal = AbortSignal.timeout(addressesMs);
    return (await Promise.all(hosts.map((host) => parts.addressesOf(host, signal)))).flat();
  };

  /** `release`: called when what was started has ended; where nothing was, it is still to be called. */
  const start = async (
    { token, session, known, given, addresses }: Attempted,
    release: () => Promise<void>,
  ): Promise<SubmittedPassword> => {
    const { check, link } = known;
    const { id } = known.conversation;
    const about = { checkId: check.id, noticeId: link.noticeId, addresses };
    const { sendTestMail } = given;
    const event = { ...stamp(), type: 'login-submitted', ...about, sendTestMail } as const;
    // The check that begins bears the id of the event.
    if (!(await parts.links.consume(hashOf(token), { by: session, checkId: event.id })))
      return { type: 'gone' };
    const done = await dispatch(byId(store, id), event);
    if (done?.refused) {
      const { locale } = done.conversation;
      return { type: 'refused', locale, until: done.refused.until };
    }
    const effect = done && effectOf(done, 'try-login');
    if (!effect) return { type: done?.effects.length ? 'busy' : 'gone' };
    underWay.begin({
      which: { conversationId: id, checkId: effect.checkId },
      queue: queueOf(done.conversation, effect),
      attempt: { secret: given.password, pinned: certificatesOf(check) },
      patienceMs: effect.rehearse ? (rehearsal?.patienceMs ?? null) : null,
      release,
    });
    return { type: 'started' };
  };

  const take = async (token: string, session: string, given: GivenLogin): Promise<SubmittedPassword> => {
    const known = await links.find(token);
    if (!known?.check || known.refused.length > 0) return { type: 'gone' };
    const { check } = known;
    const addresses = await addressesOf(check.account);
    const attempted = { token, session, known: { ...known, check }, given, addresses };
    if (!given.sendTestMail || !rehearsal) return start(attempted, async () => {});
    const release = await takeTurn(serverLogins(check.account, addresses));
    if (!release) return { type: 'rehearsing' };
    let isStarted = false;
    try {
      const submitted = await start(attempted, release);
      isStarted = submitted.type === 'started';
      return submitted;
    } finally {
      if (!isStarted) await release();
    }
  };

  return {
    /** Consumes the link. The password is forgotten when nothing needs it any more. */
    submit: async (token: string, session: string, given: GivenLogin): Promise<SubmittedPassword> => {
      let isStarted = false;
      try {
        const submitted = await take(token, session, given);
        isStarted = submitted.type === 'started';
        return submitted;
      } finally {
        if (!isStarted) given.password.forget();
      }
    },
  };
};
