/** JSON in text columns. */

/** The parser's own message quotes what it could not read, which may be a person's words; so this one names the place only. */
export const parseJson = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new SyntaxError(`${where} is not JSON`);
  }
};
