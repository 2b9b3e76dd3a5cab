import { cleanLine } from '../../lib/clean.ts';

/** In characters. */
const longest = 200;

/** What a server says as it may be shown. */
export const clean = (raw: string): string => cleanLine(raw, longest);

/** Servers send bytes; most mean UTF-8, and what is not stays readable as Latin-1. */
export const decode = (line: string): string => {
  const bytes = Buffer.from(line, 'latin1');
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? line : text;
};
