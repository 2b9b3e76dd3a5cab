import { decode } from '../session/clean.ts';

/** `&`, then base64 with a comma for the slash, then `-`; `&-` alone is the ampersand. */
const shifted = /&([^-]*)-/gu;
const alphabet = /^[A-Za-z0-9+,]+$/u;

/** UTF-16, big-endian, in base64 without padding; null where it is none, or says what needs no encoding. */
const readShifted = (encoded: string): string | null => {
  if (!alphabet.test(encoded)) return null;
  const bytes = Buffer.from(encoded.replaceAll(',', '/'), 'base64');
  if (bytes.length === 0 || bytes.length % 2 !== 0) return null;
  const text = bytes.swap16().toString('utf16le');
  return text.isWellFormed() && !/\p{Cc}/u.test(text) ? text : null;
};

/**
 * A folder's name as people read it: modified UTF-7 (RFC 3501 §5.1.3), or UTF-8 from servers that speak it unasked (RFC
 * 9051 §5.1). What is neither stays as it came: a name such as `R&D-old` of a server that does not encode.
 */
export const readableName = (raw: string): string => {
  const text = decode(raw);
  if (/[^\x20-\x7e]/u.test(text)) return text;
  let isSound = true;
  const read = text.replaceAll(shifted, (_, encoded: string) => {
    if (encoded === '') return '&';
    const part = readShifted(encoded);
    isSound &&= part !== null;
    return part ?? '';
  });
  return isSound ? read : text;
};
