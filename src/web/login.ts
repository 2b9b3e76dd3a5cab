import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type ErrorRequestHandler, json, type Request, type Response, Router } from 'express';
import { z } from 'zod';
import type { Block } from '../chat/view.ts';
import { type Locale, localeOf, locales } from '../language.ts';
import { Secret } from '../secret.ts';
import { beginSession, comesFromOurPage, isInSession, protect, type Site } from './login-guard.ts';

type Row = { label: string; value: string };

/** What the page asks of the bot. Every answer is in the person's own language. */
export type LoginDoor = {
  /** Consumes nothing. */
  open(
    token: string,
  ): Promise<
    | { type: 'open'; language: Locale; address: string; servers: Row[] }
    | { type: 'gone'; language: Locale | null; canRenew: boolean }
  >;
  /** Consumes the link. `told`: the sentence that says why nothing was started. */
  submit(
    token: string,
    password: Secret,
  ): Promise<{ type: 'started' } | { type: 'gone' } | { type: 'busy' } | { type: 'refused'; told: string }>;
  progress(token: string): Promise<{ isOver: boolean; blocks: Block[] } | null>;
  renew(token: string): Promise<boolean>;
};

export type LoginPageOptions = {
  door: LoginDoor;
  site: () => Site;
  words: (language: Locale) => Readonly<Record<string, string>>;
  defaultLanguage: Locale;
  /** Hears that something of ours failed, and nothing of what was sent. */
  onError: (error: unknown) => void;
};

const token = z.string().max(100);
const bodies = {
  open: z.strictObject({ token }),
  act: z.strictObject({ token, csrf: z.string().max(100) }),
  submit: z.strictObject({ token, csrf: z.string().max(100), password: z.string().max(1024) }),
};

const statuses = { forbidden: 403, invalid: 400, failed: 500 } as const;

class LoginPageError extends Error {
  readonly code: keyof typeof statuses;
  constructor(code: keyof typeof statuses, message: string) {
    super(message);
    this.name = 'LoginPageError';
    this.code = code;
  }
}

const folder = fileURLToPath(new URL('./login/', import.meta.url));
const assets = ['page.css', 'page.js'] as const;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/gu, (mark) => escapes[mark] ?? mark);

/** The language that the browser asks for first, of ours (RFC 9110 §12.5.4). */
const languageOf = (request: Request, otherwise: Locale): Locale =>
  localeOf(request.acceptsLanguages(...locales) || null) ?? otherwise;

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
    if (code === 'failed') onError(new LoginPageError('failed', 'a request of the login page failed'));
    response.status(statuses[code]).json({ error: code });
  };

/** The page on which a password may be typed: `/login` and what belongs to it. */
export const createLoginPage = (options: LoginPageOptions): Router => {
  const { door, site, words, defaultLanguage, onError } = options;
  const router = Router();
  router.use('/login', protect(site));

  router.get('/login', async (request: Request, response: Response) => {
    // The page's own addresses are relative, so that it works below any path; a browser keeps the fragment.
    if (request.path.endsWith('/')) return response.redirect(308, '../login');
    const language = languageOf(request, defaultLanguage);
    const template = await readFile(`${folder}page.html`, 'utf8');
    const values: Readonly<Record<string, string>> = {
      ...words(language),
      nonce: String(response.locals.nonce),
    };
    response
      .type('html')
      .send(
        template
          .replace('lang="de"', `lang="${language}"`)
          .replaceAll(/\{\{([\w-]+)\}\}/gu, (_all, name: string) => escaped(values[name] ?? '')),
      );
  });
  for (const name of assets)
    router.get(`/login/${name}`, (_request, response) => {
      response.sendFile(name, { root: folder, cacheControl: false, etag: false, lastModified: false });
    });

  router.post(/^\/login(?:\/|$)/u, (request, _response, next) => {
    if (!comesFromOurPage(request, site()))
      throw new LoginPageError('forbidden', 'the request must come from the page itself');
    if (!request.is('application/json')) throw new LoginPageError('invalid', 'the body must be JSON');
    next();
  });
  router.use('/login', json({ limit: '8kb' }));

  const inSession = (request: Request, ids: { token: string; csrf: string }): void => {
    if (!isInSession(request, site(), ids))
      throw new LoginPageError('forbidden', 'the request belongs to no page of ours');
  };

  router.post('/login/open', async (request, response) => {
    const { token } = bodies.open.parse(request.body);
    const opened = await door.open(token);
    const csrf = beginSession({ request, response, site: site() }, token);
    const language = opened.language ?? languageOf(request, defaultLanguage);
    const texts = words(language);
    if (opened.type === 'gone')
      response.status(410).json({ error: 'gone', language, csrf, texts, canRenew: opened.canRenew });
    else {
      const { address, servers } = opened;
      response.json({ address, language, csrf, servers, texts });
    }
  });

  router.post('/login', async (request, response) => {
    const { token, csrf, password } = bodies.submit.parse(request.body);
    inSession(request, { token, csrf });
    if (password === '') return void response.status(422).json({ error: 'missing' });
    const submitted = await door.submit(token, new Secret(password));
    switch (submitted.type) {
      case 'started':
        return void response.status(202).json({ state: 'started' });
      case 'gone':
        return void response.status(410).json({ error: 'gone', canRenew: true });
      case 'busy':
        return void response.status(409).json({ error: 'busy' });
      case 'refused':
        return void response.status(429).json({ error: 'refused', told: submitted.told });
      default:
        return submitted satisfies never;
    }
  });

  router.post('/login/progress', async (request, response) => {
    const ids = bodies.act.parse(request.body);
    inSession(request, ids);
    const progress = await door.progress(ids.token);
    if (progress) response.json(progress);
    else response.status(404).json({ error: 'elsewhere' });
  });

  router.post('/login/renew', async (request, response) => {
    const ids = bodies.act.parse(request.body);
    inSession(request, ids);
    response.json({ isSent: await door.renew(ids.token) });
  });

  router.use('/login', answerErrors(onError));
  return router;
};
