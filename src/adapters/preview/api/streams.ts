import type { Request, Response } from 'express';
import { limits } from '../limits.ts';

/** Open event streams (https://html.spec.whatwg.org/multipage/server-sent-events.html), one per page; beyond the limit the oldest one ends. */
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
      // Whoever has just opened the page is looking at it; one that was closed comes again by itself.
      const [oldest] = pages;
      if (oldest && pages.size >= limits.streams) {
        pages.delete(oldest);
        oldest.destroy();
      }
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
