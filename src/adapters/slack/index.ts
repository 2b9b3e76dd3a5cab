import { setTimeout as sleep } from 'node:timers/promises';
import type { Receiver } from '@slack/bolt';
import type { Router } from 'express';
import { createArrivals, type Seen } from '../../chat/arrivals.ts';
import type { ChatAdapter, Delivery, MessageRef, Place, Receive } from '../../chat/port.ts';
import { DeliveryError } from '../../chat/port.ts';
import type { OnRefused, RefusalReason } from '../../chat/refusals.ts';
import type { Message } from '../../chat/view.ts';
import { createUpdates } from '../../lib/latest-only.ts';
import { findDuplicate, metadataOf } from './api/duplicates.ts';
import { createEphemeral } from './api/ephemeral.ts';
import { createIdentity } from './api/identity.ts';
import { createItChannel, type SlackLog } from './api/it-channel.ts';
import { createPeople, platform } from './api/people.ts';
import { createWeb } from './api/sdk.ts';
import { createViews } from './api/views.ts';
import { SlackSetupError, slackErrorOf } from './errors.ts';
import { createAdmission } from './events/admission.ts';
import { createBackpressure } from './events/backpressure.ts';
import { createBoltApp } from './events/dispatch.ts';
import { createHttpReceiver } from './events/routes.ts';
import { createSocket, type SlackSocket } from './events/socket.ts';
import { times } from './limits.ts';
import { renderMessage } from './render/render.ts';
import { createSpeech, type TextsOptions } from './texts.ts';

export type SlackOptions = TextsOptions & {
  token: string;
  /** Where Slack is found; absent: at Slack. */
  apiUrl: string | undefined;
  /** Over HTTP, or over a connection of our own (Socket Mode). */
  mode: { type: 'http'; signingSecret: string } | { type: 'socket'; appToken: string };
  itChannel: string | undefined;
  seen: Seen;
  /** Must answer forms before the platform's time limit; what takes longer is done elsewhere. */
  receive: Receive;
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
};

const refOf = (channel: string, ts: string): MessageRef => ({ platform, id: `${channel}:${ts}` });

const readRef = (ref: MessageRef): { channel: string; ts: string } => {
  const [channel = '', ts = ''] = ref.id.split(':');
  if (ref.platform !== platform || channel === '' || ts === '')
    throw new DeliveryError('rejected', 'this message is not one of Slack');
  return { channel, ts };
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

export const createSlackAdapter = (options: SlackOptions): SlackAdapter => {
  const { receive, log } = options;
  const onError = (error: unknown): void => {
    const refusal = slackErrorOf(error);
    if (refusal === null) options.onError(error);
    else log.warn({ code: refusal }, 'Slack refused a call');
  };
  const web = createWeb(options);
  const people = createPeople(web, onError);
  const itChannel = createItChannel(options.itChannel, web, log);
  const identity = createIdentity(web);
  const speech = createSpeech(options);
  const updates = createUpdates(times.betweenUpdates);
  const backpressure = createBackpressure();
  const { receiver, router, socket } = openEntrance({ ...options, onError }, backpressure.arrived);
  const running = new Set<Promise<void>>();
  const track = (work: Promise<void>): Promise<void> => {
    const tracked = work.finally(() => running.delete(tracked));
    running.add(tracked);
    return tracked;
  };
  const views = createViews(web);
  const ephemeral = createEphemeral(web, { apiUrl: options.apiUrl, onError });
  const context = {
    receive,
    once: createArrivals(options.seen, { now: Date.now, onError }),
    people,
    identity,
    itChannel,
    admission: createAdmission({ identity, people, itChannel, onRefused: options.onRefused }),
    views,
    ephemeral,
    speech,
    onError,
    backpressure: backpressure.turn,
  };
  createBoltApp({ receiver, token: options.token, context, track });

  const render = (message: Message) => renderMessage(message, speech.in(message.locale).cut);

  type Sent = { message: Message; delivery: Delivery | undefined };
  const send = async (
    { channel, thread }: { channel: string; thread?: string },
    { message, delivery }: Sent,
  ): Promise<MessageRef> => {
    const earlier = delivery?.mayBeRepeat && (await findDuplicate(web, { channel, thread }, delivery.key));
    if (earlier) return refOf(channel, earlier);
    const { ts } = await web.deliver({ method: 'chat.postMessage', channel }, (slack) =>
      slack.chat.postMessage({
        channel,
        ...render(message),
        // The line for notifications is plain text: a name with stars in it is no emphasis.
        mrkdwn: false,
        unfurl_links: false,
        unfurl_media: false,
        ...(delivery && { metadata: metadataOf(delivery.key) }),
        ...(thread === undefined ? {} : { thread_ts: thread, reply_broadcast: false }),
      }),
    );
    if (ts === undefined) throw new DeliveryError('rejected', 'chat.postMessage: no message in the answer');
    return refOf(channel, ts);
  };

  const toPerson = async (place: Extract<Place, { type: 'person' }>, sent: Sent) => {
    try {
      return await send({ channel: await people.channelOf(place.person) }, sent);
    } catch (error) {
      const isGone =
        error instanceof DeliveryError && (error.code === 'channel-gone' || error.code === 'not-in-channel');
      if (!isGone) throw error;
      people.forgetChannel(place.person.id);
      throw new DeliveryError('person-gone', error.message, { cause: error });
    }
  };

  const toIt = async (sent: Sent): Promise<MessageRef> => {
    if (options.itChannel === undefined)
      throw new DeliveryError('channel-gone', 'SLACK_IT_CHANNEL is not set');
    try {
      return await send({ channel: options.itChannel }, sent);
    } catch (error) {
      itChannel.doubt();
      if (error instanceof DeliveryError)
        log.warn({ code: error.code, refusal: error.message }, 'not posted in the IT channel');
      throw error;
    }
  };

  return {
    platform,
    capabilities: { itChannel: options.itChannel !== undefined, formUpdates: true },
    router,
    post: async (place, message, delivery) => {
      const sent = { message, delivery };
      switch (place.type) {
        case 'person':
          return toPerson(place, sent);
        case 'it-channel':
          return toIt(sent);
        case 'thread': {
          const { channel, ts } = readRef(place.root);
          return send({ channel, thread: ts }, sent);
        }
        default:
          return place satisfies never;
      }
    },
    update: async (ref, message) => {
      const { channel, ts } = readRef(ref);
      await updates.change(ref.id, async () => {
        await web.deliver({ method: 'chat.update', channel }, (slack) =>
          slack.chat.update({ channel, ts, ...render(message) }),
        );
      });
    },
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
      await Promise.race([Promise.allSettled(running), sleep(times.stop, undefined, { ref: false })]);
    },
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
