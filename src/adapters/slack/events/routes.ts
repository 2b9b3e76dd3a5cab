import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { type Request, type RequestHandler, type Response, Router, raw } from 'express';
import type { RefusalReason } from '../../../chat/refusals.ts';
import { bodyLimit, times } from '../limits.ts';
import { refusalOf } from './signature.ts';

const path = '/slack/events';

const isJson = (contentType: string | undefined): boolean =>
  contentType?.startsWith('application/json') ?? false;

/** Events are JSON; commands are a form; clicks and modals are JSON in a form's field. Null: none of these. */
const parseBody = (contentType: string | undefined, text: string): Record<string, unknown> | null => {
  try {
    const fields = isJson(contentType) ? null : Object.fromEntries(new URLSearchParams(text));
    const parsed: unknown = fields === null || fields.payload ? JSON.parse(fields?.payload ?? text) : fields;
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : null;
  } catch {
    return null;
  }
};

/** Now and then Slack looks whether our certificate is good, and does not sign that (docs.slack.dev, slash commands). */
const isCertificateProbe = (contentType: string | undefined, body: Buffer): boolean =>
  !isJson(contentType) && new URLSearchParams(body.toString('utf8')).get('ssl_check') === '1';

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
type Send = ReturnType<typeof answering>;

const eventOf = (request: Request, body: Record<string, unknown>, send: Send): ReceiverEvent => {
  const retryNum = Number(request.headers['x-slack-retry-num'] ?? Number.NaN);
  return {
    body,
    // Bolt acknowledges events before it hands them on. Slack sends again what got no answer, so that what a crash takes comes back.
    ack: async (answer?: unknown) => (isEvent(body) ? undefined : send(200, answer)),
    customProperties: { sentAt: request.headers['x-slack-request-timestamp'] },
    ...(Number.isNaN(retryNum) ? {} : { retryNum }),
  };
};

const isEvent = ({ type }: Record<string, unknown>): boolean => type === 'event_callback';

export type HttpReceiver = Receiver & { router: Router };

/**
 * Slack's requests on the shared server instead of one of Bolt's own. Bolt's receivers take timestamps of any future and
 * answer a request that nobody has acknowledged with 404 after three seconds; here it is 200 when the work is done. An
 * event that could not be kept, or not in time, is answered 503: Slack delivers it again, at once, after a minute and
 * after five, and a copy of one that is under way gets what becomes of that.
 */
export const createHttpReceiver = (options: {
  signingSecret: string;
  onError: (error: unknown) => void;
  onRefused: (reason: RefusalReason) => void;
  /** Hears of every request before anything is done with it. */
  onRequest: () => void;
}): HttpReceiver => {
  const { promise: app, resolve } = Promise.withResolvers<App>();
  const { signingSecret, onError, onRefused } = options;

  const process = async (event: ReceiverEvent, send: Send): Promise<void> => {
    const isKept = isEvent(event.body);
    const late = setTimeout(() => isKept && send(503), times.event);
    try {
      await (await app).processEvent(event);
      send(200);
    } catch (error) {
      onError(error);
      send(isKept ? 503 : 500);
    } finally {
      clearTimeout(late);
    }
  };

  const handle: RequestHandler = async (request, response) => {
    const send = answering(response);
    const bytes: unknown = request.body;
    const body = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
    const contentType = request.headers['content-type'];
    if (isCertificateProbe(contentType, body)) return send(200);
    const refusal = refusalOf(request.headers, body, { signingSecret, now: Date.now() });
    if (refusal !== null) {
      onRefused(refusal);
      return send(401);
    }
    const parsed = parseBody(contentType, body.toString('utf8'));
    if (!parsed) return send(400);
    if (parsed.type === 'url_verification') return send(200, { challenge: parsed.challenge });
    await process(eventOf(request, parsed, send), send);
  };

  const router = Router();
  const note: RequestHandler = (_request, _response, next) => {
    options.onRequest();
    next();
  };
  // Whoever watches the address from outside asks so.
  router.head(path, (_request, response) => {
    response.status(200).end();
  });
  router.post(path, note, raw({ type: () => true, limit: bodyLimit }), handle);
  return { router, init: resolve, start: async () => {}, stop: async () => {} };
};
