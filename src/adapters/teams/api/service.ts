import { z } from 'zod';

/** Which door of Teams a conversation is reached through, and who the bot is there. */
export const serviceSchema = z.object({
  serviceUrl: z.string(),
  channelId: z.string(),
  bot: z.object({ id: z.string(), name: z.string() }),
  tenantId: z.string().nullable(),
});
export type ConnectorService = z.infer<typeof serviceSchema>;

/** Ids of tenants are GUIDs, which some write in capitals. What is not told differs from nothing; see `origin.ts`. */
export const sameTenant = (one: string | null, other: string | null): boolean =>
  one === null || other === null || one.toLowerCase() === other.toLowerCase();
