import type { Person } from '../chat/port.ts';
import type { ButtonAction, FormName } from '../chat/view.ts';
import type { FormValues } from '../diagnosis/account.ts';
import type { Assessment } from '../diagnosis/finding.ts';
import type { Locale, Transcript } from './conversation.ts';

/** What happened. `at`: milliseconds since the epoch; `id`: fresh and unique, used for whatever the event creates. */
export type Event = { at: number; id: string } & (
  | { type: 'started'; address: string | null }
  | { type: 'language-chosen'; locale: Locale }
  /** `about`: id of the check or escalation that the button belongs to. */
  | { type: 'pressed'; action: ButtonAction; about: string; by: Person; inItChannel: boolean }
  | { type: 'submitted'; form: FormName; about: string; values: FormValues; by: Person; inItChannel: boolean }
  | { type: 'said'; text: string; by: Person }
  | {
      type: 'check-finished';
      checkId: string;
      assessment: Assessment;
      transcripts: Transcript[];
      durationMs: number;
    }
  | { type: 'check-failed'; checkId: string }
  | { type: 'posted'; slot: string; ref: { platform: string; id: string } }
  /** Given up for good. */
  | { type: 'undelivered'; slot: string }
);
