import type { Request, RequestHandler } from 'express';
import { isLoopback } from '../../config/loopback.ts';
import { PreviewError } from './errors.ts';

const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const namesThisMachine = (request: Request): boolean => {
  const [, name = '', port = '80'] =
    /^([^:[\]]+|\[[^[\]]+\])(?::(\d+))?$/u.exec(request.headers.host?.toLowerCase() ?? '') ?? [];
  return isLoopback(name) && Number(port) === request.socket.localPort;
};

/** A browser sends Origin with every POST and Sec-Fetch-Site where it knows it; a foreign page can change neither. */
const comesFromOurPage = (request: Request): boolean => {
  const site = request.headers['sec-fetch-site'];
  return (
    request.headers.origin === `http://${request.headers.host?.toLowerCase()}` &&
    (site === undefined || site === 'same-origin')
  );
};

/**
 * Lets only this machine's own browser in. The Host check stops DNS rebinding (a foreign name that leads to loopback),
 * the Origin check stops foreign pages that post to us.
 */
export const onlyOurPage: RequestHandler = (request, response, next) => {
  response.set({
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
  if (!isLoopback(request.socket.remoteAddress ?? ''))
    throw new PreviewError('forbidden', 'the preview answers on loopback only');
  if (!namesThisMachine(request))
    throw new PreviewError('forbidden', 'the Host header must name this machine and its port');
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (!reads && !comesFromOurPage(request))
    throw new PreviewError('forbidden', 'the Origin header must be that of the preview');
  if (!reads && !request.is('application/json')) throw new PreviewError('not-json', 'the body must be JSON');
  next();
};
