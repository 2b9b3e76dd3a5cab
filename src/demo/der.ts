/** As much of DER (X.690) as a certificate needs. */

const lengthOf = (length: number): Buffer => {
  if (length < 0x80) return Buffer.from([length]);
  const digits = Buffer.from(length.toString(16).padStart(length < 0x100 ? 2 : 4, '0'), 'hex');
  return Buffer.from([0x80 | digits.length, ...digits]);
};

const element =
  (tag: number) =>
  (...contents: readonly Buffer[]): Buffer => {
    const content = Buffer.concat(contents);
    return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
  };

export const sequence = element(0x30);
export const set = element(0x31);
export const octets = element(0x04);
export const utf8 = (text: string): Buffer => element(0x0c)(Buffer.from(text));
export const yes = element(0x01)(Buffer.from([0xff]));
/** Of a positive number, most significant byte first and below 0x80. */
export const integer = element(0x02);
/** Whole bytes only. */
export const bits = (content: Buffer): Buffer => element(0x03)(Buffer.from([0]), content);
/** What the type that it stands in says of its number. */
export const tagged = (number: number, ...contents: readonly Buffer[]): Buffer =>
  element(0xa0 + number)(...contents);
/** A text that stands in place of its type. */
export const implicitText = (number: number, text: string): Buffer =>
  element(0x80 + number)(Buffer.from(text));

/** YYMMDDhhmmssZ: good until 2049 (RFC 5280 4.1.2.5.1). */
export const utcTime = (at: Date): Buffer =>
  element(0x17)(Buffer.from(`${at.toISOString().replaceAll(/[-:T]/gu, '').slice(2, 14)}Z`));

const base128 = (arc: number): number[] => {
  const digits = [arc & 0x7f];
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
};

export const objectId = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number);
  return element(0x06)(Buffer.from([first * 40 + second, ...arcs.flatMap(base128)]));
};
