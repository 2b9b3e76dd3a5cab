import { timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { type Request, Router } from 'express';

export type MetricsRouteOptions = {
  /** Null: nobody but this machine. */
  token: string | null;
  contentType: string;
  text(): Promise<string>;
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Whether a request began on this machine: behind a proxy of the same machine it did not. */
const isLocal = ({ socket, headers }: Request): boolean => {
  const address = socket.remoteAddress?.replace(/^::ffff:/u, '') ?? '';
  const forwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  return !forwarded && isIP(address) !== 0 && loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
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
