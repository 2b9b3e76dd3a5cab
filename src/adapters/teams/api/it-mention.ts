import { z } from 'zod';
import { cleanedName } from '../../../chat/cleaned.ts';
import { createFresh } from '../../../lib/fresh.ts';
import { limits } from '../limits.ts';
import type { ItMention } from '../render/mention.ts';
import type { ItChannel } from './it-channel.ts';
import type { Connector } from './sdk/connector.ts';

const named = z.object({ name: z.string() });

export type ItMentionParts = {
  /** Null: nobody is called by a new case. */
  id: string | null;
  member: Connector['member'];
  itChannel: ItChannel;
  /** For a tag, and for somebody whom Teams does not know in that channel. */
  otherwise: string;
  now(): number;
};

/** Who is called by a new case, by the name that Teams knows: what a mention shows is what the bot says. Never rejects. */
export const createItMention = ({ id, member, itChannel, otherwise, now }: ItMentionParts) => {
  const ask = async (who: string): Promise<string> => {
    const channel = itChannel.id();
    const service = channel === null ? null : await itChannel.serviceOf(channel);
    if (channel === null || !service) return '';
    return cleanedName(named.parse(await member(service, channel, who)).name);
  };
  const name = createFresh(limits.nameMs, () => ask(id ?? '').catch(() => ''), now);
  return async (): Promise<ItMention | null> =>
    id === null ? null : { id, name: (await name.get()) || otherwise };
};
