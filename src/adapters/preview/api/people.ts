import type { Person } from '../../../chat/port.ts';

export const platform = 'preview';

/** The two people whose seats the page offers. Names are data, the same in every language. */
export const people = {
  rep: { platform, id: 'rep', name: 'Anna Beck' },
  it: { platform, id: 'it', name: 'Jonas Kern' },
} as const satisfies Record<string, Person>;

export const botName = 'connect-email';
