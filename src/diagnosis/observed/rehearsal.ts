/**
 * What a rehearsal shows: the connections, the one mail and the copy that HubSpot would make, and what is left of them.
 * Replies are cleaned and shortened, and folders are named as people read them.
 */
import type { LoginRefusal, SendingRefusal, Unspoken } from './refusal.ts';

/** How a question ended that was not answered as hoped for. `cut-short`: our own time was over, or it was called off. */
export type Unanswered = Unspoken | 'cut-short';

type TestMail =
  /** Before anything of it goes out, so that whoever keeps the id can tell of it after a crash. */
  | { phase: 'sending' }
  /** The server has taken it, and it will arrive somewhere, or a report of non-delivery will. */
  | { phase: 'taken' }
  /** Known not to be taken: at the `envelope`, or at its `content`. */
  | {
      phase: 'refused';
      stage: 'envelope' | 'content';
      code: string | null;
      reply: string;
      /** Null: nothing known. */
      meaning: SendingRefusal | null;
    }
  /** Sent and not answered: it may have been taken all the same. */
  | { phase: 'unanswered'; outcome: Unanswered }
  /** Nothing of it, nor of its copy, lies in the mailbox, and nothing of it can come any more. */
  | { phase: 'cleared' };

type Arrival =
  | {
      outcome: 'arrived';
      /** Since the server had taken it, in milliseconds. */
      afterMs: number;
      /** Whether the server told of it by itself, or was asked every few seconds. */
      by: 'idle' | 'asked';
      folder: string;
      place: 'inbox' | 'junk' | 'other';
      /** The sender as it arrived, where that is another than the one it was sent with. */
      rewrittenFrom: string | null;
    }
  /** A report of non-delivery (RFC 3464) names it. `status`: its enhanced code such as 5.2.2. */
  | { outcome: 'bounced'; status: string; reply: string }
  | { outcome: 'not-seen'; waitedMs: number }
  /** Nobody could look any more. */
  | { outcome: Unanswered };

/** What stands above the mail, for whoever meets it before it is removed, whichever language they read. */
export const testMailSubject = 'Test mail of connect-email / Testmail von connect-email';

/** Before anything of a mail goes out. */
export const isSending = (seen: { type: string; phase?: unknown }): boolean =>
  seen.type === 'test-mail' && seen.phase === 'sending';

export type RehearsalFacts =
  /** Both logins were accepted and there was consent. What a rehearsal shows comes between these two. */
  | { type: 'rehearsal'; phase: 'begun' | 'ended' }
  /** One of the five connections, in the order in which they are opened. */
  | {
      type: 'session';
      number: number;
      outcome: 'opened' | 'refused' | Unanswered;
      /** The sessions of the rehearsal that had been opened before still stood then. */
      othersStood: boolean;
      reply: string;
      meaning: LoginRefusal | null;
    }
  /** `id`: the value of the header by which the mail is known. */
  | ({ type: 'test-mail'; id: string } & TestMail)
  | ({ type: 'arrival' } & Arrival)
  /** The copy in the folder for sent mail. */
  | {
      type: 'copy';
      outcome: 'appended' | 'refused' | Unanswered;
      folder: string;
      reply: string;
      /** The mailbox is full, which is no fault of the folder. */
      isOverQuota: boolean;
    }
  /** One for each of the two messages that lies there still. */
  | { type: 'left-behind'; what: 'test-mail' | 'copy'; folder: string };
