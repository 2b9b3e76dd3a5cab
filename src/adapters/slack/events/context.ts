import type { Arrivals } from '../../../chat/arrivals.ts';
import type { Receive } from '../../../chat/port.ts';
import type { SendEphemeral } from '../api/ephemeral.ts';
import type { BotIdentity } from '../api/identity.ts';
import type { ItChannel } from '../api/it-channel.ts';
import type { People } from '../api/people.ts';
import type { Views } from '../api/views.ts';
import type { Speech } from '../texts.ts';
import type { Admission } from './admission.ts';

/** What every kind of event is handled with. */
export type Context = {
  receive: Receive;
  /** For what Slack sends again, or somebody replays. */
  once: Arrivals;
  people: People;
  identity: BotIdentity;
  itChannel: ItChannel;
  admission: Admission;
  views: Views;
  ephemeral: SendEphemeral;
  speech: Speech;
  onError: (error: unknown) => void;
  /** Resolves when others have been acknowledged. */
  backpressure: () => Promise<void>;
};
