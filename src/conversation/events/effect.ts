import { z } from 'zod';
import type { FormName } from '../../chat/view.ts';
import type { Relayed } from '../escalation/relay.ts';
import type { FieldErrors } from '../state/fields.ts';

/**
 * A message with a fixed place in the conversation. What it says is always a function of the conversation's
 * present state, so showing a slot again updates the same message and a repeated effect does no harm.
 */
export const slotSchema = z.union([
  z.literal('welcome'),
  z.templateLiteral(['progress:', z.string()]),
  z.templateLiteral(['report:', z.string()]),
  z.templateLiteral(['details:', z.string()]),
  z.templateLiteral(['it-root:', z.string()]),
  z.templateLiteral(['it-evidence:', z.string()]),
  z.templateLiteral(['notice:', z.string()]),
]);
export type Slot = z.infer<typeof slotSchema>;

/** What the world must do. The first four are done inside the request; the others are durable jobs, run after the commit. */
export type Effect =
  | {
      type: 'answer';
      answer:
        | { type: 'close' }
        | { type: 'errors'; errors: FieldErrors }
        | { type: 'form'; form: FormName; about: string };
    }
  | { type: 'open-form'; form: FormName; about: string }
  /** Look for the settings of an address; whoever waits for them is told by the event `discovered`. */
  | { type: 'discover'; address: string }
  /** Make a one-time link to the login page and post it as this notice; the link itself is nowhere in the state. */
  | { type: 'offer-login'; noticeId: string; checkId: string }
  | { type: 'show'; slot: Slot }
  | { type: 'diagnose'; checkId: string }
  /** Tells another conversation; taken there once, however often it arrives. */
  | { type: 'relay'; conversationId: string; relayed: Relayed }
  /** Looks at the causes of a case again, and tries to hand over again; after so many milliseconds, roughly. */
  | { type: 'watch'; escalationId: string; look: number; afterMs: number }
  | { type: 'hand-over-again'; escalationId: string; count: number; afterMs: number }
  /** Reminds somebody, if it is still waited for then; after exactly so many milliseconds, since that is within office hours. */
  | { type: 'remind'; escalationId: string; number: number; afterMs: number }
  /** A check with a login, run where the password is. What is durable is only that its loss is noticed. `rehearse`: with a test mail. */
  | { type: 'try-login'; checkId: string; rehearse: boolean }
  /** Deletes everything once IT has been told; says in the end how much it was, unless nobody is there to hear it. */
  | { type: 'erase'; counts: Readonly<Record<ErasedThing, number>>; isQuiet?: true };

export const erasedThings = ['accounts', 'checks', 'cases', 'messages'] as const;
/** What is counted when a person's data is deleted. */
export type ErasedThing = (typeof erasedThings)[number];
