import { timingSafeEqual } from 'node:crypto';
import { type Request, Router } from 'express';
import { isLoopback } from '../config/loopback.ts';

export type MetricsRouteOptions = {
  /** Null: nobody but this machine. */
  token: string | null;
  contentType: string;
  text(): Promise<string>;
};

/** Whether a request began on this machine: behind a proxy of the same machine it did not. */
const isLocal = ({ socket, headers }: Request): boolean => {
  const forwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  return !forwarded && isLoopback(socket.remoteAddress ?? '');
};

const sameText = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** `GET /metrics` for Prometheus: for peers of this machine, and for whoever brings the token. Others learn nothing. */
export const metricsRoute = ({ token, contentType, text }: MetricsRouteOptions): Router => {
  const router = Router();
  router.get('/metrics', async (request, response, next) => {
    const brought = request.headers.authorization?.replace(/^Bearer /iu, '') ?? '';
    const mayRead = isLocal(request) || (token !== null && sameText(brought, token));
    if (!mayRead) return next();
    const body = await text();
    response.set('Cache-Control', 'no-store').type(contentType).send(body);
  });
  return router;
};
