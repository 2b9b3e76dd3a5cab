import { createServer } from 'node:http';
import express, { type ErrorRequestHandler, type RequestHandler, type Router } from 'express';
import type { OnRefused } from '../chat/refusals.ts';
import { isDirect, judgeToken } from './access.ts';
import { limitConnections } from './connections.ts';
import { listen } from './listen.ts';

/** Whether the store and the platforms can be used now; `parts` names each. */
export type HealthReport = {
  ready: boolean;
  parts: Readonly<Record<string, boolean>>;
  /** Said where the parts are; absent: there is none. */
  warnings?: readonly string[];
};

export type WebServerOptions = {
  /** An IPv6 address with or without its brackets. */
  host: string;
  /** 0: any free one. */
  port: number;
  /** In order; each brings its own body parser, since some platforms sign the raw bytes. */
  routers: readonly Router[];
  health: () => Promise<HealthReport>;
  /** Whoever brings it learns the parts of readiness; others but this machine learn only whether it is ready. */
  token?: string | null;
  onRefused?: OnRefused;
  /** Hears of errors that no router has answered; the client is told nothing but the status. */
  onError?: (error: unknown) => void;
};

export type WebServer = { url: string; port: number; stop(): Promise<void> };

/** How long open requests may take after `stop`, in milliseconds. */
const graceMs = 700;

/**
 * Milliseconds. Whoever sends slowly keeps a connection for so long, and a moment more until it is looked at; all that
 * is sent here is small.
 */
const patience = { headersTimeout: 8000, requestTimeout: 12_000, connectionsCheckingInterval: 2000 };

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set('X-Content-Type-Options', 'nosniff');
  next();
};

const statusOf = (error: unknown): number => {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
};

const lastResort =
  (onError: (error: unknown) => void): ErrorRequestHandler =>
  (error, _request, response, next) => {
    const status = statusOf(error);
    if (status === 500) onError(error);
    if (response.headersSent) return next(error);
    response.status(status).json({ error: status === 500 ? 'failed' : 'rejected' });
  };

/** One HTTP server for everything. @throws WebServerError with a `code` when it cannot listen. */
export const startWebServer = async (options: WebServerOptions): Promise<WebServer> => {
  const { port, routers, health, token = null, onRefused = () => {}, onError = () => {} } = options;
  const host = options.host.replace(/^\[(.*)\]$/u, '$1');
  const open = new Set<express.Response>();
  const app = express();
  app.disable('x-powered-by');
  app.use(securityHeaders);
  app.use((_request, response, next) => {
    open.add(response);
    response.on('close', () => open.delete(response));
    next();
  });
  app.get('/healthz', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ ok: true });
  });
  app.get('/readyz', async (request, response) => {
    const found = await health().catch((error: unknown): HealthReport => {
      onError(error);
      return { ready: false, parts: {} };
    });
    const brought = judgeToken(request, token);
    if (brought === 'wrong') onRefused('metrics', 'bad-token');
    const { ready, parts, warnings } = found;
    const seen = { ready, parts, ...(warnings ? { warnings } : {}) };
    const maySeeParts = brought === 'right' || isDirect(request);
    response
      .set('Cache-Control', 'no-store')
      .status(found.ready ? 200 : 503)
      .json(maySeeParts ? seen : { ready: found.ready });
  });
  for (const router of routers) app.use(router);
  app.use((_request, response) => {
    response.status(404).json({ error: 'not-found' });
  });
  app.use(lastResort(onError));

  const server = createServer({ ...patience, keepAliveTimeout: 5000 }, app);
  limitConnections(server);
  const bound = await listen(server, host, port);
  const shownHost = host.includes(':') ? `[${host}]` : host;

  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      const force = setTimeout(() => server.closeAllConnections(), graceMs);
      server.close(() => {
        clearTimeout(force);
        resolve();
      });
      // Event streams never end by themselves; other answers are let finish.
      for (const response of open)
        if (String(response.getHeader('Content-Type')).startsWith('text/event-stream')) response.end();
      server.closeIdleConnections();
    });

  return { url: `http://${shownHost}:${bound}`, port: bound, stop };
};
