/**
 * Durable work: an effect as the store keeps it until it is done. Of a check with a login only its loss is durable, since
 * its password is in one process: that is a kind of its own.
 */
import { z } from 'zod';
import { relayedSchema } from '../escalation/relay.ts';
import { type ErasedThing, slotSchema } from './effect.ts';

/** In the store a payload holds texts only, as it always has: so versions that run side by side read each other's. */
const count = z.codec(z.string().regex(/^\d{1,15}$/u), z.int().nonnegative(), {
  decode: Number,
  encode: String,
});
const counts = { accounts: count, checks: count, cases: count, messages: count } satisfies Record<
  ErasedThing,
  typeof count
>;
const yes = z.codec(z.literal('yes'), z.literal(true), {
  decode: () => true as const,
  encode: () => 'yes' as const,
});
const relayed = z.codec(z.string(), relayedSchema, {
  decode: (text, context) => {
    try {
      return relayedSchema.parse(JSON.parse(text));
    } catch {
      context.issues.push({ code: 'custom', message: 'no message of ours', input: null });
      return z.NEVER;
    }
  },
  encode: (value) => JSON.stringify(value),
});

/** Strict: what a newer version has added may be what matters. */
const job = <K extends string, P extends z.ZodRawShape>(kind: K, payload: P) =>
  z.object({ kind: z.literal(kind), payload: z.strictObject(payload) });

export const jobSchema = z.discriminatedUnion('kind', [
  job('show', { slot: slotSchema }),
  job('diagnose', { checkId: z.string() }),
  /** Calls a check with a login off whose process is gone. */
  job('login-lost', { checkId: z.string() }),
  job('watch', { escalationId: z.string(), look: count }),
  /** `to`: a conversation; `id`: under which it takes what it is told. */
  job('relay', { to: z.string(), id: z.string(), event: relayed }),
  job('hand-over-again', { escalationId: z.string(), count }),
  job('remind', { escalationId: z.string(), number: count }),
  /** `quiet`: nobody is there to hear how much it was. */
  job('erase', { ...counts, quiet: yes.exactOptional() }),
]);

/** What is to be done; a new kind takes a line above, and a runner in the bot. */
export type Work = z.output<typeof jobSchema>;
export type JobKind = Work['kind'];

export const jobKinds: readonly JobKind[] = jobSchema.options.map(({ shape }) => shape.kind.value);
