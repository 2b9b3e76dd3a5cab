/** What every session asks before a login: what the server can do, and STARTTLS. */
import { isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import type { Unspoken } from '../../diagnosis/observed/refusal.ts';
import { imapKeywords, smtpKeywords } from './capabilities.ts';
import { type Answer, askImap, askSmtp, shownLine, type Talk } from './dialogue.ts';
import type { CapabilityFacts, StarttlsFacts } from './facts.ts';
import { recogniseGreeting } from './greeting.ts';

/** In the place of a name where an address is not wanted and this machine has no full name: what mail programs say then. */
const namelessHost = 'localhost.localdomain';

/** RFC 5321 §4.1.3: a client without a name of its own gives its address. Some servers want a name all the same. */
export const ownName = ({ wire: { socket }, manners }: Pick<Talk, 'wire' | 'manners'>): string => {
  if (manners?.wantsName) {
    const own = hostname();
    return /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/iu.test(own) ? own : namelessHost;
  }
  const address = socket.localAddress ?? '127.0.0.1';
  return `[${isIPv6(address) ? `IPv6:${address}` : address}]`;
};

const bracketed = /\[CAPABILITY ([^\]]*)\]/iu;

type Unheard = Exclude<CapabilityFacts['outcome'], 'listed'>;

const unheard = (outcome: Unheard, reply: string, refused: readonly string[] = []): CapabilityFacts => {
  const [first, ...more] = refused;
  const spoken =
    outcome === 'denied' && first !== undefined ? recogniseGreeting(first, { more, asked: true }) : null;
  const away = spoken?.state === 'refusing' || spoken?.state === 'busy';
  return { outcome, names: [], mechanisms: [], reply, refusal: away ? spoken : null };
};

/** A question that must be answered was not. */
const brokenOff = (outcome: Exclude<Answer['outcome'], 'ok'>): 'denied' | Unspoken =>
  outcome === 'refused' || outcome === 'go-on' ? 'denied' : outcome;

const askEhlo = async (talk: Talk): Promise<CapabilityFacts> => {
  const answer = await askSmtp(talk, `EHLO ${ownName(talk)}`);
  if (answer.outcome === 'ok') return smtpKeywords(answer.lines);
  // Only these mean a server without extensions (RFC 5321 §4.1.1.1, §4.2.4); any other refusal, such as 501 of the name
  // that we give, is about us or this moment.
  const noExtensions = answer.outcome === 'refused' && /^50[02]\b/u.test(answer.last);
  return unheard(noExtensions ? 'refused' : brokenOff(answer.outcome), answer.last, answer.lines);
};

/** It may be the name in EHLO that the server refuses: its words say so, or say nothing of anything else. */
const mayMindOurName = ({ refusal }: CapabilityFacts): boolean =>
  refusal !== null &&
  (refusal.about === 'our-name' || (refusal.about === null && refusal.state === 'refusing'));

/** Where the address that we give is refused, a host name is given once. A server that hangs up meanwhile wants another connection. */
const introduceOurselves = async (talk: Talk): Promise<CapabilityFacts> => {
  const first = await askEhlo(talk);
  if (!mayMindOurName(first) || !talk.manners || talk.manners.wantsName) return first;
  talk.manners.wantsName = true;
  const second = await askEhlo(talk);
  if (second.outcome === 'closed' || second.outcome === 'reset') talk.manners.learnt = 'name';
  if (second.outcome === 'listed' || second.outcome === 'refused') return second;
  return second.refusal ? { ...second, refusal: first.refusal } : first;
};

/**
 * Once more on a session that goes on, with a host name where the address was given: whether that was taken. It ends no
 * login (RFC 5321 §4.1.4).
 */
export const introduceAgain = async (talk: Talk): Promise<boolean> => {
  const { manners, wire } = talk;
  if (!manners || manners.wantsName || wire.ended()) return false;
  manners.wantsName = true;
  return (await askEhlo(talk)).outcome === 'listed';
};

/** Asks what the server can do, unless its greeting has just said so (RFC 9051 §7.1). */
export const askCapabilities = async (talk: Talk, greeting: string | null): Promise<CapabilityFacts> => {
  if (talk.service === 'smtp') return introduceOurselves(talk);
  const announced = greeting === null ? null : bracketed.exec(greeting)?.[1];
  if (announced) return imapKeywords(announced);
  const answer = await askImap(talk, 'a1', 'CAPABILITY');
  // A server that hangs up may say why (RFC 9051 §7.1.5).
  const farewell = answer.lines.find((line) => /^\* BYE\b/iu.test(line));
  if (answer.outcome !== 'ok')
    return farewell === undefined
      ? unheard(brokenOff(answer.outcome), answer.last, answer.lines.slice(-1))
      : unheard('denied', shownLine(talk, farewell), [farewell]);
  const keywords = answer.lines.flatMap((line) => /^\* CAPABILITY (.*)$/iu.exec(line)?.[1] ?? []);
  return keywords.length > 0 ? imapKeywords(keywords.join(' ')) : unheard('denied', answer.last);
};

/** Asks for STARTTLS (RFC 9051 §6.2.1, RFC 3207 §4) and makes sure that nothing was slipped in behind the reply. */
export const askStarttls = async (talk: Talk): Promise<StarttlsFacts> => {
  const answer =
    talk.service === 'smtp' ? await askSmtp(talk, 'STARTTLS') : await askImap(talk, 'a2', 'STARTTLS');
  if (answer.outcome === 'refused' || answer.outcome === 'go-on')
    return { outcome: 'refused', reply: answer.last };
  if (answer.outcome !== 'ok') return { outcome: answer.outcome, reply: '' };
  return { outcome: talk.wire.unread() > 0 ? 'injected' : 'accepted', reply: answer.last };
};
