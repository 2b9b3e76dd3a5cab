/**
 * What people do and see in a whole journey, the same on every platform: Anna, who wants her account connected, and
 * Jonas of IT. Each rig in `rigs/` acts it out over its platform's own wire or page.
 */
import type { Env } from './product.ts';

export type Locale = 'de' | 'en';

/** A message as it stands when it is looked at. */
export type Message = {
  /** Every text that stands on its own, without the platform's signs. */
  lines: readonly string[];
  /** The actions of its buttons. */
  buttons: readonly string[];
  /** The platform's ids of those whom it calls. */
  calls: readonly string[];
};

/** What came of a form that was sent. */
export type Submitted =
  | { type: 'closed' }
  | { type: 'errors'; errors: Env; form: OpenForm }
  | { type: 'next'; form: OpenForm };

/** A form in front of the person who has opened it. */
export type OpenForm = {
  /** What stands in these fields. */
  standing(...fields: string[]): Promise<Env>;
  /** Fields that are not named keep what stands in them. */
  submit(values?: Env): Promise<Submitted>;
};

type Person = {
  /** A button that opens a form. */
  open(message: Message, action: string): Promise<OpenForm>;
  /** A word that is answered where it was said, and what she reads there. */
  asks(text: string): Promise<Message>;
  /** Her page of the bot, or the message that takes its place, once it has all of these words. */
  page(...words: string[]): Promise<Message>;
  /** Any other button, also one that only she still sees: a message keeps the buttons it had. */
  press(message: Message, action: string): Promise<void>;
};

export type Rep = Person & {
  /** Asks for the form in which she gives her address. */
  begin(): Promise<OpenForm>;
  /** The same from a message of somebody else's, which has the address; where there is no such way, she types it. */
  beginsAt(message: string, address: string): Promise<OpenForm>;
  says(text: string): Promise<void>;
  /** The newest message in her chat with all of these words, once it is there. */
  reads(...words: string[]): Promise<Message>;
  chat(): Promise<Message[]>;
  /** What her messages have said at any time, also where it has been changed since. */
  everRead(): Promise<string>;
  /** Where the newest link to the login page leads, once it is there. */
  link(): Promise<string>;
};

export type ItMember = Person & {
  /** His own language, in which only he is answered; what stands in the channel is in IT's. */
  speaks: Locale;
  /** The platform's id of this member. */
  id: string;
  /** Writes to the bot in the thread of the case. */
  mentions(root: Message, text: string): Promise<void>;
  /** The newest message of the channel itself with all of these words, once it is there. */
  reads(...words: string[]): Promise<Message>;
  /** The newest message of the root's thread with all of these words, once it is there. */
  readsBelow(root: Message, ...words: string[]): Promise<Message>;
  channel(): Promise<Message[]>;
};

export type Ending = 'SIGTERM' | 'SIGKILL';

export type Stage = {
  anna: Rep;
  jonas: ItMember;
  /** The program ends like that and starts again on the same data. Only where it is a process of its own. */
  restart(ending: Ending, meanwhile?: () => Promise<void>): Promise<void>;
  /** A look at the page as a whole; nothing where the platform draws it. */
  look(name: string): Promise<void>;
  /** Puts away everything, and fails for whatever the platform would not have taken. */
  close(): Promise<void>;
};

export type StageOptions = {
  env: Env;
  locale: Locale;
  /** A process of its own can be ended; within the test's it starts sooner. */
  process: 'own' | 'shared';
};

export type Rig = {
  name: string;
  /** What the rig needs for all of its stages, such as a browser. */
  prepare(): Promise<{ open(options: StageOptions): Promise<Stage>; close(): Promise<void> }>;
};

/** What a rig's platform showed as a message. `of` throws for a message that was not shown so. */
export const createOriginals = <Original>() => {
  const originals = new WeakMap<Message, Original>();
  return {
    shown: (message: Message, original: Original): Message => {
      originals.set(message, original);
      return message;
    },
    of: (message: Message): Original => {
      const original = originals.get(message);
      if (!original) throw new Error('a message of another platform');
      return original;
    },
  };
};

/** The newest of them with all of these words. Throws with what there is instead. */
export const newestWith = <M extends Message>(messages: readonly M[], words: readonly string[]): M => {
  const found = messages.findLast(({ lines }) => words.every((word) => lines.join('\n').includes(word)));
  if (!found)
    throw new Error(
      `nobody reads “${words.join('” and “')}”, only: ${messages.map(({ lines }) => lines.join(' / ')).join(' | ')}`,
    );
  return found;
};

/** The newest link to the login page in all that was written. Throws where there is none. */
export const newestLink = (written: string): string => {
  const links = written.match(/https?:\/\/[^\s|>"\])(]+\/login#[\w-]{43}/gu) ?? [];
  const newest = links.at(-1);
  if (newest === undefined) throw new Error('no link to the login page');
  return newest;
};

/** The form that follows. Throws with what came instead. */
export const nextForm = (submitted: Submitted): OpenForm => {
  if (submitted.type !== 'next') throw new Error(`expected another form, got ${JSON.stringify(submitted)}`);
  return submitted.form;
};

/** The form that came back, and what it finds wrong. Throws with what came instead. */
export const refused = (submitted: Submitted): { errors: Env; form: OpenForm } => {
  if (submitted.type !== 'errors') throw new Error(`expected errors, got ${JSON.stringify(submitted)}`);
  return submitted;
};

/** From nothing to the form for the servers. */
export const giveAddress = async (anna: Rep): Promise<OpenForm> =>
  nextForm(await (await anna.begin()).submit({ address: 'rep@example.test' }));
