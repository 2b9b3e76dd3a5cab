import { inspect } from 'node:util';

const redacted = '[redacted]';

/**
 * A password on its way to a mail server. It cannot be printed, logged or stored by accident: JSON, `inspect` and
 * template strings show `[redacted]`, and no field of a class or object holds the words.
 */
export class Secret {
  readonly #words: string;
  constructor(words: string) {
    this.#words = words;
  }
  /** The words themselves; for the one line that sends them. */
  reveal(): string {
    return this.#words;
  }
  toString(): string {
    return redacted;
  }
  toJSON(): string {
    return redacted;
  }
  [inspect.custom](): string {
    return redacted;
  }
}
