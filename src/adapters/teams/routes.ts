import { type ErrorRequestHandler, json, Router } from 'express';
import { httpStatus, TeamsError } from './errors.ts';
import { limits } from './limits.ts';
import { type Activity, activitySchema } from './parse.ts';
import type { Reply } from './reply.ts';
import type { Sdk } from './sdk.ts';
import { isOwnService } from './service.ts';

export type RoutesParts = {
  sdk: Sdk;
  take: (activity: Activity) => Promise<Reply>;
  /** Everything is on this machine, for tests. */
  local: boolean;
  onError: (error: unknown) => void;
};

const loopbackHost = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)(?::\d+)?$/iu;

/** The error's own words stay here: they may quote a token. */
const answerErrors =
  (onError: (error: unknown) => void): ErrorRequestHandler =>
  (error, _request, response, next) => {
    if (!(error instanceof TeamsError) || response.headersSent) return next(error);
    if (httpStatus[error.code] >= 500) onError(error);
    response.status(httpStatus[error.code]).json({ error: error.code });
  };

/** The one door of Teams. Nothing of a request is used before its token has been checked. */
export const createRoutes = ({ sdk, take, local, onError }: RoutesParts): Router => {
  const router = Router();
  router.post('/api/messages', json({ limit: limits.bodyBytes }), async (request, response) => {
    // Without a token, a foreign page that makes a name lead to this machine must not get in.
    if (local && !loopbackHost.test(request.headers.host ?? ''))
      throw new TeamsError('unauthorized', 'the Host header must name this machine');
    const parsed = activitySchema.safeParse(request.body);
    const { serviceUrl = '', channelId = '' } = parsed.data ?? {};
    await sdk.authenticate({ serviceUrl, channelId }, request.headers.authorization ?? '');
    if (!parsed.success) throw new TeamsError('invalid', 'the body is no activity');
    if (!isOwnService(serviceUrl, local))
      throw new TeamsError('foreign-service', 'answers are not posted to this service');
    const { status, body } = await take(parsed.data);
    if (body === undefined) response.status(status).end();
    else response.status(status).json(body);
  });
  router.use('/api/messages', answerErrors(onError));
  return router;
};
