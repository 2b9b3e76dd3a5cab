import type { Person } from './person.ts';
import type { ButtonAction, Form, FormAnswer, FormName, Message } from './view.ts';

export type { Person } from './person.ts';

/**
 * Where a message goes: a person's direct messages, the platform's IT channel, or the thread below a message. `of`: the
 * person whose case it is, where the message is a case.
 */
export type Place =
  | { type: 'person'; person: Person }
  | { type: 'it-channel'; of?: Person }
  | { type: 'thread'; root: MessageRef };

/** Where a posted message can be found again; the string belongs to the adapter that gave it. */
export type MessageRef = { platform: string; id: string };

/** A form that stands open. `update` replaces it; fields of an unchanged `version` keep what was typed into them. */
export type OpenForm = { update(form: Form): Promise<void> };

/** What a platform knows of a person. */
export type Profile = {
  name: string;
  locale: string | null;
  address: string | null;
  /** Of the IANA time zone database. Absent or null: not known, here and below. */
  timeZone?: string | null;
};

/** Says something where it was asked, to nobody else than those who may read it there. Absent: it is said to the person alone. */
export type ReplyInPlace = (message: Message) => Promise<void>;

export type Incoming = {
  /** What the platform calls this event, the same each time it delivers it; absent: it is delivered once. */
  eventKey?: string;
  person: Person;
  /** The language the platform knows of this person, as a BCP 47 tag. */
  platformLocale: string | null;
  /** The person's address where the platform knows it. */
  profileAddress: string | null;
  timeZone?: string | null;
  /** What the platform tells of the person a moment later, so that nothing waits for it; null: all is known. Never rejects. */
  later: Promise<Profile | null> | null;
} & (
  | {
      type: 'command';
      text: string;
      openForm(form: Form): Promise<OpenForm | null>;
      reply?: ReplyInPlace;
    }
  | { type: 'message'; text: string; thread: MessageRef | null; reply?: ReplyInPlace }
  /** She has opened the page of her own that the platform has for the bot; `show` replaces what stands there. */
  | { type: 'home'; show(message: Message): Promise<void> }
  | {
      type: 'button';
      action: ButtonAction;
      value: string;
      /** Pressed in the IT channel by one of its members; checked by the adapter. */
      inItChannel: boolean;
      /** Opens a form in answer to the click; most platforms allow this for three seconds. Null: it cannot be changed later. */
      openForm(form: Form): Promise<OpenForm | null>;
    }
  | {
      type: 'form';
      form: FormName;
      context: string;
      values: Record<string, string | null>;
      inItChannel: boolean;
      /** Called exactly once, within the platform's time limit. Null: no form stands open, or it cannot be changed later. */
      respond(answer: FormAnswer): OpenForm | null;
    }
);

/** The language, as a BCP 47 tag, in which the conversation is held that it belongs to. */
export type Received = { locale: string };

/** Takes what came in. Null: it was said in a thread that is no case, and nothing was done. Rejects when it could not be kept. */
export type Receive = (incoming: Incoming) => Promise<Received | null>;

/**
 * What became of a platform's IT channel. `came`: the bot has been put there, and its people are to be told; `back`: what was
 * in the way there may be gone. `afterMs`: how long until the platform has said all of it.
 */
export type ChannelNews = { platform: string; what: 'came' | 'back'; afterMs: number };

/** Hears of it. Rejects when it could not be kept. */
export type HearOfChannel = (news: ChannelNews) => Promise<void>;

/** What a platform can do; the conversation asks these, never the platform's name. */
export type Capabilities = {
  itChannel: boolean;
  /** A form that stands open can be replaced; where it cannot, its answer holds what is known by then. */
  formUpdates: boolean;
  /** With what every word to the bot can begin, such as `/name`; absent: words are written as they are. */
  command?: string;
};

/** What is known of a message besides its words. */
export type Delivery = {
  /** The same for every try of the same message; ids only. */
  key: string;
  /** An earlier try may have posted it: whoever can look should, and then give the earlier one's reference. */
  mayBeRepeat: boolean;
};

/**
 * What is said first where the platform allows only so much: `high` is what somebody waits for (reports, cases, answers);
 * `normal` what catches up in a message that stands; `low` is dropped where it has to wait, since the next one says more.
 */
export type Priority = 'high' | 'normal' | 'low';

/** One chat platform. `post` and `update` throw {@link DeliveryError} when the platform refuses. */
export type ChatAdapter = {
  readonly platform: string;
  readonly capabilities: Capabilities;
  post(place: Place, message: Message, delivery?: Delivery): Promise<MessageRef>;
  /** `priority`: `normal` unless said; what is posted is `high`. */
  update(ref: MessageRef, message: Message, priority?: Priority): Promise<void>;
  /** Whether this person's cases may go to the IT channel, which serves one company only. Absent: everybody's may. */
  takesEscalationOf?(person: Person): Promise<boolean>;
  /** Whether a message stands in what is the IT channel now, or there is none. Absent: there is never another one. */
  isInItChannel?(ref: MessageRef): boolean;
  /** Whether this person works in the IT channel. Absent: nobody does. Rejects when the platform does not say. */
  isOfIt?(person: Person): Promise<boolean>;
};

/** `throttled`: nothing was sent, because its turn has not come. */
export type DeliveryFailure =
  | 'temporary'
  | 'throttled'
  | 'not-in-channel'
  | 'channel-gone'
  | 'person-gone'
  | 'rejected';

/** A message did not arrive. `failure` says whether another try can help. */
export class DeliveryError extends Error {
  readonly code: DeliveryFailure;
  /** How long the platform asks to be left alone, in milliseconds; null: it did not say. */
  readonly retryAfterMs: number | null;
  constructor(
    code: DeliveryFailure,
    message: string,
    options?: { cause?: unknown; retryAfterMs?: number | null },
  ) {
    super(message, options);
    this.name = 'DeliveryError';
    this.code = code;
    this.retryAfterMs = options?.retryAfterMs ?? null;
  }
}

/**
 * Small durable memory for an adapter: conversation references, posted messages. Values are JSON; no secrets.
 * `about`: whom the value speaks of; it goes when that person's data is erased.
 */
export type AdapterMemory = {
  put(key: string, value: unknown, about?: { person: { platform: string; id: string } }): Promise<void>;
  get(key: string): Promise<unknown>;
  list(prefix: string): Promise<{ key: string; value: unknown }[]>;
};
