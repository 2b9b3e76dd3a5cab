import type { Person } from '../../chat/port.ts';
import type { ButtonAction, FormName } from '../../chat/view.ts';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { Assessment } from '../../diagnosis/finding.ts';
import type { Relayed } from '../escalation/relay.ts';
import type { Locale, Transcript } from '../state/conversation.ts';
import type { PersonRef, Thread } from '../state/escalation.ts';
import type { FormValues } from '../state/fields.ts';
import type { LookupOutcome } from '../state/lookup.ts';

/** When and under which fresh id something happened; the id is used for whatever the event creates. `at`: milliseconds since the epoch. */
export type Stamp = {
  at: number;
  id: string;
  /** What the platform calls it, the same each time it delivers it; absent: it comes once. */
  eventKey?: string | undefined;
};

/** A case, wherever it is kept. */
export type EscalationAddress = { conversationId: string; escalationId: string };

/** What a person does. `about`: id of the check or case that a button or form belongs to; may be empty. */
export type Act =
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
  /**
   * A password was typed into the login page for the account of this check; it is not in the event. `addresses`: where
   * its servers' names lead at this moment; absent: nobody has looked. `sendTestMail`: she has agreed to a rehearsal of
   * what HubSpot does, with one mail to herself.
   */
  | {
      type: 'login-submitted';
      checkId: string;
      noticeId: string;
      addresses?: readonly string[];
      sendTestMail?: boolean;
    };

/** What people do by the piece, and may not do without end. */
export const limitedThings = ['checks', 'logins', 'texts', 'messages'] as const;
export type LimitedThing = (typeof limitedThings)[number];

/** What happened. */
export type Event = Stamp &
  (
    | Act
    | {
        type: 'check-finished';
        checkId: string;
        assessment: Assessment;
        transcripts: Transcript[];
        durationMs: number;
        /** Absent: nobody looked whose servers they are. */
        foreignServers?: Service[];
        /** What came of the rehearsal; absent: there was none. */
        rehearsal?: 'held' | 'cancelled';
      }
    /** Our own mail, named by the value of its header, is about to be sent; or nothing of it lies there any more. */
    | { type: 'test-mail'; checkId: string; header: string; phase: 'sending' | 'cleared' }
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
    /** What stands under `root` is out of IT's sight: another channel is theirs now. */
    | { type: 'thread-lost'; escalationId: string; root: { platform: string; id: string } }
    | { type: 'hand-over-due'; escalationId: string; count: number }
    | { type: 'reminder-due'; escalationId: string; number: number }
    /** `answers`: what the form is about that waits for this; null: none does. */
    | { type: 'discovered'; address: string; outcome: LookupOutcome; answers: string | null }
    /** The platform tells who the person is, a moment after her first word. */
    | {
        type: 'introduced';
        name: string;
        locale: Locale | null;
        address: string | null;
        timeZone?: string | null;
      }
    /** Too much in a short time: instead of what was wanted, it is said when it works again. `until`: ms since the epoch. */
    | { type: 'refused'; what: LimitedThing; until: number; instead: Act }
    /** The operator wants everything about this person to be deleted. Nothing is said to her. */
    | { type: 'forget-asked' }
    /** The thread of a case leaves with its keeper; `to` is asked to keep it. */
    | { type: 'passing-on'; escalationId: string; to: EscalationAddress }
    /** The thread that this case stands in is to be kept here. */
    | {
        type: 'thread-passed';
        escalationId: string;
        from: EscalationAddress;
        root: { platform: string; id: string };
        thread: Thread;
      }
    | { type: 'thread-moved'; escalationId: string; from: EscalationAddress; to: EscalationAddress }
    /** Somebody who may be named here has been forgotten. `names`: what she is called. */
    | { type: 'person-forgotten'; person: PersonRef; names: readonly string[] }
    /** IT has been told; now nothing may stay. */
    | { type: 'erasing' }
  );
export type EventOf<T extends Event['type']> = Extract<Event, { type: T }>;
