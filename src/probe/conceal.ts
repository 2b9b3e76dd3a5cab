/** Shorter pieces of base64 are found in many lines by chance. */
const pieceLength = 8;
/** A password of a few letters is part of many words; only the whole of it, encoded or not, is looked for then. */
const longEnough = 6;

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64').replace(/=+$/u, '');

const piecesOf = (encoded: string): string[] =>
  Array.from({ length: Math.max(1, encoded.length - pieceLength + 1) }, (_, start) =>
    encoded.slice(start, start + pieceLength),
  );

/**
 * Tells whether a line holds the password, plain, quoted or encoded, or a piece of what carried it: a server may
 * repeat what it was sent, and its words are shown to people and kept. Compared without regard to case.
 */
export const createConcealment = (
  password: string,
  carriers: readonly string[],
): ((line: string) => boolean) => {
  const forms = [
    password,
    Buffer.from(password, 'utf8').toString('latin1'),
    password.replaceAll(/["\\]/gu, String.raw`\$&`),
    encodeURIComponent(password),
    Buffer.from(password, 'utf8').toString('hex'),
  ];
  const encoded = [base64(password), ...carriers.map((carrier) => base64(carrier))];
  const traces = [...forms, ...(password.length < longEnough ? encoded : encoded.flatMap(piecesOf))].map(
    (trace) => trace.toLowerCase(),
  );
  return (line) => {
    const lower = line.toLowerCase();
    return traces.some((trace) => lower.includes(trace));
  };
};
