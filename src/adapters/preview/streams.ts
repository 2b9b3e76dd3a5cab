import type { Request, Response } from 'express';
import { PreviewError } from './errors.ts';
import { limits } from './limits.ts';

/** Open event streams (https://html.spec.whatwg.org/multipage/server-sent-events.html), one per page. */
export type Streams = {
  open(request: Request, response: Response): { send(event: string, data: unknown): void };
  toAll(event: string, data: unknown): void;
};

const write = (response: Response, event: string, data: unknown): void => {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
};

export const createStreams = (): Streams => {
  const pages = new Set<Response>();
  return {
    open: (request, response) => {
      if (pages.size >= limits.streams)
        throw new PreviewError('too-many-streams', `at most ${limits.streams} pages at once`);
      response.status(200).set('Content-Type', 'text/event-stream; charset=utf-8');
      response.flushHeaders();
      response.write('retry: 1000\n\n');
      pages.add(response);
      const heartbeat = setInterval(() => response.write(': \n\n'), limits.heartbeatMs);
      heartbeat.unref();
      const forget = (): void => {
        clearInterval(heartbeat);
        pages.delete(response);
      };
      request.on('close', forget);
      response.on('close', forget);
      return { send: (event, data) => write(response, event, data) };
    },
    toAll: (event, data) => {
      for (const page of pages) write(page, event, data);
    },
  };
};
