import type { Form, FormName, Message } from '../chat/view.ts';
import type { ErasedThing, Slot } from '../conversation/events/effect.ts';
import type { Conversation, Escalation, Locale } from '../conversation/state/conversation.ts';
import type { FieldErrors } from '../conversation/state/fields.ts';
import type { Account } from '../diagnosis/account/account.ts';
import type { Finding } from '../diagnosis/finding.ts';
import type { StepProgress } from '../diagnosis/progress.ts';

export type FindingText = { title: string; explanation: string; remedy: string };

/** What holds for this rep where it may differ from what holds for all. `itChannel`: there is one that takes her cases. */
export type ForPerson = {
  itChannel: boolean;
  /** With what a word to the bot begins on her platform; absent: with nothing. */
  command?: string | undefined;
  isOfIt?: boolean;
};

/** `command`: with what a word to the bot begins there; absent: with nothing. */
export type ReadWhere = { locale: Locale; command: string | undefined };

/** A case as it stands in the queue. */
export type Queued = { conversation: Conversation; escalation: Escalation; openedAt: number };

/** What IT has to do, the oldest first. `more`: how many are left out; `query`: what was looked for; null: all of it. */
export type QueueView = { cases: readonly Queued[]; more: number; query: string | null };

/** Why somebody gets no answer. `until`: milliseconds since the epoch. */
export type QueueRefusal = { reason: 'not-it' | 'unknown' } | { reason: 'too-many'; until: number };

/** Where a test case stands; `by`: the name of who pressed the button. */
export type TestCaseState = { type: 'open' } | { type: 'claimed' | 'cleared'; by: string };

/** The only voice of the product. Every function is pure; languages are complete by type. */
export type Wording = {
  finding(finding: Finding, account: Account, locale: Locale): FindingText;
  /** What a slot says now. Slots of the IT channel are written in IT's language. */
  message(conversation: Conversation, slot: Slot, around?: ForPerson): Message;
  /** The live checklist of a running check. */
  progress(conversation: Conversation, checkId: string, steps: readonly StepProgress[]): Message;
  /** The notice that holds a link to the login page; its address is nowhere but in this message. */
  loginLink(conversation: Conversation, link: { url: string; address: string }): Message;
  /** The last words to a person whose data is gone. */
  erased(counts: Readonly<Record<ErasedThing, number>>, locale: Locale): Message;

  /** A person's own page. `conversation` null: she has not begun yet; `queue` null: she is not of IT. */
  home(conversation: Conversation | null, page: ReadWhere & { queue: QueueView | null }): Message;
  queue(view: QueueView, where: ReadWhere): Message;
  queueRefused(refusal: QueueRefusal, locale: Locale): Message;
  /** For the IT channel: cases arrive here. */
  channelCard(): Message;
  /** A case that nobody has, to see what one looks like: what stands in the channel, and below it. `id`: for its buttons. */
  testCase(id: string, state: TestCaseState): { root: Message; thread: Message[] };

  form(conversation: Conversation, name: FormName, about: string): Form;
  errors(errors: FieldErrors, locale: Locale): Record<string, string>;
};
