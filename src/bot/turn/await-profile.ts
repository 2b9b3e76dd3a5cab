import { setTimeout as sleep } from 'node:timers/promises';
import type { Incoming } from '../../chat/port.ts';
import { recognise } from '../../conversation/events/intent.ts';

/** A form opens at once and follows what becomes known; words are said once. */
const isAnsweredInWords = (incoming: Incoming): boolean => {
  if (incoming.type === 'message' || incoming.type === 'home') return true;
  return incoming.type === 'command' && !recognise(incoming.text).type.startsWith('start');
};

/** Waits a moment for a profile that is on its way, so that the first words to somebody new are in her language. */
export const awaitProfile = async (incoming: Incoming, longestMs: number): Promise<Incoming> => {
  const { later, person } = incoming;
  if (!later || !isAnsweredInWords(incoming)) return incoming;
  const profile = await Promise.race([later, sleep(longestMs, null, { ref: false })]);
  if (!profile) return incoming;
  const { name, locale, address, timeZone = null } = profile;
  return {
    ...incoming,
    person: { ...person, name },
    platformLocale: locale,
    profileAddress: address,
    timeZone,
    later: null,
  };
};
