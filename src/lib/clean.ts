import { stripVTControlCharacters } from 'node:util';

/** Never leaves half of a character outside the basic plane behind. */
const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/u, '');

/**
 * One line from a stranger as it may be shown anywhere: no escape sequence, no control, format or direction character,
 * no line end, nothing that Unicode does not know. At most `longest` characters; a shortened line ends with an ellipsis.
 */
export const cleanLine = (raw: string, longest: number): string => {
  // Escape sequences of terminals go whole, so that no "[31m" stays behind.
  const text = stripVTControlCharacters(raw)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return text.length > longest ? `${cut(text, longest - 1)}…` : text;
};

/**
 * What turns the direction of what follows, or is there and not seen: marks of direction, spaces without width, tags of
 * Unicode, halves of characters. The two joiners stay: pictures of several signs and some scripts are written with them.
 */
const unseen =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu;

/** Text of several lines that people have written, or that is put together for them, as it may be shown anywhere. */
export const cleanText = (raw: string): string =>
  stripVTControlCharacters(raw)
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/gu, '\n')
    .replaceAll(unseen, '')
    .replaceAll(/[^\P{Cc}\n]/gu, ' ');
