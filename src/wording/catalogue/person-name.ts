/** Control characters, and those that turn the direction of writing or show nothing at all. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A name that a person chose for herself, in one line and without signs that change how the words around it are read. */
export const nameInText = (name: string): string =>
  name.replaceAll(unseen, ' ').replaceAll(/\s+/gu, ' ').trim();
