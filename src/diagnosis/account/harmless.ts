/**
 * Whether a value means the same to every shell, page and card: letters and digits of ASCII and `_ @ . + -`, and no
 * dash in front, which would make an option of it. RFC 5322 allows more in an address; whoever shows a value that is
 * meant to be pasted asks here first, since quotes that protect in one shell do not protect in another.
 */
export const isHarmless = (value: string): boolean => /^[A-Za-z0-9_@.+][A-Za-z0-9_@.+-]*$/u.test(value);
