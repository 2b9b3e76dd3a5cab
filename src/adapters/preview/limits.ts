/** Caps of the preview. What people type may be far longer than the conversation allows: the bot says so, not we. */
export const limits = {
  /** Bytes of a request's body. */
  bodyBytes: 64 * 1024,
  /** Characters of one typed text. */
  textLength: 20_000,
  fields: 40,
  /** Ids of messages, button values, form contexts. */
  idLength: 500,
  /** Messages kept; the oldest give way. */
  keptPosts: 500,
  /** Open event streams at once. */
  streams: 32,
  /** A click or form must be answered within this time, in milliseconds; a form here waits for its settings, since it cannot be changed later. */
  answerMs: 5000,
  /** Time between signs of life on a silent event stream, in milliseconds. */
  heartbeatMs: 15_000,
} as const;
