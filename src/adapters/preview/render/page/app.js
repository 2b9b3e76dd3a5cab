import { listen, post as send } from './api.js';
import { makeComposer } from './composer.js';
import { makeDialog } from './dialog.js';
import { one } from './dom.js';
import { makePane } from './panes.js';
import { summaryOf } from './posts.js';

/**
 * @typedef {import('./api.js').Page} Page
 * @typedef {import('./api.js').Post} Post
 * @typedef {import('./api.js').State} State
 * @typedef {import('./api.js').ClickAnswer} ClickAnswer
 * @typedef {import('./posts.js').PostContext} PostContext
 * @typedef {'rep' | 'it'} PaneName
 */

/** @type {State | null} */
let state = null;
const words = () => {
  if (!state) throw new Error('the page has no texts yet');
  return state.page.texts;
};

const lost = one(document, '[data-lost]');
const announcer = one(document, '[data-announcer]');
const dialog = makeDialog(/** @type {HTMLDialogElement} */ (one(document, 'dialog')), words);

/** @param {import('./api.js').Trouble} trouble */
const complain = (trouble) => {
  lost.textContent = words()[trouble];
  lost.hidden = false;
};

/** @param {PaneName} pane */
const answeredIn = (pane) => (/** @type {ClickAnswer} */ answer) => {
  if (answer.type === 'form') dialog.show(answer.form, pane);
};
const panes = {
  rep: makePane(one(document, '[data-pane=rep]'), answeredIn('rep')),
  it: makePane(one(document, '[data-pane=it]'), answeredIn('it')),
};
const composer = makeComposer({ name: 'rep', pane: 'rep', thread: null, answered: answeredIn('rep') });
one(document, '[data-composer]').append(composer.form);
const itComposer = makeComposer({ name: 'it', pane: 'it', thread: null, answered: answeredIn('it') });
one(document, '[data-it-composer]').append(itComposer.form);

/**
 * @param {'command' | 'button'} door
 * @param {unknown} body
 * @param {PaneName} pane
 */
const click = async (door, body, pane) => {
  /** @type {Awaited<ReturnType<typeof send<ClickAnswer>>>} */
  const result = await send(door, body);
  if (!result.ok) return complain(result.trouble);
  lost.hidden = true;
  answeredIn(pane)(result.answer);
};

/**
 * @param {State} now
 * @returns {PostContext}
 */
const contextOf = ({ page, botName, people }) => ({
  texts: page.texts,
  locale: page.locale,
  names: { bot: botName, rep: people.rep.name, it: people.it.name },
  press: (post, { action, value }) => click('button', { message: post.id, action, value }, post.pane),
});

/** Messages that came while the other pane was on show. */
const unread = { rep: 0, it: 0 };
const showUnread = () => {
  for (const name of /** @type {PaneName[]} */ (['rep', 'it'])) {
    const badge = one(document, `[data-show=${name}] .unread`);
    badge.hidden = unread[name] === 0;
    badge.textContent = unread[name] === 0 ? '' : String(unread[name]);
    if (state) badge.setAttribute('aria-label', `${unread[name]} ${words().unread}`);
  }
};
/** @param {PaneName} name */
const showPane = (name) => {
  document.body.dataset.showing = name;
  unread[name] = 0;
  showUnread();
  for (const tab of document.querySelectorAll('[data-show]'))
    tab.setAttribute('aria-pressed', String(tab.getAttribute('data-show') === name));
};

/** @param {Page} page */
const speak = (page) => {
  if (!state) return;
  state.page = page;
  document.documentElement.lang = page.locale;
  document.title = page.texts.title;
  for (const place of document.querySelectorAll('[data-text]'))
    place.textContent = page.texts[/** @type {keyof Page['texts']} */ (place.getAttribute('data-text'))];
  for (const place of document.querySelectorAll('[data-label]')) {
    const key = /** @type {keyof Page['texts']} */ (place.getAttribute('data-label'));
    place.setAttribute('aria-label', page.texts[key]);
  }
  for (const choice of document.querySelectorAll('[data-locale]'))
    choice.setAttribute('aria-pressed', String(choice.getAttribute('data-locale') === page.locale));
  composer.speak(page.texts);
  itComposer.speak(page.texts);
  panes.rep.speak(contextOf(state));
  panes.it.speak(contextOf(state));
  showUnread();
};

/** @param {Post} post */
const showPost = (post) => {
  if (state) panes[post.pane].show(post, contextOf(state));
};
/** @type {ReturnType<typeof setTimeout> | undefined} */
let silence;
/**
 * Told once to screen readers, then taken away: a second copy of it in the page would only be in the way.
 * @param {string} summary
 */
const announce = (summary) => {
  clearTimeout(silence);
  announcer.textContent = summary;
  silence = setTimeout(() => {
    announcer.textContent = '';
  }, 1500);
};
/** @type {Set<string>} */
const known = new Set();

listen({
  state: (fresh) => {
    state = fresh;
    // What is still kept is shown anew; the rest was forgotten by the server.
    const ids = new Set(fresh.posts.map(({ id }) => id));
    if ([...known].some((id) => !ids.has(id))) {
      panes.rep.clear();
      panes.it.clear();
    }
    speak(fresh.page);
    fresh.posts.forEach(showPost);
    for (const id of ids) known.add(id);
    panes.rep.toNewest({ repliesToo: false });
    panes.it.toNewest({ repliesToo: false });
    delete document.body.dataset.loading;
  },
  post: (post) => {
    showPost(post);
    if (post.author === 'bot') announce(summaryOf(post));
    if (!known.has(post.id) && document.body.dataset.showing !== post.pane) unread[post.pane] += 1;
    known.add(post.id);
    showUnread();
  },
  page: speak,
  lost: (isLost) => {
    if (isLost && state) complain('connectionLost');
    else lost.hidden = true;
  },
});

for (const tab of document.querySelectorAll('[data-show]'))
  tab.addEventListener('click', () => showPane(/** @type {PaneName} */ (tab.getAttribute('data-show'))));
for (const choice of document.querySelectorAll('[data-locale]'))
  choice.addEventListener('click', () =>
    click('command', { text: `language ${choice.getAttribute('data-locale')}`, typed: false }, 'rep'),
  );
for (const starter of document.querySelectorAll('[data-command]'))
  starter.addEventListener('click', () =>
    click('command', { text: starter.getAttribute('data-command'), typed: false }, 'rep'),
  );
showPane('rep');
