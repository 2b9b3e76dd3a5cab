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
  event(value: object): Promise<Reply>;
};

const formType = 'application/x-www-form-urlencoded';
/** In seconds, as Slack counts. */
export const now = (): number => Math.floor(Date.now() / 1000);
export const sendForm = (botUrl: string, fields: Record<string, string>): Promise<Reply> => {
  const body = new URLSearchParams(fields).toString();
  return post(botUrl, body, { 'Content-Type': formType, ...sign(body, now()) });
};
export const sendJson = (botUrl: string, value: object): Promise<Reply> => {
  const body = JSON.stringify(value);
  return post(botUrl, body, { 'Content-Type': 'application/json', ...sign(body, now()) });
};

export const overHttp = (botUrl: () => string): Transport => ({
  form: (fields) => sendForm(botUrl(), fields),
  event: (value) => sendJson(botUrl(), value),
});
