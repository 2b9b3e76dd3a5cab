/** What the platform (a test) and the bot's process say to each other. */
import type { ChatAdapter, Delivery, Incoming, MessageRef, Place } from '../../src/chat/port.ts';
import type { Form, FormAnswer, Message } from '../../src/chat/view.ts';

type Plain<T> = T extends unknown ? Omit<T, 'openForm' | 'respond' | 'later'> : never;
/** Something a person did, without what only works within a process. */
export type Said = Plain<Incoming>;

/** `key`: the same each time the platform delivers it again. */
export type ToBot =
  | { type: 'incoming'; id: number; key: string; said: Said }
  | { type: 'answer'; id: number; ref: MessageRef | null };

export type FromBot =
  | { type: 'ready' }
  | { type: 'post'; id: number; place: Place; message: Message; delivery: Delivery | null }
  | { type: 'update'; id: number; ref: MessageRef; message: Message }
  /** `taken` false: not yet, deliver it again. `form`: what opened, or what the form answered. */
  | { type: 'done'; id: number; taken: boolean; form: Form | null };

export const formOf = (answer: FormAnswer | null): Form | null =>
  answer?.type === 'form' ? answer.form : null;

export type Outlet = Pick<ChatAdapter, 'post' | 'update'>;
