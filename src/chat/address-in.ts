const candidate = /[^\s<>()[\]{},;:"'`|„“”‚‘’«»\\/@]+@[^\s<>()[\]{},;:"'`|„“”‚‘’«»\\/@]+/gu;

/**
 * The first e-mail address in what somebody else wrote; empty: there is none. Only an offer that is seen in a form before it is
 * used, so it may be generous: what ends a sentence does not belong to it, and its domain has a dot.
 */
export const addressIn = (text: string): string => {
  const found = [...text.matchAll(candidate)].map(([address]) => address.replace(/[.!?…]+$/u, ''));
  return found.find((address) => /@[^@.][^@]*\.[^@.]+$/u.test(address)) ?? '';
};
