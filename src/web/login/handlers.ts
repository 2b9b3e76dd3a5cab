import type { Request, Response } from 'express';
import { z } from 'zod';
import { cleanedBlocks } from '../../chat/cleaned.ts';
import { type Locale, localeOf, locales } from '../../language.ts';
import { cleanText } from '../../lib/clean.ts';
import { Secret } from '../../secret.ts';
import type { Route } from '../routes.ts';
import { sendAsset, sendPage } from './files.ts';
import { beginSession, sessionOf } from './guard.ts';
import { LoginPageError, type LoginPageOptions } from './port.ts';

const token = z.string().max(100);
const bodies = {
  open: z.strictObject({ token }),
  act: z.strictObject({ token, csrf: z.string().max(100) }),
  submit: z.strictObject({
    token,
    csrf: z.string().max(100),
    password: z.string().max(1024),
    sendTestMail: z.boolean().default(false),
  }),
};

/** The language that the browser asks for first, of ours (RFC 9110 §12.5.4). */
const languageOf = (request: Request, otherwise: Locale): Locale =>
  localeOf(request.acceptsLanguages(...locales) || null) ?? otherwise;

/** The bytes may hold a password: they are wiped as soon as they are read, and what is read is kept in one place only. */
const takeBody = <T>(request: Request, schema: z.ZodType<T>): T => {
  const bytes: unknown = request.body;
  request.body = undefined;
  if (!Buffer.isBuffer(bytes)) throw new LoginPageError('invalid', 'expected a body');
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new LoginPageError('invalid', 'the body must be JSON of the known form');
  } finally {
    bytes.fill(0);
  }
};

type Exchange = { request: Request; response: Response; nonce: string };
export type Handle = (exchange: Exchange) => Promise<void>;

const createPage =
  ({ words, defaultLanguage }: LoginPageOptions): Handle =>
  async ({ request, response, nonce }) => {
    // The page's own addresses are relative, so that it works below any path; a browser keeps the fragment.
    const [slashes = ''] = /\/*$/u.exec(request.path) ?? [];
    if (slashes !== '') return response.redirect(308, `${'../'.repeat(slashes.length)}login`);
    const language = languageOf(request, defaultLanguage);
    await sendPage(response, language, { ...words(language), nonce });
  };

type Opened = Exclude<Awaited<ReturnType<LoginPageOptions['door']['open']>>, { type: 'gone' }>;

/** Names and servers are a stranger's words here as in the chat. */
const cleanedOpened = (opened: Opened): Opened => {
  const { address, username, servers, asker, foreign, testMail, ...rest } = opened;
  return {
    ...rest,
    address: cleanText(address),
    username: cleanText(username),
    servers: servers.map(({ label, value }) => ({ label: cleanText(label), value: cleanText(value) })),
    asker: cleanText(asker),
    foreign: foreign === null ? null : cleanText(foreign),
    testMail: testMail === null ? null : cleanText(testMail),
  };
};

type Progress = Extract<Awaited<ReturnType<LoginPageOptions['door']['progress']>>, { type: 'known' }>;

const cleanedProgress = ({ isOver, blocks, canRenew, hasTestMail, announced }: Progress) => ({
  ...{ isOver, canRenew, hasTestMail },
  blocks: cleanedBlocks(blocks),
  announced: announced === null ? null : cleanText(announced),
});

type SubmitOutcome = Awaited<ReturnType<LoginPageOptions['door']['submit']>>;

const answerSubmitted = (
  response: Response,
  submitted: SubmitOutcome,
  onRefused: LoginPageOptions['onRefused'],
): unknown => {
  switch (submitted.type) {
    case 'started':
      return response.status(202).json({ state: 'started' });
    case 'gone':
      onRefused('login', 'unknown-link');
      return response.status(410).json({ error: 'gone', canRenew: true });
    case 'busy':
    case 'rehearsing':
      return response.status(409).json({ error: submitted.type });
    case 'refused':
      onRefused('login', 'too-many');
      return response.status(429).json({ error: 'refused', told: submitted.told });
    default:
      return submitted satisfies never;
  }
};

/** What is asked for at each address of the page. */
export const createHandlers = (options: LoginPageOptions): Readonly<Record<string, Route<Handle>>> => {
  const { door, site, words, defaultLanguage, onRefused } = options;

  const inSession = (request: Request, ids: { token: string; csrf: string }): string => {
    const session = sessionOf(request, site(), ids);
    if (session !== null) return session;
    onRefused('login', 'bad-session');
    throw new LoginPageError('forbidden', 'the request belongs to no page of ours');
  };

  const open: Handle = async ({ request, response }) => {
    const { token } = takeBody(request, bodies.open);
    const { csrf, session, isNew } = beginSession({ request, response, site: site() }, token);
    const opened = await door.open(token, isNew ? null : session);
    const language = opened.language ?? languageOf(request, defaultLanguage);
    const shared = { language, csrf, texts: words(language) };
    if (opened.type !== 'gone') {
      response.json({ ...cleanedOpened(opened), ...shared });
      return;
    }
    if (opened.language === null) onRefused('login', 'unknown-link');
    response.status(410).json({ error: 'gone', ...shared, canRenew: opened.canRenew });
  };

  const submit: Handle = async ({ request, response }) => {
    const { token, csrf, password, sendTestMail } = takeBody(request, bodies.submit);
    const session = inSession(request, { token, csrf });
    if (password === '') return void response.status(422).json({ error: 'missing' });
    const submitted = await door.submit(token, session, { password: new Secret(password), sendTestMail });
    answerSubmitted(response, submitted, onRefused);
  };

  const progress: Handle = async ({ request, response }) => {
    const ids = takeBody(request, bodies.act);
    const known = await door.progress(ids.token, inSession(request, ids));
    switch (known.type) {
      case 'elsewhere':
        onRefused('login', 'bad-session');
        throw new LoginPageError('forbidden', 'another browser has used this link');
      case 'unknown':
        return void response.status(404).json({ error: 'unknown' });
      case 'known':
        return void response.json(cleanedProgress(known));
      default:
        return known satisfies never;
    }
  };

  const leave: Handle = async ({ request, response }) => {
    const ids = takeBody(request, bodies.act);
    await door.leave(ids.token, inSession(request, ids));
    response.status(204).end();
  };

  const renew: Handle = async ({ request, response }) => {
    const ids = takeBody(request, bodies.act);
    const session = inSession(request, ids);
    response.json({ isSent: await door.renew(ids.token, session) });
  };

  return {
    '/login': { GET: createPage(options), POST: submit },
    '/login/page.css': { GET: async ({ response }) => sendAsset(response, 'page.css') },
    '/login/page.js': { GET: async ({ response }) => sendAsset(response, 'page.js') },
    '/login/open': { POST: open },
    '/login/progress': { POST: progress },
    '/login/leave': { POST: leave },
    '/login/renew': { POST: renew },
  };
};
