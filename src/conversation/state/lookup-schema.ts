import { z } from 'zod';
import { hintIds, proposalSources } from '../../diagnosis/account/provider.ts';

const endpoint = z.object({
  service: z.enum(['imap', 'smtp']),
  host: z.string(),
  asciiHost: z.string(),
  port: z.number(),
  encryption: z.enum(['tls', 'starttls', 'none', 'auto']),
});

const provider = z.object({
  id: z.string(),
  name: z.string(),
  native: z.enum(['google', 'microsoft']).nullable(),
  imap: z.boolean(),
  password: z.enum(['usual', 'app-with-two-factor', 'app-only', 'separate', 'none']),
  imapOffAtFirst: z.boolean(),
});

const proposal = z.object({
  provider: provider.nullable(),
  source: z.enum(proposalSources).nullable(),
  imap: endpoint.nullable(),
  smtp: endpoint.nullable(),
  username: z.string().nullable(),
  hints: z.array(z.enum(hintIds)).readonly(),
});

/** What is known of the settings that belong to an address; `address` as `addressKey` writes it. */
export const lookupSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('looking'), address: z.string() }),
  z.object({ state: z.literal('found'), address: z.string(), proposal }),
  /** Our own failure, or our time was over; says nothing about the address. */
  z.object({ state: z.literal('failed'), address: z.string() }),
  /** Too many in a short time. `until`: milliseconds since the epoch. */
  z.object({ state: z.literal('refused'), address: z.string(), until: z.number() }),
]);
export type Lookup = z.infer<typeof lookupSchema>;
