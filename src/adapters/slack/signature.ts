import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { times } from './limits.ts';

const isTimely = (seconds: string, now: number): boolean => {
  const age = now - Number(seconds) * 1000;
  return age <= times.staleRequest && age >= -times.futureRequest;
};

/**
 * Whether Slack has sent this body, and lately (docs.slack.dev, verifying requests from Slack). The time that is compared
 * with is part of what is signed, so an old request cannot be made young.
 */
export const isFromSlack = (
  headers: IncomingHttpHeaders,
  body: Buffer,
  options: { signingSecret: string; now: number },
): boolean => {
  const at = headers['x-slack-request-timestamp'];
  const given = headers['x-slack-signature'];
  if (typeof at !== 'string' || typeof given !== 'string') return false;
  if (!/^\d{1,12}$/u.test(at) || !isTimely(at, options.now)) return false;
  const expected = createHmac('sha256', options.signingSecret).update(`v0:${at}:`).update(body).digest('hex');
  const one = Buffer.from(given);
  const other = Buffer.from(`v0=${expected}`);
  return one.length === other.length && timingSafeEqual(one, other);
};
