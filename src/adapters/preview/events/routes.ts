import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { json, type Request, type Response, type Router } from 'express';
import type { OnRefused } from '../../../chat/refusals.ts';
import type { Locale } from '../../../language.ts';
import type { Board } from '../api/board.ts';
import { botName, people } from '../api/people.ts';
import type { Streams } from '../api/streams.ts';
import { answerErrors } from '../errors.ts';
import { limits } from '../limits.ts';
import type { PageTexts } from '../render/page-texts.ts';
import { renderPage } from '../render/render.ts';
import type { PageDispatch } from './dispatch.ts';
import { createGuard } from './guard.ts';
import type { Language } from './language.ts';
import { bodies } from './parse.ts';

type RoutesOptions = {
  board: Board;
  dispatch: PageDispatch;
  language: Language;
  pageTexts: (locale: Locale) => PageTexts;
  streams: Streams;
  onRefused: OnRefused;
  onError: (error: unknown) => void;
};

/** Every file that may be served; nothing else in the folder is reachable. */
const assets = [
  'style.css',
  'layout.css',
  'buttons.css',
  'posts.css',
  'blocks.css',
  'modal.css',
  'app.js',
  'api.js',
  'blocks.js',
  'composer.js',
  'dialog.js',
  'dom.js',
  'drafts.js',
  'fields.js',
  'icons.js',
  'modal.js',
  'panes.js',
  'posts.js',
  'threads.js',
  'icon.svg',
];
const folder = fileURLToPath(new URL('../render/page/', import.meta.url));

/** All under `/preview`, and the page itself at `/`; other routes of the server are not touched. */
export const addRoutes = (router: Router, options: RoutesOptions): void => {
  const { board, dispatch, language, pageTexts, streams, onError } = options;
  const { onlyThisMachine, onlyOurPage } = createGuard(options.onRefused);
  const languageOf = async (request: Request): Promise<string | null> =>
    (await language.of(request.headers['accept-language'])).tag;
  const file = (name: string) => (_request: Request, response: Response) =>
    response.sendFile(name, { root: folder, cacheControl: false, etag: false, lastModified: false });

  router.use('/preview', onlyThisMachine, onlyOurPage, json({ limit: limits.bodyBytes }));
  router.get('/', onlyThisMachine, async (request, response) => {
    const { locale } = await language.of(request.headers['accept-language']);
    const template = await readFile(`${folder}index.html`, 'utf8');
    response.type('html').send(renderPage(template, locale, pageTexts(locale)));
  });
  for (const name of assets) router.get(`/preview/${name}`, file(name));

  router.get('/preview/events', async (request, response) => {
    const { locale } = await language.of(request.headers['accept-language']);
    const stream = streams.open(request, response);
    const page = { locale, texts: pageTexts(locale) };
    stream.send('state', { page, botName, people, posts: await board.all() });
  });

  router.post('/preview/command', async (request, response) => {
    const body = bodies.command.parse(request.body);
    response.json(await dispatch.command(body, await languageOf(request)));
  });
  router.post('/preview/button', async (request, response) => {
    const body = bodies.button.parse(request.body);
    response.json(await dispatch.button(body, await languageOf(request)));
  });
  router.post('/preview/form', async (request, response) => {
    const body = bodies.form.parse(request.body);
    response.json(await dispatch.form(body, await languageOf(request)));
  });
  router.post('/preview/message', async (request, response) => {
    const body = bodies.message.parse(request.body);
    response.json(await dispatch.message(body, await languageOf(request)));
  });
  router.use(['/preview', '/'], answerErrors(onError));
};
