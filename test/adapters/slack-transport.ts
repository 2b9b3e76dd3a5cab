/** The ways in which what a person does in Slack reaches the bot; over HTTP signed as Slack signs it. */
import { createHmac } from 'node:crypto';
import { signingSecret } from './slack-world.ts';

export type Reply = { status: number; body: string; ms: number };

export const sign = (body: string, at: number, secret = signingSecret): Record<string, string> => ({
  'X-Slack-Request-Timestamp': String(at),
  'X-Slack-Signature': `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`,
});

export const post = async (botUrl: string, body: string, headers: Record<string, string>): Promise<Reply> => {
  const start = performance.now();
  const response = await fetch(`${botUrl}/slack/events`, { method: 'POST', headers, body });
  return { status: response.status, body: await response.text(), ms: performance.now() - start };
};

/** How Slack reaches the bot. */
export type Transport = {
  /** Commands, clicks and modals. */
  form(fields: Record<string, string>): Promise<Reply>;
  /** `retry`: how often it was delivered before. */
  event(value: object, retry?: number): Promise<Reply>;
};

const formType = 'application/x-www-form-urlencoded';
/** In seconds, as Slack counts. */
export const now = (): number => Math.floor(Date.now() / 1000);
export const sendForm = (botUrl: string, fields: Record<string, string>): Promise<Reply> => {
  const body = new URLSearchParams(fields).toString();
  return post(botUrl, body, { 'Content-Type': formType, ...sign(body, now()) });
};
export const sendJson = (botUrl: string, value: object, retry = 0): Promise<Reply> => {
  const body = JSON.stringify(value);
  const again = retry > 0 ? { 'X-Slack-Retry-Num': String(retry), 'X-Slack-Retry-Reason': 'http_error' } : {};
  return post(botUrl, body, { 'Content-Type': 'application/json', ...sign(body, now()), ...again });
};

export const overHttp = (botUrl: () => string): Transport => ({
  form: (fields) => sendForm(botUrl(), fields),
  event: (value, retry) => sendJson(botUrl(), value, retry),
});

/** Delivers events until they are taken, as Slack does, only sooner and more often. */
export const redelivering = ({ form, event }: Transport): Transport => ({
  form,
  event: async (value) => {
    for (let retry = 0; ; retry += 1) {
      const reply = await event(value, retry).catch(() => null);
      if (reply?.status === 200) return reply;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
});
