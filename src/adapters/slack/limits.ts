import type { MethodRates } from '../../chat/budget.ts';

/**
 * Slack's limits: characters unless the name says otherwise. Sources: docs.slack.dev, reference of blocks, elements and
 * composition objects; where the reference is silent, what the API was seen to refuse.
 */
export const limits = {
  /** Of a text object in a section or context, and by caution of one piece of rich text, which has no documented limit. */
  text: 3000,
  header: 150,
  modalTitle: 24,
  modalButton: 24,
  privateMetadata: 3000,
  callbackId: 255,
  blockId: 255,
  actionId: 255,
  blocksPerMessage: 50,
  blocksPerView: 100,
  viewBytes: 250_000,
  /**
   * Of all blocks of a message as JSON. Not documented: chat.postMessage answers `msg_blocks_too_long` from about 13,200
   * characters on, containers included (slackapi/bolt-js issues 2509 and 2867).
   */
  messageJson: 12_500,
  /** Of the plain text beside the blocks, before escaping; it is only read in notifications and aloud. */
  summary: 3000,
  buttonText: 75,
  buttonValue: 2000,
  buttonsPerBlock: 25,
  contextElements: 10,
  optionText: 75,
  optionValue: 150,
  options: 100,
  radioOptions: 10,
  label: 2000,
  hint: 2000,
  placeholder: 150,
  /** What may be typed into a field. */
  input: 3000,
} as const;

/** Times in milliseconds. */
export const times = {
  /** Slack takes an answer to a form for three seconds, the way there and back included. */
  answer: 2200,
  /** An event is answered when it is kept, but no later than this. */
  event: 2500,
  /** A command or a click is not delivered again; where nothing can be kept, it is tried so long and so often. */
  keepTrying: 6000,
  betweenTries: 500,
  interactiveCall: 2500,
  call: 10_000,
  /** Between two updates of one message. */
  betweenUpdates: 1000,
  staleRequest: 5 * 60_000,
  futureRequest: 60_000,
  /** How long what Slack said is believed before it is asked again. */
  profile: 10 * 60_000,
  membership: 30_000,
  health: 15_000,
  /** Between two questions about the same thing, whoever asks. */
  betweenQuestions: 1000,
  /** How long acknowledged work lets new requests go first. */
  patience: 300,
  /** How far back a message of an earlier try is looked for; a message is tried for less. */
  lookBack: 60 * 60_000,
  /** Socket Mode: a change of connections takes far less. */
  reconnection: 5000,
  /** Between two tries to get a connection, longer each time. */
  firstPause: 1000,
  longestPause: 30_000,
  /** How long `stop` waits for what runs. */
  stop: 3000,
} as const;

/** At most once in a second and a tenth, as the messages may have caught up with each other on their way. */
const onePerSecond = { capacity: 1, refillPerSecond: 1 / 1.1, patienceMs: 2000 };
/** Tier 3: 50 a minute in a workspace. A bucket of n gives up to n more in its first minute than grow back in it. */
const tier3 = { capacity: 18, refillPerSecond: 0.5 };

/** Tier 4: 100 a minute in a workspace. */
const tier4 = { capacity: 40, refillPerSecond: 0.9 };
/** Slack counts nothing there, but may ask for quiet; and no channel is to use up what all share. */
export const inChannel = { capacity: 10, refillPerSecond: 1 };

/**
 * What goes out in the background, by method (docs.slack.dev, rate limits). What somebody waits for with a form open is
 * not held back: that has three seconds.
 */
export const rates = {
  /** One a second in a channel, and “several hundred” a minute in all: 240. */
  'chat.postMessage': { all: { capacity: 60, refillPerSecond: 3 }, each: onePerSecond },
  /** The last 5 of the 18 are for what somebody waits for, the 5 before them not for live progress. */
  'chat.update': {
    all: { ...tier3, reserve: { normal: 5, low: 10 } },
    each: inChannel,
  },
  'conversations.open': { all: tier3, each: null },
  'conversations.history': { all: tier3, each: inChannel },
  'conversations.replies': { all: tier3, each: inChannel },
  'views.publish': { all: tier4, each: inChannel },
} as const satisfies Record<string, MethodRates>;

/** Of a request. */
export const bodyLimit = '512kb';
