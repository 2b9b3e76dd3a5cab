/**
 * A result as JSON for a terminal or a file. What JSON leaves as it is though it can act on a terminal (C1 controls, marks
 * of direction, tags nobody sees) is escaped, so that nothing is lost for whoever reads it as JSON.
 */
export const printable = (result: unknown): string =>
  JSON.stringify(result, null, 2).replaceAll(/[\u007f-\u009f\u2028\u2029\p{Cf}]/gu, (sign) =>
    Array.from({ length: sign.length }, (_, index) => sign.charCodeAt(index))
      .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
      .join(''),
  );
