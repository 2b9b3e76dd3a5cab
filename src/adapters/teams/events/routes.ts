import { type ErrorRequestHandler, json, type Request, Router } from 'express';
import type { OnRefused, RefusalReason } from '../../../chat/refusals.ts';
import { isLoopback } from '../../../lib/loopback.ts';
import type { Serves, Stranger } from '../api/origin.ts';
import { platform } from '../api/refs.ts';
import type { Sdk } from '../api/sdk/index.ts';
import { httpStatus, TeamsError } from '../errors.ts';
import { limits } from '../limits.ts';
import { type Activity, activitySchema, doorSchema, tenantsOf } from './parse.ts';
import type { Reply } from './reply.ts';

export type RoutesParts = {
  sdk: Sdk;
  take: (activity: Activity) => Promise<Reply>;
  serves: Serves;
  onRefused: OnRefused;
  onError: (error: unknown) => void;
};

/** Without a token, a foreign page that makes a name lead to this machine must not get in. */
const namesThisMachine = ({ headers }: Request): boolean =>
  isLoopback((headers.host ?? '').toLowerCase().replace(/:\d+$/u, ''));

const refusals: Record<Stranger | 'unauthorized', RefusalReason> = {
  unauthorized: 'bad-token',
  'foreign-channel': 'foreign-channel',
  'foreign-service': 'foreign-channel',
  'foreign-tenant': 'foreign-tenant',
};
const isRefusal = (code: TeamsError['code']): code is keyof typeof refusals => code in refusals;

/** The error's own words stay here: they may quote a token. */
const answerErrors =
  ({ onError, onRefused }: Pick<RoutesParts, 'onError' | 'onRefused'>): ErrorRequestHandler =>
  (error, _request, response, next) => {
    if (!(error instanceof TeamsError) || response.headersSent) return next(error);
    if (isRefusal(error.code)) onRefused(platform, refusals[error.code]);
    if (httpStatus[error.code] >= 500) onError(error);
    response.status(httpStatus[error.code]).json({ error: error.code });
  };

/** The one door of Teams. Nothing of a request is used before its token has been checked. */
export const createRoutes = ({ sdk, take, serves, onRefused, onError }: RoutesParts): Router => {
  const router = Router();
  router.post('/api/messages', json({ limit: limits.bodyBytes }), async (request, response) => {
    if (serves.local && !namesThisMachine(request))
      throw new TeamsError('unauthorized', 'the Host header must name this machine');
    const door = doorSchema.safeParse(request.body).data ?? { serviceUrl: '', channelId: '' };
    await sdk.authenticate(door, request.headers.authorization ?? '');
    const parsed = activitySchema.safeParse(request.body);
    if (!parsed.success) throw new TeamsError('invalid', 'the body is no activity');
    const stranger = serves.stranger(parsed.data, tenantsOf(parsed.data));
    if (stranger) throw new TeamsError(stranger, 'the request is of nobody whom the bot serves');
    const { status, body } = await take(parsed.data);
    if (body === undefined) response.status(status).end();
    else response.status(status).json(body);
  });
  // Whether there is a door, for proxies and for whoever sets the bot up.
  router.head('/api/messages', (_request, response) => {
    response.end();
  });
  router.use('/api/messages', answerErrors({ onError, onRefused }));
  return router;
};
