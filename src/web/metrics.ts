import { Router } from 'express';
import type { OnRefused } from '../chat/refusals.ts';
import { isDirect, judgeToken } from './access.ts';

export type MetricsRouteOptions = {
  /** Null: nobody comes in by one. */
  token: string | null;
  /** Also for this machine: its visitors may be a proxy's. */
  isTokenNeeded: boolean;
  page(): Promise<{ contentType: string; text: string }>;
  onRefused: OnRefused;
};

/** `GET /metrics` for Prometheus: for peers of this machine, and for whoever brings the token. Others learn nothing. */
export const metricsRoute = (options: MetricsRouteOptions): Router => {
  const { token, isTokenNeeded, page, onRefused } = options;
  const router = Router();
  router.get('/metrics', async (request, response, next) => {
    const brought = judgeToken(request, token);
    if (brought === 'wrong') onRefused('metrics', 'bad-token');
    const mayRead = brought === 'right' || (!isTokenNeeded && isDirect(request));
    if (!mayRead) return next();
    const { contentType, text } = await page();
    response.set('Cache-Control', 'no-store').type(contentType).send(text);
  });
  return router;
};
