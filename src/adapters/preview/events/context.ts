import type { z } from 'zod';
import type { Receive } from '../../../chat/port.ts';
import type { Board } from '../api/board.ts';
import { people } from '../api/people.ts';
import type { Post } from '../api/stored.ts';
import type { bodies } from './parse.ts';

export type Body<Name extends keyof typeof bodies> = z.infer<(typeof bodies)[Name]>;

/** What every kind of event is handled with. */
export type Context = {
  board: Board;
  receive: Receive;
  onError: (error: unknown) => void;
  now: () => number;
};

/** What comes with everything that a person does. `language` (BCP 47): of her browser. */
export const from = (pane: Post['pane'], language: string | null) => ({
  person: people[pane],
  platformLocale: language,
  profileAddress: null,
  later: null,
});
