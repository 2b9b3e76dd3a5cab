import type { Request, RequestHandler } from 'express';
import type { OnRefused } from '../../../chat/refusals.ts';
import { isLoopback } from '../../../lib/loopback.ts';
import { platform } from '../api/people.ts';
import { PreviewError } from '../errors.ts';

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

/**
 * Whether a foreign page has asked, and which one: neither header can be changed by a page. A browser sends Origin with
 * every POST and where a page asks another origin, and Sec-Fetch-Site with everything, if it knows it; `none` is somebody
 * who has typed the address.
 */
const isAskedByForeignPage = ({ headers }: Request): boolean => {
  const own = `http://${headers.host?.toLowerCase()}`;
  const site = headers['sec-fetch-site'];
  return (
    (headers.origin !== undefined && headers.origin !== own) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none')
  );
};

const reads = ({ method }: Request): boolean => method === 'GET' || method === 'HEAD';

type Guard = { onlyThisMachine: RequestHandler; onlyOurPage: RequestHandler };

/**
 * Lets only this machine's own browser in. The Host check stops DNS rebinding (a foreign name that leads to loopback);
 * the page's own doors are also closed to foreign pages, which could post to us, or hold our event streams.
 */
export const createGuard = (onRefused: OnRefused): Guard => ({
  onlyThisMachine: (request, response, next) => {
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
    if (!namesThisMachine(request)) {
      onRefused(platform, 'cross-site');
      throw new PreviewError('forbidden', 'the Host header must name this machine and its port');
    }
    next();
  },
  onlyOurPage: (request, _response, next) => {
    const isUnsigned = !reads(request) && request.headers.origin === undefined;
    if (isUnsigned || isAskedByForeignPage(request)) {
      onRefused(platform, 'cross-site');
      throw new PreviewError('forbidden', 'the request must come from the page of the preview');
    }
    if (!reads(request) && !request.is('application/json'))
      throw new PreviewError('not-json', 'the body must be JSON');
    next();
  },
});
