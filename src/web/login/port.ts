import type { OnRefused } from '../../chat/refusals.ts';
import type { Block } from '../../chat/view.ts';
import type { Locale } from '../../language.ts';
import type { Secret } from '../../secret.ts';
import type { Site } from './guard.ts';

type Row = { label: string; value: string };

/** What the page asks of the bot. Every answer is in the person's own language. `session` stands for the browser. */
export type LoginDoor = {
  /** Consumes nothing. `session` null: this browser has done nothing here before. */
  open(
    token: string,
    session: string | null,
  ): Promise<
    | {
        /** `submitted`: by this browser; `not-allowed`: no password is taken for these servers. */
        type: 'open' | 'submitted' | 'not-allowed';
        language: Locale;
        address: string;
        username: string;
        servers: Row[];
        /** The sentence that says who asked for the test. */
        asker: string;
        /** The sentence that says which servers have nothing to do with the address; null: none. */
        foreign: string | null;
        /** The sentence that says what is done with a test mail; null: none is sent here. */
        testMail: string | null;
      }
    | { type: 'gone'; language: Locale | null; canRenew: boolean }
  >;
  /**
   * Consumes the link. `sendTestMail`: she has ticked the box. `told`: the sentence that says why nothing was started;
   * `rehearsing`: another test mail is under way for this account, and the link is as good as before.
   */
  submit(
    token: string,
    session: string,
    given: { password: Secret; sendTestMail: boolean },
  ): Promise<{ type: 'started' | 'gone' | 'busy' | 'rehearsing' } | { type: 'refused'; told: string }>;
  /** `elsewhere`: another browser has submitted; `unknown`: nothing is known of it any more. */
  progress(
    token: string,
    session: string,
  ): Promise<
    | { type: 'elsewhere' }
    | { type: 'unknown' }
    | {
        type: 'known';
        isOver: boolean;
        blocks: Block[];
        canRenew: boolean;
        /** A test mail is sent: it takes longer, and closing the page calls it off. */
        hasTestMail: boolean;
        /** What is under way, for those who hear the page. */
        announced: string | null;
      }
  >;
  /** The page is being closed, or loaded again: only she knows, and a moment later we do. */
  leave(token: string, session: string): Promise<void>;
  renew(token: string, session: string): Promise<boolean>;
};

export type LoginPageOptions = {
  door: LoginDoor;
  site: () => Site;
  words: (language: Locale) => Readonly<Record<string, string>>;
  defaultLanguage: Locale;
  /** Hears that something of ours failed, and nothing of what was sent. */
  onError: (error: unknown) => void;
  onRefused: OnRefused;
  /** Hears that the page was opened under another address than the one that is set; not more often than is worth reading. */
  onOtherAddress: () => void;
};

export const statuses = { forbidden: 403, 'other-address': 403, invalid: 400, failed: 500 } as const;

/** Why a request is not answered as it was meant. The message never repeats what was sent. */
export class LoginPageError extends Error {
  readonly code: keyof typeof statuses;
  constructor(code: keyof typeof statuses, message: string) {
    super(message);
    this.name = 'LoginPageError';
    this.code = code;
  }
}
