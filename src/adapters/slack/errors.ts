import { webApi } from '@slack/bolt';
import { DeliveryError, type DeliveryFailure } from '../../chat/port.ts';
import { findCode } from '../../lib/error-code.ts';

/** Names that Slack gives its refusals (docs.slack.dev, errors of each method); others cannot be helped by another try. */
const failures: Readonly<Record<string, DeliveryFailure>> = {
  not_in_channel: 'not-in-channel',
  restricted_action: 'not-in-channel',
  restricted_action_thread_locked: 'not-in-channel',
  restricted_action_read_only_channel: 'not-in-channel',
  channel_not_found: 'channel-gone',
  is_archived: 'channel-gone',
  user_not_found: 'person-gone',
  users_not_found: 'person-gone',
  user_disabled: 'person-gone',
  user_not_visible: 'person-gone',
  cannot_dm_bot: 'person-gone',
  ratelimited: 'temporary',
  rate_limited: 'temporary',
  message_limit_exceeded: 'temporary',
  internal_error: 'temporary',
  fatal_error: 'temporary',
  service_unavailable: 'temporary',
  request_timeout: 'temporary',
  team_added_to_org: 'temporary',
  // The operator has to act; what was to be said is kept as long as any job is.
  invalid_auth: 'temporary',
  not_authed: 'temporary',
  account_inactive: 'temporary',
  token_revoked: 'temporary',
  token_expired: 'temporary',
  missing_scope: 'temporary',
  access_denied: 'temporary',
};

const authentication = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'not_allowed_token_type',
]);

/** The name of a refusal; null: nothing that Slack has named, such as a time-out. */
export const slackErrorOf = (error: unknown): string | null =>
  error instanceof webApi.WebAPIPlatformError ? error.data.error : null;

/** The token will not be accepted the next time either. */
export const isWrongToken = (error: unknown): boolean => authentication.has(slackErrorOf(error) ?? '');

const failureOf = (error: unknown): DeliveryFailure => {
  const name = slackErrorOf(error);
  if (name !== null) return failures[name] ?? 'rejected';
  if (error instanceof webApi.WebAPIHTTPError)
    return error.statusCode >= 500 || error.statusCode === 429 || error.statusCode === 408
      ? 'temporary'
      : 'rejected';
  return 'temporary';
};

/** Any failure of a call, as the bot understands it. The message holds Slack's name of it and nothing that was said. */
export const deliveryError = (method: string, cause: unknown): DeliveryError => {
  if (cause instanceof DeliveryError) return cause;
  if (cause instanceof webApi.WebAPIRateLimitedError)
    return new DeliveryError('temporary', `${method}: rate limited`, {
      cause,
      retryAfterMs: cause.retryAfter * 1000,
    });
  const name = slackErrorOf(cause) ?? findCode(cause) ?? 'failed';
  return new DeliveryError(failureOf(cause), `${method}: ${name}`, { cause });
};

/** The installation is wrong; one line for the operator. */
export class SlackSetupError extends Error {
  readonly code = 'slack-setup';
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'SlackSetupError';
  }
}
