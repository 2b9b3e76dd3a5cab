import { request } from 'node:http';
import type { Post } from '../../src/adapters/preview/api/stored.ts';

/** The preview's HTTP doors as its own page uses them, without a browser. */

export type Headers = Record<string, string>;
export type Reply = { status: number; headers: Record<string, unknown>; text: string };

/** node:http, since fetch forbids to set Host. */
export const call = (
  url: string,
  method: 'GET' | 'POST',
  options: { headers?: Headers; body?: string } = {},
) =>
  new Promise<Reply>((resolve, reject) => {
    const sent = request(url, { method, headers: options.headers ?? {} }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on('error', reject);
    sent.end(options.body);
  });

export const postJson = (base: string, door: string, body: unknown, headers: Headers = {}) =>
  call(`${base}/preview/${door}`, 'POST', {
    headers: { Origin: base, 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

export type State = { page: { locale: string; texts: Record<string, string> }; posts: Post[] };

/** Opens the event stream; `next` waits for the next event of that name. */
export const openEvents = async (base: string, headers: Headers = {}) => {
  const stop = new AbortController();
  const response = await fetch(`${base}/preview/events`, { headers, signal: stop.signal });
  if (!response.body) throw new Error('the event stream has no body');
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  const next = async (name: string): Promise<unknown> => {
    for (;;) {
      const end = buffer.indexOf('\n\n');
      if (end === -1) {
        const { done, value } = await reader.read();
        if (done) throw new Error('the event stream has ended');
        buffer += value;
        continue;
      }
      const [event = '', data = ''] = buffer.slice(0, end).split('\n');
      buffer = buffer.slice(end + 2);
      if (event === `event: ${name}`) return JSON.parse(data.replace(/^data: /, '')) as unknown;
    }
  };
  return { next, ended: reader.closed, close: () => stop.abort() };
};

export const stateOf = async (base: string, headers: Headers = {}): Promise<State> => {
  const events = await openEvents(base, headers);
  try {
    return (await events.next('state')) as State;
  } finally {
    events.close();
  }
};
