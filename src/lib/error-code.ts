/** A word such as ECONNREFUSED or not_in_channel; what else stands in the place of a code may be somebody's words. */
const isCode = (code: unknown): code is string => typeof code === 'string' && /^[\w-]{1,60}$/u.test(code);

/** `fetch` and others wrap the error that says why, some in several layers. */
const mostLayers = 5;

const ownCode = (error: unknown, layers: number): string | null => {
  if (!(error instanceof Error) || layers > mostLayers) return null;
  if ('code' in error && isCode(error.code)) return error.code;
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return ownCode(inner, layers + 1);
};

/** The code of an error, or of what caused it; null: none of them has one. */
export const findCode = (error: unknown): string | null => ownCode(error, 0);

/** What may be told of an error: its kind, never its words, which may quote a person, a server or a secret. */
export const codeOf = (error: unknown): string =>
  findCode(error) ?? (error instanceof Error ? error.name : 'unknown');
