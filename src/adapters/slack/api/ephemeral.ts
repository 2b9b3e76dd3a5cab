import { isLoopback } from '../../../lib/loopback.ts';
import { times } from '../limits.ts';
import type { Payload } from '../render/render.ts';
import type { Web } from './sdk.ts';

/** Where one person is told something that nobody else sees. */
export type EphemeralTarget = {
  user: string;
  /** Empty: it was done in no channel; then her direct messages are the place. */
  channel: string;
  thread?: string | undefined;
  /** Comes with commands and clicks, and works where the bot is no member. */
  responseUrl?: string | undefined;
};

type Said = string | Payload;
const payloadOf = (said: Said) => (typeof said === 'string' ? { text: said } : said);

const byUrl = async (url: string, said: Said): Promise<void> => {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...payloadOf(said) }),
    // It is an address that came in a request; what was said goes there and nowhere else.
    redirect: 'error',
    signal: AbortSignal.timeout(times.interactiveCall),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`response_url answered ${answer.status}`);
};

const slackHooks = 'https://hooks.slack.com';

/** Slack's own answering host, or that of whatever stands in for Slack; what does so on this machine is all of it. */
export const isSlackUrl = (url: string, apiUrl: string | undefined): boolean => {
  if (!URL.canParse(url)) return false;
  const { origin, protocol, host, hostname } = new URL(url);
  if (apiUrl === undefined) return origin === slackHooks;
  const api = new URL(apiUrl);
  if (isLoopback(api.hostname)) return isLoopback(hostname);
  return protocol === 'https:' && (host === api.host || host === `hooks.${api.host}`);
};

type Parts = {
  apiUrl: string | undefined;
  /** Of somebody's direct messages with the bot. */
  channelOf(user: string): Promise<string>;
  onError: (error: unknown) => void;
};

/** One private line. It never fails: what cannot be said is only reported. */
export const createEphemeral =
  (web: Web, { apiUrl, channelOf, onError }: Parts) =>
  async ({ user, channel, thread, responseUrl }: EphemeralTarget, said: Said): Promise<void> => {
    try {
      if (responseUrl !== undefined && isSlackUrl(responseUrl, apiUrl)) return await byUrl(responseUrl, said);
      await web.now.chat.postEphemeral({
        user,
        channel: channel === '' ? await channelOf(user) : channel,
        ...payloadOf(said),
        ...(thread === undefined ? {} : { thread_ts: thread }),
      });
    } catch (error) {
      onError(error);
    }
  };
export type SendEphemeral = ReturnType<typeof createEphemeral>;
