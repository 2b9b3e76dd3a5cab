/**
 * All that a line may be meant to say: as it stands, and with what is encoded in it decoded. `text`: still a line of words,
 * with pieces decoded in their places. Otherwise it is only what was decoded, and a chance match in it is as good as none.
 */
export type View = { text: string; isLine: boolean };

/** Encodings in encodings: a percent-encoded base64 of a base64. */
const deepest = 3;
const entities: Readonly<Record<string, string>> = {
  ...{
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    sol: '/',
    num: '#',
    dollar: '$',
    excl: '!',
  },
  ...{
    auml: 'ä',
    ouml: 'ö',
    uuml: 'ü',
    szlig: 'ß',
    eacute: 'é',
    egrave: 'è',
    agrave: 'à',
    ccedil: 'ç',
    euro: '€',
  },
};

const sign = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '');

/** Bytes that stand for letters, where they do. */
const fromBytes = (text: string): string => {
  if (!/[\x80-\xff]/u.test(text) || /[^\0-\xff]/u.test(text)) return text;
  const decoded = Buffer.from(text, 'latin1').toString('utf8');
  return decoded.includes('\ufffd') ? text : decoded;
};

/**
 * Percent-encoding (RFC 3986), quoted-printable (RFC 2045), xtext (RFC 3461 §4), the escapes of C, JSON and JavaScript, and
 * character references of HTML. What one of them reads as a number another may read otherwise, so it is decoded in several
 * ways.
 */
const withoutEscapes = (text: string, how: { plus: 'xtext' | 'space'; backslash: 8 | 10 | null }): string => {
  const written = how.plus === 'space' ? text.replaceAll('+', ' ') : text;
  return fromBytes(
    written.replaceAll(
      /[%=+]([0-9a-f]{2})|\\x([0-9a-f]{2})|(?:\\u|%u|U\+)\{?([0-9a-f]{4,6})\}?|\\(\d{1,3})|&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&([a-z]{2,6});|\\(["'\\/])/giu,
      (whole, ...groups: (string | undefined)[]) => {
        // Where a backslash is itself a sign of what was written, it opens nothing.
        if (how.backslash === null && whole.startsWith('\\')) return whole;
        const [byte, escaped, unicode, number, hexadecimal, decimal, entity, quoted] = groups;
        const hex = byte ?? escaped ?? unicode ?? hexadecimal;
        if (hex !== undefined) return sign(Number.parseInt(hex, 16));
        if (number !== undefined) return sign(Number.parseInt(number, how.backslash ?? 10) || 0);
        if (decimal !== undefined) return sign(Number(decimal));
        if (entity !== undefined) return entities[entity.toLowerCase()] ?? whole;
        return quoted ?? whole;
      },
    ),
  );
};

/** UTF-7 (RFC 2152) and the form of it in which IMAP names folders (RFC 3501 §5.1.3). */
const fromUtf7 = (text: string): string =>
  text.replaceAll(/[&+]([A-Za-z0-9+/,]*)-?/gu, (whole, encoded: string) => {
    if (encoded === '') return whole.slice(0, 1);
    const bytes = Buffer.from(encoded.replaceAll(',', '/'), 'base64');
    return bytes
      .subarray(0, bytes.length - (bytes.length % 2))
      .swap16()
      .toString('utf16le');
  });

const fromUtf16 = (bytes: Buffer): string[] => {
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return [even.toString('utf16le'), even.swap16().toString('utf16le')];
};

const readings = (bytes: Buffer): string[] => {
  const latin1 = bytes.toString('latin1');
  return [
    fromBytes(latin1),
    // What stands behind a NUL is a part of its own (RFC 4616), or half of a sign.
    ...(latin1.includes('\0') ? [latin1.replaceAll('\0', ''), ...fromUtf16(bytes)] : []),
  ];
};

/** Base64 at each of its four alignments, in the alphabets of RFC 4648, in pieces and with all between them left out. */
const fromBase64 = (text: string): string[] => {
  const pieces = text.match(/[A-Za-z0-9+/_-]{2,}/gu) ?? [];
  const whole = pieces.length > 1 ? [pieces.join('')] : [];
  return [...pieces, ...whole].flatMap((piece) =>
    [0, 1, 2, 3].flatMap((start) => readings(Buffer.from(piece.slice(start), 'base64'))),
  );
};

const fromHex = (text: string): string[] =>
  (text.replaceAll(/0x|\\x/giu, ' ').match(/(?:[0-9a-f]{2}[ :,.;_-]{0,4})+[0-9a-f]?/giu) ?? []).flatMap(
    (found) => {
      const digits = found.replaceAll(/[^0-9a-f]/giu, '');
      return [0, 1].flatMap((start) => {
        const bytes = Buffer.from(digits.slice(start), 'hex');
        return [...readings(bytes), ...fromUtf16(bytes), ...fromUtf16(bytes.subarray(1))];
      });
    },
  );

/** Bytes as numbers with something between them. */
const fromNumbers = (text: string): string[] =>
  (text.match(/(?:\d{2,3}[ ,;:.-]{1,2})*\d{2,3}/gu) ?? []).flatMap((found) =>
    [8, 10].flatMap((base) => {
      const codes = found.split(/\D+/u).map((number) => Number.parseInt(number, base));
      return codes.every((code) => code >= 0 && code < 256) ? readings(Buffer.from(codes)) : [];
    }),
  );

const once = ({ text, isLine }: View): View[] => {
  const asLines = (['xtext', 'space'] as const).flatMap((plus) =>
    ([null, 8, 10] as const).map((backslash) => withoutEscapes(text, { plus, backslash })),
  );
  const decoded = [...fromBase64(text), ...fromHex(text), ...fromNumbers(text)];
  return [
    ...[...asLines, fromUtf7(text), fromBytes(text)].map((line) => ({ text: line, isLine })),
    ...decoded.filter((found) => found !== '').map((found) => ({ text: found, isLine: false })),
  ];
};

/** What can itself be encoded text; chance bytes hold hardly any of it. */
const isText = (text: string): boolean => /[\x20-\x7e]{4}/u.test(text);

/** `most`: in characters, of the line with everything decoded from it; null where that is not enough. */
export const viewsOf = (line: string, most: number): View[] | null => {
  const known = new Map<string, View>([[line, { text: line, isLine: true }]]);
  let left = most - line.length;
  let latest = [...known.values()];
  for (let depth = 0; depth < deepest; depth += 1) {
    const found: View[] = [];
    for (const view of latest.filter(({ text }) => depth === 0 || isText(text)))
      for (const next of once(view)) {
        if (known.has(next.text)) continue;
        known.set(next.text, next);
        found.push(next);
        left -= next.text.length;
        if (left < 0) return null;
      }
    latest = found;
  }
  return [...known.values()];
};
