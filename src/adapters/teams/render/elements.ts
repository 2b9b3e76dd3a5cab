/** The few elements of Adaptive Cards 1.5 that we use. */
export type Element = { type: string } & Readonly<Record<string, unknown>>;

type Look = {
  weight?: 'Bolder';
  size?: 'Small' | 'Medium' | 'Large';
  color?: 'Good' | 'Warning' | 'Attention' | 'Accent';
  isSubtle?: boolean;
  fontType?: 'Monospace';
  italic?: boolean;
};
type Frame = { spacing?: 'None' | 'Small' | 'Medium' | 'Large'; separator?: boolean };
export type Style = Look & Frame & { heading?: boolean };

/** Signs that Markdown, a card's date function or a client's link finder may read as something else than text. */
const isRead = /[\\`*_[\]<>~|#&{}]|:\/\/|www\.|^\s|^\s*(?:[-+•]|\d+[.)])\s|\r|\n| {2}/iu;

const runs = (line: string, look: Look): Element[] => [
  { type: 'TextRun', text: line === '' ? ' ' : line, ...look },
];

/**
 * One text, verbatim. A TextBlock is kept where it can be read in one way only, since screen readers know its headings;
 * anything else goes into a RichTextBlock, in whose runs no Markdown is read, line by line.
 */
export const text = (words: string, style: Style = {}): Element[] => {
  const { heading, spacing, separator, ...look } = style;
  const frame = { ...(spacing && { spacing }), ...(separator && { separator }) };
  const { italic, ...blockLook } = look;
  if (!isRead.test(words) && !italic)
    return [
      {
        type: 'TextBlock',
        text: words,
        wrap: true,
        ...(heading && { style: 'heading' }),
        ...blockLook,
        ...frame,
      },
    ];
  return words.split(/\r\n|\r|\n/u).map((line, index) => ({
    type: 'RichTextBlock',
    inlines: runs(line, look),
    ...(index === 0 ? frame : { spacing: 'None' }),
  }));
};

/**
 * The only text that leads anywhere, to a page of ours, and so the one place where Markdown is meant. Shown is where it
 * leads; what only the page is to know stays behind it.
 */
export const link = (url: string): Element => {
  const { origin, pathname } = new URL(url);
  const label = `${origin}${pathname}`.replaceAll(/[\\[\]()*_`~]/gu, String.raw`\$&`);
  const target = url.replaceAll('(', '%28').replaceAll(')', '%29');
  return { type: 'TextBlock', text: `[${label}](${target})`, wrap: true };
};

export const container = (
  items: readonly Element[],
  more: Readonly<Record<string, unknown>> = {},
): Element => ({
  type: 'Container',
  items,
  ...more,
});

/** A sign on the left, the rest on the right; signs stand below each other. */
export const beside = (left: readonly Element[], right: readonly Element[]): Element => ({
  type: 'ColumnSet',
  columns: [
    { type: 'Column', width: '20px', items: left },
    { type: 'Column', width: 'stretch', items: right, spacing: 'Small' },
  ],
});

/** Read as Markdown by clients that cannot show the card; what begins a line there must not begin a list. */
const escapeMarkdown = (line: string): string =>
  line
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/[\\`*_[\]{}<>~|#&]/gu, String.raw`\$&`)
    .replace(/^(\d*)([.+-])/u, String.raw`$1\$2`);

/** `text` stands in the card, to the letter, or Teams ignores it. */
export type MentionEntity = {
  type: 'mention';
  text: string;
  mentioned: { id: string; name: string; type?: 'tag' };
};

/** A line of its own, since Teams looks for mentions in TextBlocks only, where other words may hold Markdown. */
export const mentionLine = ({ text: words }: MentionEntity): Element => ({
  type: 'TextBlock',
  text: words,
  wrap: true,
});

export type Card = {
  type: 'AdaptiveCard';
  $schema: string;
  version: '1.5';
  fallbackText: string;
  msteams: { width: 'Full'; entities?: MentionEntity[] };
  body: Element[];
  actions: Element[];
};

export const card = (
  summary: string,
  body: Element[],
  actions: Element[],
  entities: MentionEntity[] = [],
): Card => ({
  type: 'AdaptiveCard',
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  version: '1.5',
  fallbackText: escapeMarkdown(summary),
  msteams: { width: 'Full', ...(entities.length > 0 && { entities }) },
  body,
  actions,
});

export const cardType = 'application/vnd.microsoft.card.adaptive';
export const attachment = (content: Card) => ({ contentType: cardType, content });
