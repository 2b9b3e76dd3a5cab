/** What a platform delivers again because it never heard that it was taken counts once, even if a crash came in between. */
import { expect, test } from 'vitest';
import type { Event } from '../../src/conversation/events/event.ts';
import { newConversation } from '../../src/conversation/state/conversation.ts';
import { step } from '../../src/conversation/step.ts';
import { anna, rules } from './fixtures.ts';

const start = newConversation('c1', { person: anna, locale: 'de', at: 1, address: null });
const said = (id: string, eventKey?: string): Event => ({
  at: 2,
  id,
  eventKey,
  type: 'said',
  text: 'status',
  as: 'message',
});

test('an event under a name that was taken changes nothing and causes nothing', () => {
  const [once] = step(start, said('e1', 'slack:event/Ev1'), rules);
  expect(once.notices).toHaveLength(1);
  expect(step(once, said('e2', 'slack:event/Ev1'), rules)).toEqual([once, []]);
  const [other] = step(once, said('e3', 'slack:event/Ev2'), rules);
  expect(other.notices).toHaveLength(2);
});

test('an event without a name is another one each time', () => {
  const [once] = step(start, said('e1'), rules);
  expect(step(once, said('e2'), rules)[0].notices).toHaveLength(2);
});

test('only the latest names are kept, however long the conversation lasts', () => {
  let now = start;
  for (let n = 0; n < 200; n += 1) [now] = step(now, said(`e${n}`, `slack:event/Ev${n}`), rules);
  expect(now.taken).toHaveLength(30);
  expect(now.taken.at(-1)).toBe('slack:event/Ev199');
});
