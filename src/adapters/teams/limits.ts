/** What Teams allows, and what we allow ourselves. Times in milliseconds, sizes in bytes unless said otherwise. */
export const limits = {
  /** Of a request's body; an activity that carries a long text and a form stays far below. */
  bodyBytes: 256 * 1024,
  /** Of one message as it is sent; Teams cuts off at 28 KB, and counts more than we see. */
  cardBytes: 25_000,
  /** Characters of the line for toasts. */
  summary: 300,
  /** Buttons that every client shows; the others stand in a menu behind them. */
  primaryActions: 5,
  /** Characters of ids: conversations, activities, button values, form contexts. */
  id: 1000,
  /** Characters of one typed text; what is longer than the conversation allows is told by the conversation. */
  text: 40_000,
  /** Inputs of one form. */
  fields: 40,
  /** An invoke that is not answered by then has failed for the person, whatever we do later. */
  answerMs: 2200,
  /** The same for a message, to which nobody looks for an answer; Teams itself gives up after some more seconds. */
  messageMs: 8000,
  /** How long looking up a member may take, and how long the answer is believed. */
  lookUpMs: 1500,
  memberMs: 60_000,
  /** How long the name of who is called by a new case is believed. */
  nameMs: 60 * 60_000,
  /** How many members are remembered, and how many failed messages whose writer was told. */
  members: 1000,
  told: 1000,
  /** How many deliveries are remembered as refused, and how many people as asked for their address. */
  refused: 1000,
  asked: 10_000,
  /** How long the first words of somebody new may wait for her address. */
  profileMs: 500,
  /** One request to Teams. */
  requestMs: 15_000,
  /** Asking for the keys that sign Teams' requests. */
  keysMs: 4000,
  /** How long the answer to whether the bot may sign in is believed. */
  healthMs: 15_000,
  /** How long somebody who has just spoken can be answered though nothing is known of her any more. */
  recentMs: 30_000,
  /** Between the tries of what nobody else tries again, longer each time. */
  betweenTries: { firstMs: 1000, longestMs: 2000 },
  /** Between two updates of one message. */
  updateMs: 1000,
  /**
   * Messages to one conversation. Teams allows 7 in 1 s and 60 in 30 s, and counts when they arrive: some may be on
   * their way for as long as others wait, so that half of it is safe.
   */
  rate: [
    { count: 3, ms: 1100 },
    { count: 50, ms: 31_000 },
  ],
  /**
   * The same for all processes together over longer times: Teams allows 60 in 30 s and 1800 an hour. The last quarter is for
   * what somebody waits for.
   */
  sharedRate: {
    capacity: 40,
    refillPerSecond: 0.48,
    patienceMs: 3000,
    reserve: { normal: 5, low: 10 },
  },
  /** A message that would have to wait longer for its turn comes again, so that it holds up nobody else's. */
  paceMs: 3000,
} as const;
