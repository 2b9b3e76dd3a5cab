/** What an attempt to hold a session gives, whichever service. */
import type { LoginRefusal } from '../../diagnosis/observed/refusal.ts';
import type { Unanswered } from '../../diagnosis/observed/rehearsal.ts';
import type { Entrance } from '../../probe/context.ts';
import { meaningOfLogin } from '../../probe/refusals/login.ts';
import { type Adopted, openSession } from './adopt.ts';
import type { Settled } from './within.ts';

export type NotHeld = { outcome: 'refused' | Unanswered; reply: string; meaning: LoginRefusal | null };
export type Held<S> = { outcome: 'opened'; session: S };

/** In milliseconds: a login that was taken a moment ago. */
export const loginMs = 10_000;

const unheld = (outcome: Unanswered): NotHeld => ({ outcome, reply: '', meaning: null });

/** A login that did not come to an end, by what the tap has heard; `refusal`: words of it as they may be shown, null: none. */
export const notHeld = (
  ended: Exclude<Settled<unknown>, { outcome: 'done' }>,
  { talk, tap }: Adopted,
  refusal: string | null,
): NotHeld => {
  if (tap.isTooMuch()) return unheld('too-long');
  if (ended.outcome !== 'failed') return unheld(ended.outcome);
  if (refusal === null) return unheld('closed');
  return { outcome: 'refused', reply: refusal, meaning: meaningOfLogin(talk.service, tap.lines()) };
};

/** Opens a session and has `logIn` log in over it. */
export const hold = async <S>(
  entrance: Entrance,
  signal: AbortSignal,
  logIn: (adopted: Adopted, entrance: Entrance, signal: AbortSignal) => Promise<Held<S> | NotHeld>,
): Promise<Held<S> | NotHeld> => {
  const opened = await openSession(entrance, signal);
  return 'outcome' in opened ? opened : logIn(opened, entrance, signal);
};
