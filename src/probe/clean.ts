import { stripVTControlCharacters } from 'node:util';

/** In characters. */
const longest = 200;

/** Text from a server as it may be shown: no control, format or bidi characters, at most 200 characters. */
export const clean = (raw: string): string => {
  // ANSI escape sequences go whole, so that no "[31m" stays behind.
  const text = stripVTControlCharacters(raw)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
};

/** Servers send bytes; most mean UTF-8, and what is not stays readable as Latin-1. */
export const decode = (line: string): string => {
  const bytes = Buffer.from(line, 'latin1');
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? line : text;
};
