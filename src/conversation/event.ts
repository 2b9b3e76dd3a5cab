import type { Person } from '../chat/port.ts';
import type { ButtonAction, FormName } from '../chat/view.ts';
import type { FormValues } from '../diagnosis/account.ts';
import type { Assessment } from '../diagnosis/finding.ts';
import type { Transcript } from './conversation.ts';
import type { Relayed } from './relay.ts';

/** When and under which fresh id something happened; the id is used for whatever the event creates. `at`: milliseconds since the epoch. */
export type Stamp = { at: number; id: string };

/** What happened. `about`: id of the check or case that a button or form belongs to; may be empty. */
export type Event = Stamp &
  (
    | { type: 'said'; text: string; as: 'command' | 'message' }
    /** A reply below the root message that was meant for us, not for the other members of the thread. */
    | { type: 'replied-in-thread'; escalationId: string; text: string; by: Person }
    | { type: 'pressed'; action: ButtonAction; about: string; by: Person; inItChannel: boolean }
    | {
        type: 'submitted';
        form: FormName;
        about: string;
        values: FormValues;
        by: Person;
        inItChannel: boolean;
      }
    | {
        type: 'check-finished';
        checkId: string;
        assessment: Assessment;
        transcripts: Transcript[];
        durationMs: number;
      }
    /** Our own fault; says nothing about the servers. */
    | { type: 'check-failed'; checkId: string }
    | { type: 'posted'; slot: string; ref: { platform: string; id: string } }
    /** Given up for good. */
    | { type: 'undelivered'; slot: string }
    /** From the conversation of somebody who has the same problem. */
    | Relayed
    /** Another case asks for a place in the thread of this one. `key`: what it is about. */
    | {
        type: 'member-came';
        escalationId: string;
        member: { id: string; conversationId: string; person: Person };
        key: string;
      }
    /** A place in somebody else's thread is asked for; null: it is not to be had. */
    | { type: 'joining'; escalationId: string; to: { conversationId: string; escalationId: string } | null }
    | {
        type: 'joined';
        escalationId: string;
        root: { platform: string; id: string };
        claimedBy: Person | null;
      }
    | { type: 'watched'; escalationId: string; look: number; assessment: Assessment }
    /** Our own fault; nothing was seen. */
    | { type: 'watch-failed'; escalationId: string; look: number }
    | { type: 'hand-over-due'; escalationId: string; count: number }
  );
export type EventOf<T extends Event['type']> = Extract<Event, { type: T }>;
