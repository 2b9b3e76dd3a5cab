/**
 * @typedef {import('../../api/stored.ts').Post} Post
 * @typedef {import('../page-texts.ts').PageTexts} PageTexts
 * @typedef {import('../../../../chat/view.ts').Form} Form
 * @typedef {import('../../../../chat/view.ts').FormAnswer} FormAnswer
 * @typedef {{ locale: 'de' | 'en', texts: PageTexts }} Page
 * @typedef {{ name: string }} Named
 * @typedef {{ page: Page, botName: string, people: { rep: Named, it: Named }, posts: Post[] }} State
 * @typedef {{ type: 'done' } | { type: 'form', form: Form }} ClickAnswer
 * @typedef {'tooSlow' | 'tooLarge' | 'connectionLost' | 'failed'} Trouble
 */

/** The page waits a little longer than the server, whose answer says more. */
const patienceMs = 6000;

/** @type {Record<number, Trouble>} */
const troubles = { 413: 'tooLarge', 504: 'tooSlow' };

/**
 * Posts JSON. Never throws: what went wrong is a key of the page's texts.
 * @template Answer
 * @param {'command' | 'button' | 'form' | 'message'} door
 * @param {unknown} body
 * @returns {Promise<{ ok: true, answer: Answer } | { ok: false, trouble: Trouble }>}
 */
export const post = async (door, body) => {
  try {
    const response = await fetch(`/preview/${door}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patienceMs),
    });
    if (response.ok) return { ok: true, answer: await response.json() };
    return { ok: false, trouble: troubles[response.status] ?? 'failed' };
  } catch (error) {
    const slow = error instanceof DOMException && error.name === 'TimeoutError';
    return { ok: false, trouble: slow ? 'tooSlow' : 'connectionLost' };
  }
};

/**
 * Listens for good; the browser connects again by itself and then gets the whole state anew.
 * @param {{ state(state: State): void, post(post: Post): void, page(page: Page): void, lost(lost: boolean): void }} hear
 */
export const listen = (hear) => {
  const connect = () => {
    const source = new EventSource('/preview/events');
    source.addEventListener('open', () => hear.lost(false));
    source.addEventListener('state', (event) => hear.state(JSON.parse(event.data)));
    source.addEventListener('post', (event) => hear.post(JSON.parse(event.data)));
    source.addEventListener('page', (event) => hear.page(JSON.parse(event.data)));
    source.addEventListener('error', () => {
      hear.lost(true);
      // After an answer other than 200 a browser gives up; we do not.
      if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
    });
  };
  connect();
};
