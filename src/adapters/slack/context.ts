import type { Incoming } from '../../chat/port.ts';
import type { BotIdentity } from './identity.ts';
import type { ItChannel } from './it-channel.ts';
import { times } from './limits.ts';
import type { Once } from './once.ts';
import type { People } from './people.ts';
import type { Speech } from './texts.ts';
import type { Views } from './views.ts';
import type { Whisper } from './whisper.ts';

/** What every kind of event is handled with. */
export type Context = {
  receive: (incoming: Incoming) => Promise<void>;
  once: Once;
  people: People;
  identity: BotIdentity;
  itChannel: ItChannel;
  views: Views;
  whisper: Whisper;
  speech: Speech;
  onError: (error: unknown) => void;
  /** Resolves when others have been acknowledged. */
  breath: () => Promise<void>;
};

/**
 * False for what Slack sends again, or somebody replays. Where the memory cannot be asked the event is taken: to do
 * something twice does less harm than not at all, and the conversation bears both.
 */
export const isFirst = async ({ once, onError }: Context, key: string): Promise<boolean> => {
  try {
    return await once(key, Date.now() + times.seen);
  } catch (error) {
    onError(error);
    return true;
  }
};
