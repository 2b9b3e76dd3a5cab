import { type ErrorRequestHandler, type Request, Router, raw } from 'express';
import { z } from 'zod';
import { codeOf } from '../../lib/error-code.ts';
import { createThrottle } from '../../lib/throttle.ts';
import { findRoute } from '../routes.ts';
import { protect, senderOf } from './guard.ts';
import { createHandlers } from './handlers.ts';
import { LoginPageError, type LoginPageOptions, statuses } from './port.ts';

export type { LoginDoor } from './port.ts';

/** How long an operator is not told again of the same thing, in milliseconds. */
const quietMs = 10 * 60_000;

/**
 * Answers with a code only. An error of the body parser holds the body, and with it perhaps a password, so none of them is
 * handed on.
 */
const answerErrors =
  (onError: (error: unknown) => void): ErrorRequestHandler =>
  (error, _request, response, next) => {
    if (response.headersSent) return next(new LoginPageError('failed', 'the answer had begun'));
    const isTheirs =
      error instanceof z.ZodError || z.object({ status: z.number().lt(500) }).safeParse(error).success;
    const code = error instanceof LoginPageError ? error.code : isTheirs ? 'invalid' : 'failed';
    if (code === 'failed')
      onError(Object.assign(new Error('a request of the login page failed'), { code: codeOf(error) }));
    response.status(statuses[code]).json({ error: code });
  };

const readBody = raw({ type: () => true, limit: '8kb', inflate: false });

/** The page on which a password may be typed: `/login` and what belongs to it. */
export const createLoginPage = (options: LoginPageOptions): Router => {
  const { site, onError, onRefused } = options;
  const handlers = createHandlers(options);
  const otherAddress = createThrottle({
    ms: quietMs,
    keyOf: () => '',
    tell: options.onOtherAddress,
    tellsRest: false,
  });
  const router = Router();

  const guard = (request: Request): void => {
    const sender = senderOf(request, site());
    if (sender === 'our-page') {
      if (!request.is('application/json')) throw new LoginPageError('invalid', 'the body must be JSON');
      return;
    }
    onRefused('login', 'cross-site');
    if (sender === 'other-address') otherAddress();
    throw new LoginPageError(
      sender === 'other-address' ? 'other-address' : 'forbidden',
      'the request must come from the page itself',
    );
  };

  router.use((request, response, next) => {
    const found = findRoute(handlers, request);
    if (!found) return next();
    const nonce = protect(response, site());
    if (found.handler === null)
      return void response.set('Allow', found.allow).status(405).json({ error: 'method' });
    const { handler } = found;
    if (request.method !== 'POST') return handler({ request, response, nonce });
    guard(request);
    readBody(request, response, (error?: unknown) => {
      if (error) return next(error);
      handler({ request, response, nonce }).catch(next);
    });
  });
  router.use(answerErrors(onError));
  return router;
};
