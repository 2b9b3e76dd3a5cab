import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RefusalReason } from '../../../chat/refusals.ts';
import { times } from '../limits.ts';

const isTimely = (seconds: string, now: number): boolean => {
  const age = now - Number(seconds) * 1000;
  return age <= times.staleRequest && age >= -times.futureRequest;
};

/**
 * Why this body is not taken for one that Slack has sent lately (docs.slack.dev, verifying requests from Slack); null: it
 * is. The time that is compared with is part of what is signed, so an old request cannot be made young; it is looked at
 * last, so that `stale-timestamp` says that the secret is right and a clock is not.
 */
export const refusalOf = (
  headers: IncomingHttpHeaders,
  body: Buffer,
  options: { signingSecret: string; now: number },
): RefusalReason | null => {
  const at = headers['x-slack-request-timestamp'];
  const given = headers['x-slack-signature'];
  if (typeof at !== 'string' || typeof given !== 'string' || !/^\d{1,12}$/u.test(at)) return 'bad-signature';
  const expected = createHmac('sha256', options.signingSecret).update(`v0:${at}:`).update(body).digest('hex');
  const one = Buffer.from(given);
  const other = Buffer.from(`v0=${expected}`);
  if (one.length !== other.length || !timingSafeEqual(one, other)) return 'bad-signature';
  return isTimely(at, options.now) ? null : 'stale-timestamp';
};
