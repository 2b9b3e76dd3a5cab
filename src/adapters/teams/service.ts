import { z } from 'zod';

/** Which door of Teams a conversation is reached through, and who the bot is there. */
export const serviceSchema = z.object({
  serviceUrl: z.string(),
  channelId: z.string(),
  bot: z.object({ id: z.string(), name: z.string() }),
  tenantId: z.string().nullable(),
});
export type Service = z.infer<typeof serviceSchema>;

const loopback = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/u;

/**
 * Where answers may be posted to. On a machine of its own only to that machine; else over https, and to the service that
 * the request's token names (checked with the token).
 */
export const isOwnService = (serviceUrl: string, local: boolean): boolean => {
  if (!URL.canParse(serviceUrl)) return false;
  const { protocol, hostname, username } = new URL(serviceUrl);
  if (username !== '') return false;
  return local
    ? loopback.test(hostname) && (protocol === 'http:' || protocol === 'https:')
    : protocol === 'https:' && !loopback.test(hostname);
};
