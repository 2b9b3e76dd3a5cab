import type { ErrorRequestHandler } from 'express';
import { z } from 'zod';

const statuses = {
  forbidden: 403,
  'not-json': 415,
  invalid: 400,
  'too-large': 413,
  gone: 404,
  'too-slow': 504,
  'no-answer': 500,
  failed: 500,
} as const;
export type PreviewErrorCode = keyof typeof statuses;

/** Why a request of the page was not carried out; the page has a sentence for each. */
export class PreviewError extends Error {
  readonly code: PreviewErrorCode;
  constructor(code: PreviewErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'PreviewError';
    this.code = code;
  }
}

/** Errors of express's body parser carry a `type`; see https://github.com/expressjs/body-parser#errors. */
const bodyParserError = z.object({ type: z.string(), status: z.number().min(400).max(499) });

const answerCode = (error: unknown): PreviewErrorCode => {
  if (error instanceof PreviewError) return error.code;
  if (error instanceof z.ZodError) return 'invalid';
  const parsing = bodyParserError.safeParse(error);
  if (!parsing.success) return 'failed';
  return parsing.data.type === 'entity.too.large' ? 'too-large' : 'invalid';
};

/** Answers with a code and never with the error's own words, which may hold what was typed. */
export const answerErrors =
  (onError: (error: unknown) => void): ErrorRequestHandler =>
  (error, _request, response, next) => {
    if (response.headersSent) return next(error);
    const code = answerCode(error);
    if (statuses[code] >= 500) onError(error);
    response.status(statuses[code]).json({ error: code });
  };
