/** RFC 5321 §4.5.3.1, both parts and what is between them. */
const longest = 320;
const between = /[\s<>()[\]{},;:"'`|„“”‚‘’«»\\/?]+/u;

const isAddress = (word: string): boolean => {
  const [name = '', domain = '', ...more] = word.split('@');
  return name !== '' && more.length === 0 && /^[^.].*\.[^.]+$/u.test(domain);
};

/**
 * The first e-mail address in what somebody else wrote; empty: there is none. Only an offer that is seen in a form before it is
 * used, so it may be generous: what ends a sentence does not belong to it, and its domain has a dot. Takes a time that grows
 * with the text alone.
 */
export const addressIn = (text: string): string =>
  text
    .split(between)
    .filter((word) => word.includes('@') && word.length <= longest)
    .map((word) => word.replace(/[.!…]+$/u, ''))
    .find(isAddress) ?? '';
