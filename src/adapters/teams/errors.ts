import { z } from 'zod';
import { DeliveryError, type DeliveryFailure } from '../../chat/port.ts';

export type TeamsErrorCode =
  | 'unauthorized'
  | 'foreign-service'
  | 'foreign-channel'
  | 'foreign-tenant'
  | 'keys-not-available'
  | 'invalid'
  | 'too-slow';

/** Why a request of Teams was not taken. Never repeats a token or what was typed. */
export class TeamsError extends Error {
  readonly code: TeamsErrorCode;
  constructor(code: TeamsErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TeamsError';
    this.code = code;
  }
}

export const httpStatus = {
  unauthorized: 401,
  'foreign-service': 403,
  'foreign-channel': 403,
  'foreign-tenant': 403,
  'keys-not-available': 503,
  invalid: 400,
  'too-slow': 504,
} as const satisfies Record<TeamsErrorCode, number>;

/** The SDK's errors carry the HTTP status that Teams has answered; without one, nothing was answered. */
export const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : null;

/** To whom it was said: a refusal means something else in a chat, in a channel and for a message that should stand. */
export type Target = 'person' | 'channel' | 'update';

const refusals: Record<Target, Readonly<Record<number, DeliveryFailure>>> = {
  person: { 403: 'person-gone', 404: 'person-gone' },
  channel: { 403: 'not-in-channel', 404: 'channel-gone' },
  update: { 403: 'not-in-channel' },
};

/** 412 and 429 are Teams' words for “later”; see the rate limits page of the Teams bots documentation. */
const isTemporary = (status: number): boolean =>
  status === 408 || status === 412 || status === 429 || status >= 500;

const refused = new WeakSet<DeliveryError>();

/** Whether Teams has said that it did not take the message; a fault of a server in between leaves that open. */
export const isRefused = (error: unknown): boolean =>
  error instanceof DeliveryError && (error.code === 'throttled' || refused.has(error));

/** It is not sent before Teams wants to be asked again, in milliseconds. */
export const notYet = (retryAfterMs: number): DeliveryError =>
  new DeliveryError('throttled', 'the conversation has had as many messages as Teams allows', {
    retryAfterMs,
  });

const responseHeaders = z.object({
  response: z.object({
    headers: z.custom<{ get(name: string): unknown }>((one) => one instanceof Object && 'get' in one),
  }),
});

/** How long Teams asks to be left alone, in milliseconds; null: it did not say (RFC 9110 §10.2.3, in seconds). */
const retryAfterOf = (error: unknown): number | null => {
  const told = responseHeaders.safeParse(error).data?.response.headers.get('retry-after');
  return typeof told === 'string' && /^\d{1,6}$/u.test(told) ? Number(told) * 1000 : null;
};

/** The cause is left out on purpose: the SDK's error holds the whole request, and so what people wrote. */
export const deliveryError = (error: unknown, target: Target): DeliveryError => {
  if (error instanceof DeliveryError) return error;
  const status = statusOf(error);
  if (status === null) return new DeliveryError('temporary', 'Teams could not be reached');
  const code = isTemporary(status) ? 'temporary' : (refusals[target][status] ?? 'rejected');
  const refusal = new DeliveryError(code, `Teams has refused a message with HTTP ${status}`, {
    retryAfterMs: retryAfterOf(error),
  });
  if (status < 500 && status !== 408) refused.add(refusal);
  return refusal;
};
