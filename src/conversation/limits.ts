import type { Account } from '../diagnosis/account/account.ts';
import { asciiName } from '../diagnosis/account/host.ts';
import type { Effect } from './events/effect.ts';
import type { Event, LimitedThing } from './events/event.ts';
import type { Conversation } from './state/conversation.ts';
import { findCheck } from './state/selectors.ts';

const minute = 60_000;
const hour = 60 * minute;

/** So many within so long (milliseconds). `isStrict`: in any period; else it grows back little by little meanwhile. */
export type Limit = { most: number; periodMs: number; isStrict?: boolean };

/** How much one person may ask for, and how much one server or account may be asked, whoever asks. One table. */
export const limits = {
  'checks-of-person': [
    { most: 10, periodMs: 10 * minute },
    { most: 30, periodMs: hour },
  ],
  'checks-of-host': [{ most: 30, periodMs: 10 * minute }],
  /** More wrong passwords than these lock an account on many servers. */
  'logins-of-account': [{ most: 3, periodMs: hour, isStrict: true }],
  /** One password on many accounts is guessing, too. */
  'logins-of-person': [{ most: 10, periodMs: hour }],
  'lookups-of-person': [
    { most: 20, periodMs: 10 * minute },
    { most: 60, periodMs: hour },
  ],
  /** Looks into IT's queue. */
  'queries-of-person': [{ most: 20, periodMs: 5 * minute }],
  'links-of-person': [{ most: 10, periodMs: 10 * minute }],
  /** Whatever they say; each is read, kept and answered. */
  'messages-of-person': [{ most: 30, periodMs: 5 * minute }],
  'texts-of-person': [
    { most: 20, periodMs: 10 * minute },
    { most: 60, periodMs: hour },
  ],
  /** One member of IT may have many cases in hand. */
  'texts-of-it': [{ most: 100, periodMs: 10 * minute }],
} as const satisfies Record<string, readonly Limit[]>;
export type LimitName = keyof typeof limits;

/** What a step would use up: one piece of `limit` for `of`, a person, a host or an account. */
export type Cost = { what: LimitedThing; limit: LimitName; of: string };

const ofCheck = (conversation: Conversation, checkId: string, person: string): Cost[] => {
  const account = findCheck(conversation, checkId)?.account;
  const hosts = new Set(
    [account?.imap?.asciiHost, account?.smtp?.asciiHost].filter((host) => host !== undefined),
  );
  return [
    { what: 'checks', limit: 'checks-of-person', of: person },
    ...[...hosts].map(
      (host) => ({ what: 'checks', limit: 'checks-of-host', of: host.toLowerCase() }) as const,
    ),
  ];
};

/** One address, whether its domain is written with umlauts or as `xn--`. */
const sameAddress = (address: string): string => {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return `${address.slice(0, at)}@${asciiName(domain) ?? domain}`.toLowerCase();
};

type Login = { person: string; addresses: readonly string[] };

/** What a server may lock: the login name, by each name and address of the servers. */
export const serverLogins = ({ imap, smtp, username }: Account, addresses: readonly string[]): string[] => {
  const hosts = [imap, smtp].flatMap((endpoint) => endpoint?.asciiHost ?? []);
  return [...new Set([...hosts, ...addresses].map((server) => `${server}|${username}`.toLowerCase()))];
};

/**
 * What a login test tries a password on. What a server may lock is the login name, whatever address it was typed for
 * and by whatever name of the server; that is counted for everybody together. A name on servers of her own choice says
 * nothing about the one on the real server: so user name and mailbox alone are counted for each person, and nobody can
 * use up another's tries without trying on the very server.
 */
const loginsOf = (account: Account, { person, addresses }: Login): Set<string> =>
  new Set([
    ...serverLogins(account, addresses),
    `${person} ${account.username.toLowerCase()}`,
    `${person} ${sameAddress(account.address)}`,
  ]);

const ofLogin = (conversation: Conversation, checkId: string, login: Login): Cost[] => {
  const account = findCheck(conversation, checkId)?.account;
  const accounts = [...(account ? loginsOf(account, login) : [])];
  return [
    ...accounts.map((of) => ({ what: 'logins', limit: 'logins-of-account', of }) as const),
    { what: 'logins', limit: 'logins-of-person', of: login.person },
  ];
};

/**
 * What the step from one state to the next costs whom; free are clicks and forms that neither look at a server nor write
 * to IT, and leaving.
 */
export const costsOf = (
  event: Event,
  before: Conversation,
  after: { conversation: Conversation; effects: readonly Effect[] },
): Cost[] => {
  const who = 'by' in event ? event.by : before.person;
  const person = `${who.platform}:${who.id}`;
  const addresses = event.type === 'login-submitted' ? (event.addresses ?? []) : [];
  const ofEffects = after.effects.flatMap((effect): Cost[] => {
    if (effect.type === 'diagnose') return ofCheck(after.conversation, effect.checkId, person);
    if (effect.type === 'offer-login') return [{ what: 'logins', limit: 'links-of-person', of: person }];
    if (effect.type !== 'try-login') return [];
    return [
      ...ofLogin(after.conversation, effect.checkId, { person, addresses }),
      ...ofCheck(after.conversation, effect.checkId, person),
    ];
  });
  const isLeaving = after.effects.some(({ type }) => type === 'erase');
  const isWritten = event.type === 'said' || event.type === 'submitted' || event.type === 'replied-in-thread';
  const reachesOthers = after.conversation.escalations !== before.escalations && !isLeaving;
  const isByIt = event.type === 'replied-in-thread' || (event.type === 'submitted' && event.inItChannel);
  const limit = isByIt ? 'texts-of-it' : 'texts-of-person';
  const written: Cost[] = isWritten && reachesOthers ? [{ what: 'texts', limit, of: person }] : [];
  // A form that opens at the command's own place is no message, and nothing may stand in its way.
  const isForm = after.effects.some(({ type }) => type === 'open-form');
  const said: Cost[] =
    event.type === 'said' && !isLeaving && !isForm
      ? [{ what: 'messages', limit: 'messages-of-person', of: person }]
      : [];
  return [...ofEffects, ...written, ...said];
};
