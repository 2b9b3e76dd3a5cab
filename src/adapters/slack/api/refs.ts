import { DeliveryError, type MessageRef } from '../../../chat/port.ts';

export const platform = 'slack';

/** Where a message stands: the channel, and its time stamp there, which is its name. */
export type Spot = { channel: string; ts: string };

export const refOf = ({ channel, ts }: Spot): MessageRef => ({ platform, id: `${channel}:${ts}` });

/** @throws DeliveryError `rejected`: the reference is none of ours */
export const spotOf = (ref: MessageRef): Spot => {
  const [channel = '', ts = ''] = ref.id.split(':');
  if (ref.platform !== platform || channel === '' || ts === '')
    throw new DeliveryError('rejected', 'this message is not one of Slack');
  return { channel, ts };
};
