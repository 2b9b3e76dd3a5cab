/** Text for Slack and from Slack. Everything that people, servers and catalogues say is plain text to us. */

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** Never leaves half of a character outside the basic plane behind. */
const cutAt = (text: string, end: number): number =>
  isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;

/** At most `max` characters; a shortened text ends with an ellipsis after a whole word where there is one. */
export const clip = (text: string, max: number): string => {
  if (text.length <= max) return text;
  const cut = text.slice(0, cutAt(text, max - 1));
  const space = cut.lastIndexOf(' ');
  return `${space > max / 2 ? cut.slice(0, space) : cut}…`;
};

/** Pieces of at most `max` characters, parted after a paragraph, a line or a word, in this order. */
export const split = (text: string, max: number): string[] => {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > max) {
    const window = rest.slice(0, max);
    const end =
      ['\n\n', '\n', ' ']
        .map((gap) => ({ at: window.lastIndexOf(gap), gap }))
        .find(({ at }) => at > max / 3) ?? null;
    const at = end ? end.at : cutAt(rest, max);
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at + (end?.gap.length ?? 0));
  }
  if (rest !== '' || pieces.length === 0) pieces.push(rest);
  return pieces;
};

/** Keeps beginning and end of a long text, whose middle says least. */
export const shortenMiddle = (text: string, max: number): string => {
  if (text.length <= max) return text;
  const half = Math.floor((max - 3) / 2);
  const tail = text.slice(-half);
  return `${text.slice(0, cutAt(text, half))}\n…\n${isHighSurrogate(text.charCodeAt(text.length - half - 1)) ? tail.slice(1) : tail}`;
};

/** For text that Slack reads markup in; these three signs are all it needs (docs.slack.dev, formatting message text). */
export const escapeMarkup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What was typed, from what Slack made of it: links, addresses and mentions come in angle brackets. */
export const readable = (text: string): string =>
  text
    .replaceAll(/<(?:mailto:|tel:|https?:)([^<>|]*)\|([^<>]*)>/gu, '$2')
    .replaceAll(/<mailto:([^<>|]*)>/gu, '$1')
    .replaceAll(/<(https?:[^<>|]*)>/gu, '$1')
    .replaceAll(/<#[A-Z0-9]+\|([^<>]*)>/gu, '#$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
