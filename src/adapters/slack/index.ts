import type { Receiver } from '@slack/bolt';
import type { Router } from 'express';
import { type ArrivalRecord, createArrivals } from '../../chat/arrivals.ts';
import type { SharedBuckets } from '../../chat/budget.ts';
import type { ChatAdapter, HearOfChannel, Receive } from '../../chat/port.ts';
import type { OnRefused, RefusalReason } from '../../chat/refusals.ts';
import { createInFlight } from '../../lib/in-flight.ts';
import { createEphemeral } from './api/ephemeral.ts';
import { createIdentity } from './api/identity.ts';
import { createItChannel, type SlackLog } from './api/it-channel.ts';
import { createPeople } from './api/people.ts';
import { createPosts } from './api/posts.ts';
import { createRateLimit } from './api/rate-limit.ts';
import { platform, spotOf } from './api/refs.ts';
import { createWeb } from './api/sdk.ts';
import { createViews } from './api/views.ts';
import { SlackSetupError, slackErrorOf } from './errors.ts';
import { createAdmission } from './events/admission.ts';
import { createBackpressure } from './events/backpressure.ts';
import { commandName, createDispatch } from './events/dispatch.ts';
import { createHttpReceiver } from './events/routes.ts';
import { createSocket, type SlackSocket } from './events/socket-mode/index.ts';
import { times } from './limits.ts';
import { createSpeech, type TextsOptions } from './texts.ts';

export type SlackOptions = TextsOptions & {
  token: string;
  /** Where Slack is found; absent: at Slack. */
  apiUrl: string | undefined;
  /** Over HTTP, or over a connection of our own (Socket Mode). */
  mode: { type: 'http'; signingSecret: string } | { type: 'socket'; appToken: string };
  itChannel: string | undefined;
  /** The id of the group or person that is called by a new case; absent: nobody. */
  itMention: string | undefined;
  seen: ArrivalRecord;
  /** What all processes count together that goes out to the workspace. */
  buckets: SharedBuckets;
  /** Must answer forms before the platform's time limit; what takes longer is done elsewhere. */
  receive: Receive;
  hearOfChannel: HearOfChannel;
  log: SlackLog;
  /** Hears of requests that were not let in. */
  onRefused: OnRefused;
  /** Hears of failures that a person or the bot is told of only in general. */
  onError: (error: unknown) => void;
};

export type SlackAdapter = ChatAdapter & {
  /** Null in Socket Mode. */
  router: Router | null;
  /** @throws SlackSetupError when Slack refuses the token */
  start(): Promise<void>;
  /** Waits for what runs, within a limit. */
  stop(): Promise<void>;
  health(): Promise<Record<string, boolean>>;
  warnings(): Promise<string[]>;
};

type Entrance = { receiver: Receiver; router: Router | null; socket: SlackSocket | null };

const openEntrance = (options: SlackOptions, onRequest: () => void): Entrance => {
  const { mode, apiUrl, log, onError } = options;
  if (mode.type === 'socket') {
    const socket = createSocket({ appToken: mode.appToken, apiUrl, log, onError });
    return { receiver: socket.receiver, router: null, socket };
  }
  const onRefused = (reason: RefusalReason): void => options.onRefused(platform, reason);
  const receiver = createHttpReceiver({ signingSecret: mode.signingSecret, onError, onRefused, onRequest });
  return { receiver, router: receiver.router, socket: null };
};

/** What Slack itself has named is the operator's to know, by that name only. */
const createOnError =
  ({ onError, log }: SlackOptions) =>
  (error: unknown): void => {
    const refusal = slackErrorOf(error);
    if (refusal === null) onError(error);
    else log.warn({ code: refusal }, 'Slack refused a call');
  };

export const createSlackAdapter = (options: SlackOptions): SlackAdapter => {
  const { receive, log } = options;
  const onError = createOnError(options);
  const budget = createRateLimit({ buckets: options.buckets, now: Date.now, onError });
  const web = createWeb({ ...options, budget });
  const people = createPeople(web, onError);
  const itChannel = createItChannel(options.itChannel, web, log);
  const identity = createIdentity(web);
  const speech = createSpeech(options);
  const backpressure = createBackpressure();
  const { receiver, router, socket } = openEntrance({ ...options, onError }, backpressure.arrived);
  const inFlight = createInFlight();
  const context = {
    receive,
    once: createArrivals(options.seen, { now: Date.now, onError }),
    people,
    identity,
    itChannel,
    admission: createAdmission({ identity, people, itChannel, onRefused: options.onRefused }),
    views: createViews(web, speech),
    ephemeral: createEphemeral(web, {
      apiUrl: options.apiUrl,
      channelOf: (id) => people.channelOf({ platform, id, name: '' }),
      onError,
    }),
    speech,
    onError,
    backpressure: backpressure.turn,
  };
  createDispatch({
    receiver,
    token: options.token,
    context,
    hearOfChannel: options.hearOfChannel,
    track: inFlight.track,
  });

  return {
    platform,
    capabilities: { itChannel: options.itChannel !== undefined, formUpdates: true, command: commandName },
    router,
    ...createPosts({ ...options, web, people, itChannel, itChannelId: options.itChannel, speech }),
    isInItChannel: (ref) => options.itChannel === undefined || spotOf(ref).channel === options.itChannel,
    isOfIt: async (person) => person.platform === platform && (await context.admission.isOfIt(person.id)),
    start: async () => {
      await identity.verify().catch((error: unknown) => {
        if (error instanceof SlackSetupError) throw error;
        onError(error);
      });
      await itChannel.isHealthy();
      await socket?.open();
    },
    stop: async () => {
      await socket?.close();
      await inFlight.settled(times.stop);
    },
    warnings: async () =>
      options.itChannel !== undefined && (await itChannel.isShared()) ? ['slack-it-channel-shared'] : [],
    health: async () => {
      const [slack, slackItChannel] = await Promise.all([identity.isHealthy(), itChannel.isHealthy()]);
      return {
        slack,
        ...(socket ? { slackSocket: socket.isHealthy() } : {}),
        ...(options.itChannel === undefined ? {} : { slackItChannel }),
      };
    },
  };
};
