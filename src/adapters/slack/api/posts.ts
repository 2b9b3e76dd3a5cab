import type { Delivery, MessageRef, Place, Priority } from '../../../chat/port.ts';
import { DeliveryError } from '../../../chat/port.ts';
import type { Message } from '../../../chat/view.ts';
import { createLatestOnly } from '../../../lib/latest-only.ts';
import { times } from '../limits.ts';
import { type Payload, renderMessage } from '../render/render.ts';
import type { Speech } from '../texts.ts';
import { findDuplicate, metadataOf } from './duplicates.ts';
import type { ItChannel, SlackLog } from './it-channel.ts';
import type { People } from './people.ts';
import { refOf, spotOf } from './refs.ts';
import type { Web } from './sdk.ts';

export type PostsParts = {
  web: Web;
  people: People;
  itChannel: ItChannel;
  /** The channel where IT works. */
  itChannelId: string | undefined;
  /** Who is called by a new case. */
  itMention: string | undefined;
  speech: Speech;
  log: SlackLog;
};

/** Everything that goes out and stays. Rejects with DeliveryError only. */
export type Posts = {
  post(place: Place, message: Message, delivery: Delivery | undefined): Promise<MessageRef>;
  update(ref: MessageRef, message: Message, priority?: Priority): Promise<void>;
};

type Sent = { message: Message; delivery: Delivery | undefined };
type Where = { channel: string; thread?: string };

type Render = (message: Message) => Payload;

const createSend =
  (web: Web, render: Render) =>
  async ({ channel, thread }: Where, { message, delivery }: Sent): Promise<MessageRef> => {
    const earlier = delivery?.mayBeRepeat && (await findDuplicate(web, { channel, thread }, delivery.key));
    if (earlier) return refOf({ channel, ts: earlier });
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
    return refOf({ channel, ts });
  };

export const createPosts = (parts: PostsParts): Posts => {
  const { web, people, itChannel, itChannelId, itMention, speech, log } = parts;
  const updates = createLatestOnly({ gapMs: times.betweenUpdates });
  const render: Render = (message) => renderMessage(message, speech.in(message.locale).cut, itMention);
  const send = createSend(web, render);

  const toPerson = async (person: Extract<Place, { type: 'person' }>['person'], sent: Sent) => {
    try {
      return await send({ channel: await people.channelOf(person) }, sent);
    } catch (error) {
      const isGone =
        error instanceof DeliveryError && (error.code === 'channel-gone' || error.code === 'not-in-channel');
      if (!isGone) throw error;
      people.forgetChannel(person.id);
      throw new DeliveryError('person-gone', error.message, { cause: error });
    }
  };

  const toIt = async (sent: Sent): Promise<MessageRef> => {
    if (itChannelId === undefined) throw new DeliveryError('channel-gone', 'SLACK_IT_CHANNEL is not set');
    try {
      return await send({ channel: itChannelId }, sent);
    } catch (error) {
      const isThrottled = error instanceof DeliveryError && error.code === 'throttled';
      if (!isThrottled) itChannel.invalidate();
      if (error instanceof DeliveryError && !isThrottled)
        log.warn({ code: error.code, refusal: error.message }, 'not posted in the IT channel');
      throw error;
    }
  };

  return {
    post: async (place, message, delivery) => {
      const sent = { message, delivery };
      switch (place.type) {
        case 'person':
          return toPerson(place.person, sent);
        case 'it-channel':
          return toIt(sent);
        case 'thread': {
          const { channel, ts } = spotOf(place.root);
          return send({ channel, thread: ts }, sent);
        }
        default:
          return place satisfies never;
      }
    },
    update: async (ref, message, priority = 'normal') => {
      const { channel, ts } = spotOf(ref);
      await updates.run(ref.id, async () => {
        await web.deliver({ method: 'chat.update', channel, priority }, (slack) =>
          slack.chat.update({ channel, ts, ...render(message) }),
        );
      });
    },
  };
};
