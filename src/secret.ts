import { inspect } from 'node:util';

const redacted = '[redacted]';

/**
 * A password on its way to a mail server. It cannot be printed, logged or stored by accident: JSON, `inspect` and
 * template strings show `[redacted]`, and no field of a class or object holds the words.
 */
export class Secret {
  #words: string | null;
  constructor(words: string) {
    this.#words = words;
  }
  /** The words themselves; for the one line that sends them. @throws TypeError after `forget` */
  reveal(): string {
    if (this.#words === null) throw new TypeError('expected a secret that is still known');
    return this.#words;
  }
  /** Lets go of the words: whoever still holds this object no longer keeps them in memory. */
  forget(): void {
    this.#words = null;
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
