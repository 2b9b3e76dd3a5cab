import { parseAddress } from '../../diagnosis/account/parse.ts';
import { addressKey, type LookupOutcome, lookupOf, proposalOf } from '../state/lookup.ts';
import { cause, change, show, type Turn, tellRep } from '../turn.ts';
import type { EventOf } from './event.ts';

/** The address that is spoken of, if it is one. */
const addressOf = ({ conversation }: Turn): string | null => {
  const parsed = parseAddress(conversation.draft.address);
  return parsed.ok ? parsed.value : null;
};

/** Looks for the settings of an address as soon as it is known. What was found once is not looked for again. */
export const lookUp = (turn: Turn, address = addressOf(turn)): Turn => {
  if (address === null || lookupOf(turn.conversation)?.state === 'found') return turn;
  const looking = change(turn, { lookup: { state: 'looking', address: addressKey(address) } });
  return cause(looking, { type: 'discover', address });
};

const answerServers = (turn: Turn, about: string): Turn =>
  cause(turn, { type: 'answer', answer: { type: 'form', form: 'servers', about } });

/**
 * What follows the address: where HubSpot connects to the provider by itself, or the provider has no IMAP, a message
 * says so instead of a form that would only waste her time; else the servers are asked.
 */
const afterAddress = (turn: Turn, about: string): Turn => {
  const provider = proposalOf(turn.conversation)?.provider ?? null;
  const text = turn.conversation.draft.address?.trim() ?? '';
  const told = cause(turn, { type: 'answer', answer: { type: 'close' } });
  if (provider?.native) return tellRep(told, `use-native-${provider.native}`, { text });
  if (provider && !provider.imap) return tellRep(told, 'no-public-imap', { text });
  return answerServers(turn, about);
};

/** A valid address was submitted. While nobody knows its settings, the servers are asked for all the same. */
export const addressKnown = (turn: Turn, { address, about }: { address: string; about: string }): Turn =>
  proposalOf(turn.conversation) ? afterAddress(turn, about) : answerServers(lookUp(turn, address), about);

const lookupAfter = (address: string, outcome: LookupOutcome) => {
  switch (outcome.type) {
    case 'found':
      return { state: 'found', address, proposal: outcome.proposal } as const;
    case 'failed':
      return { state: 'failed', address } as const;
    case 'refused':
      return { state: 'refused', address, until: outcome.until } as const;
    default:
      return outcome satisfies never;
  }
};

/** A result for an address that is no longer spoken of, or that brings nothing new, changes nothing. */
export const discovered = (turn: Turn, event: EventOf<'discovered'>): Turn => {
  const { conversation } = turn;
  const address = addressKey(event.address);
  const current = lookupOf(conversation);
  const isNews = address === addressKey(conversation.draft.address ?? '') && current?.state !== 'found';
  const lookup = lookupAfter(address, event.outcome);
  const isSame = JSON.stringify(current) === JSON.stringify(lookup);
  const known =
    isNews && !isSame ? change(turn, { lookup: { ...lookup } as typeof conversation.lookup }) : turn;
  return event.answers === null ? known : afterAddress(known, event.answers);
};

/** Who she is, as the platform tells it a moment later. What she has chosen or typed herself stays. */
export const introduced = (turn: Turn, { name, locale, address, timeZone }: EventOf<'introduced'>): Turn => {
  const { conversation } = turn;
  const zone = timeZone ?? conversation.timeZone;
  const before = conversation.draft.address ?? '';
  const draft = before === '' && address !== null ? { ...conversation.draft, address } : conversation.draft;
  const spoken = conversation.localeChosen ? conversation.locale : (locale ?? conversation.locale);
  const isSame =
    name === conversation.person.name && spoken === conversation.locale && zone === conversation.timeZone;
  if (isSame && draft === conversation.draft) return turn;
  const person = { ...conversation.person, name };
  const known = change(turn, { person, locale: spoken, timeZone: zone, draft });
  const looking = draft === conversation.draft ? known : lookUp(known);
  return conversation.messages.welcome ? show(looking, 'welcome') : looking;
};
