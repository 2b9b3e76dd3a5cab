/** What must hold when all is over, however often the bot has died. */

import type { Slot } from '../../src/conversation/events/effect.ts';
import type { Conversation } from '../../src/conversation/state/conversation.ts';
import type { Store } from '../../src/store/ports.ts';
import { createWording } from '../../src/wording/index.ts';
import type { Platform } from './platform.ts';

const wording = createWording({ itLocale: 'de', now: Date.now, itChannel: true });

/** Every message the conversation has called for. */
const slotsOf = ({ checks, escalations, notices }: Conversation): Slot[] => [
  ...checks.flatMap(({ id }): Slot[] => [`progress:${id}`, `report:${id}`]),
  ...escalations.flatMap(({ id }): Slot[] => [
    `it-root:${id}`,
    `it-evidence:${id}.imap`,
    `it-evidence:${id}.smtp`,
  ]),
  ...notices.map(({ id }): Slot => `notice:${id}`),
];

export type Verdict = {
  /** In words; empty: all is well. */
  faults: string[];
  messages: number;
  /** Posted more than once, each marked as a repeat. */
  repeats: number;
};

export const verify = async (
  platform: Platform,
  store: Store,
  people: readonly string[],
): Promise<Verdict> => {
  const faults: string[] = [];
  let messages = 0;
  for (const id of people) {
    const stored = await store.latestOf({ platform: 'recording', id });
    if (!stored) {
      faults.push(`${id}: the conversation is lost`);
      continue;
    }
    const { conversation } = stored;
    const [first, ...more] = conversation.escalations;
    if (!first || more.length > 0) faults.push(`${id}: ${conversation.escalations.length} escalations`);
    if (first?.state !== 'resolved' || first.delivery !== 'arrived')
      faults.push(`${id}: the escalation is ${first?.state}, ${first?.delivery}`);
    for (const slot of slotsOf(conversation)) {
      messages += 1;
      const known = conversation.messages[slot];
      const post = platform.posts.find(({ ref }) => ref.id === known?.id);
      if (!post) faults.push(`${id}: ${slot} was never posted`);
      else if (JSON.stringify(post.message) !== JSON.stringify(wording.message(conversation, slot)))
        faults.push(`${id}: ${slot} does not say what it should: ${post.message.summary}`);
    }
  }

  const seen = new Set<string>();
  let repeats = 0;
  for (const { delivery } of platform.posts) {
    const key = delivery?.key ?? '';
    // Said anew, below what she has typed, each time that somebody whose form did not open tries again.
    if (key.endsWith('/welcome')) continue;
    if (!seen.has(key)) seen.add(key);
    else if (delivery?.mayBeRepeat) repeats += 1;
    else faults.push(`${key} was posted twice and not marked`);
  }
  const counts = await store.counts(Date.now());
  // A planned look at a case that has ended comes to nothing when it is due.
  const { watch: _, ...waiting } = counts.waiting;
  const { givenUp } = counts;
  if (Object.keys({ ...waiting, ...givenUp }).length > 0)
    faults.push(`left over: ${JSON.stringify({ waiting, givenUp })}`);
  return { faults, messages, repeats };
};
