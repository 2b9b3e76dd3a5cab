import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { type RequestHandler, type Response, Router, raw } from 'express';
import { bodyLimit, times } from './limits.ts';
import { isFromSlack } from './signature.ts';

const path = '/slack/events';

/** Events are JSON; commands are a form; clicks and modals are JSON in a form's field. Null: none of these. */
const parseBody = (contentType: string | undefined, text: string): Record<string, unknown> | null => {
  try {
    const fields = contentType?.startsWith('application/json')
      ? null
      : Object.fromEntries(new URLSearchParams(text));
    const parsed: unknown = fields === null || fields.payload ? JSON.parse(fields?.payload ?? text) : fields;
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null;
  } catch {
    return null;
  }
};

/** Answers a request once, and says nothing of what went wrong. */
const answering = (response: Response) => {
  const send = (status: number, body?: unknown): void => {
    if (response.headersSent) return;
    response.status(status);
    if (body === undefined || body === '') response.end();
    else if (typeof body === 'string') response.type('text/plain').send(body);
    else response.json(body);
  };
  return send;
};

export type HttpReceiver = Receiver & { router: Router };

/**
 * Slack's requests on the shared server instead of one of Bolt's own. Bolt's receivers take timestamps of any future and
 * answer a request that nobody has acknowledged with 404 after three seconds; here it is 200 when the work is done.
 */
export const createHttpReceiver = (options: {
  signingSecret: string;
  onError: (error: unknown) => void;
  /** Hears of every request before anything is done with it. */
  onRequest: () => void;
}): HttpReceiver => {
  const { promise: app, resolve } = Promise.withResolvers<App>();

  const handle: RequestHandler = async (request, response) => {
    const send = answering(response);
    const bytes: unknown = request.body;
    const body = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
    const { signingSecret } = options;
    if (!isFromSlack(request.headers, body, { signingSecret, now: Date.now() })) return send(401);
    const parsed = parseBody(request.headers['content-type'], body.toString('utf8'));
    if (!parsed) return send(400);
    if (parsed.ssl_check === '1') return send(200);
    if (parsed.type === 'url_verification') return send(200, { challenge: parsed.challenge });
    const isEvent = parsed.type === 'event_callback';
    const event: ReceiverEvent = {
      body: parsed,
      // Bolt acknowledges events before it hands them on. Slack sends again what got no answer, so that what a crash takes comes back.
      ack: async (answer?: unknown) => (isEvent ? undefined : send(200, answer)),
      customProperties: { sentAt: request.headers['x-slack-request-timestamp'] },
    };
    const late = setTimeout(() => isEvent && send(200), times.event);
    try {
      await (await app).processEvent(event);
      send(200);
    } catch (error) {
      options.onError(error);
      send(500);
    } finally {
      clearTimeout(late);
    }
  };

  const router = Router();
  const note: RequestHandler = (_request, _response, next) => {
    options.onRequest();
    next();
  };
  router.post(path, note, raw({ type: () => true, limit: bodyLimit }), handle);
  return { router, init: resolve, start: async () => {}, stop: async () => {} };
};
