import type { Person } from './person.ts';

/** What a person sees, free of any platform and already in her language. Every text is plain: adapters escape it. */

/** Names of the buttons; permanent, used inside the chat platforms. */
export const buttonActions = [
  'start',
  'continue-imap',
  'edit',
  'check-again',
  'test-login',
  'details',
  'escalate',
  'withdraw',
  'claim',
  'ask-rep',
  'answer',
  'resolve',
  'reopen',
  'it-worked',
  'it-failed',
  'said-imap-settings',
  'said-imap-login',
  'said-smtp-settings',
  'said-unauthorized',
  'said-other',
  'test-case',
] as const;
export type ButtonAction = (typeof buttonActions)[number];

/** Names of the forms; permanent, used inside the chat platforms. */
export const formNames = ['address', 'servers', 'escalate', 'ask-rep', 'answer'] as const;
export type FormName = (typeof formNames)[number];

export type Tone = 'good' | 'bad' | 'warning' | 'open' | 'neutral';

export type StepState = 'waiting' | 'running' | 'good' | 'bad' | 'warning' | 'open' | 'skipped';

/** Whom a message calls: a member, or whoever the operator has named for IT; nobody where nobody is named. */
export type Mentioned = { type: 'person'; person: Person } | { type: 'it' };

export type Block =
  | { type: 'heading'; text: string; tone: Tone }
  /** `to`: who is called by it, before its words. At most one in a message, so that nobody is called twice. */
  | { type: 'text'; text: string; to?: Mentioned }
  /** One requirement: its title and labelled or plain paragraphs. */
  | { type: 'finding'; tone: Tone; title: string; paragraphs: { label: string | null; text: string }[] }
  /** What a report rests on: for those who want to know why, below what is to be done. */
  | { type: 'evidence'; title: string; paragraphs: { label: string | null; text: string }[] }
  | {
      type: 'checklist';
      items: { state: StepState; stateLabel: string; label: string; detail: string | null }[];
    }
  /** Values to copy one by one. `person`: the value is her name; she is shown as a member where that calls nobody. */
  | { type: 'values'; title: string; rows: { label: string; value: string; person?: Person }[] }
  /** One of our own pages, to be opened; shown as it is, so that it can be seen where it leads. */
  | { type: 'link'; url: string }
  /** Verbatim text: a command, a transcript. */
  | { type: 'code'; label: string; text: string }
  /** What another person wrote. */
  | { type: 'quote'; by: string; text: string }
  | { type: 'note'; text: string };

export type Button = {
  action: ButtonAction;
  label: string;
  /** Ids only, never a value that a person typed. */
  value: string;
  style: 'primary' | 'danger' | 'plain';
};

export type Message = {
  /** One line for toasts, notifications and screen readers. */
  summary: string;
  blocks: Block[];
  buttons: Button[];
  /** The language it is written in, for the few words that an adapter adds. */
  locale?: string;
};

type FieldBase = {
  name: string;
  label: string;
  hint: string | null;
  optional: boolean;
  /** Raised when `initial` is replaced in a form that stands open; platforms that keep what was typed go by this. */
  version: number;
};
export type Field = FieldBase &
  (
    | {
        type: 'text';
        initial: string;
        maxLength: number;
        placeholder: string | null;
        inputMode: 'text' | 'email' | 'numeric';
      }
    | { type: 'multiline'; initial: string; maxLength: number }
    | { type: 'choice'; initial: string | null; options: { value: string; label: string }[] }
  );

export type Form = {
  name: FormName;
  title: string;
  submit: string;
  cancel: string;
  /** Ids only; comes back with the submission. */
  context: string;
  intro: Block[];
  fields: Field[];
  /** The language it is written in, for the few words that an adapter adds. */
  locale?: string;
};

/** The reply to a form, given within its own request. */
export type FormAnswer =
  | { type: 'close' }
  | { type: 'errors'; errors: Record<string, string> }
  | { type: 'form'; form: Form };
