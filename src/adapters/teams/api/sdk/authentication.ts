import type { Activity, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { rejectAfter } from '../../../../lib/timeout.ts';
import { statusOf, TeamsError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { quietly } from './quiet.ts';

/** Who sends, as an activity says it: what its token must be bound to. */
export type ActivitySource = { serviceUrl: string; channelId: string };

/** Tokens of Teams' service; see “Authenticate requests from the Bot Connector service to your bot” in Microsoft's documentation. */
export const issuer = 'https://api.botframework.com';

const noKeys = (cause?: unknown): TeamsError =>
  new TeamsError('keys-not-available', "the keys of Teams' tokens could not be fetched", { cause });

/** Whatever is wrong with a token is the sender's fault; only keys that we could not get are not. */
const refusal = (error: unknown): TeamsError => {
  if (error instanceof TeamsError) return error;
  const isOurs = statusOf(error) === 500 || (error instanceof Error && error.name === 'FetchError');
  return isOurs ? noKeys(error) : new TeamsError('unauthorized', 'the token was refused', { cause: error });
};

/**
 * Looks at the token of a request. `isOpen`: nobody signs in, so that it only must not be wrong.
 * @throws TeamsError `unauthorized`, `keys-not-available`
 */
export const createAuthenticate =
  (authentication: ConfigurationBotFrameworkAuthentication, { isOpen }: { isOpen: boolean }) =>
  async (activity: ActivitySource, authorization: string): Promise<void> => {
    try {
      const { claimsIdentity } = await rejectAfter(
        limits.keysMs,
        quietly(() => authentication.authenticateRequest(activity as Activity, authorization)),
        noKeys,
      );
      if (isOpen) return;
      const claim = (name: string): unknown => claimsIdentity.getClaimValue(name);
      // The SDK also takes tokens of its emulator and of other bots, which are not bound to a service.
      if (claim('iss') !== issuer || claim('serviceurl') !== activity.serviceUrl)
        throw new TeamsError('unauthorized', 'the token is not for this service');
      // It has looked at the time only where there was one: without it, a stolen token would be good for ever.
      if (typeof claim('exp') !== 'number')
        throw new TeamsError('unauthorized', 'the token does not say until when it is good');
    } catch (error) {
      throw refusal(error);
    }
  };
