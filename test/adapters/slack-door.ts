/** A door in front of a Web API of Slack: it writes down every call, checks every payload, and can have a bad day. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { z } from 'zod';
import { homeProblems, messageProblems, viewProblems } from './slack-payloads.ts';

const record = z.record(z.string(), z.unknown());
type Body = z.infer<typeof record>;
export type Call = { method: string; body: Body; answer: Body; at: number };

/** What Slack answers instead; `hang`: nothing at all. */
export type Fault = { status?: number; headers?: Record<string, string>; body?: object } | 'hang';

/** Some arguments of a form are JSON themselves. */
const parseArgument = (value: string): unknown => {
  if (!/^[[{]/u.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
};

const parseBody = (request: IncomingMessage, text: string): Body => {
  if (request.headers['content-type']?.startsWith('application/json')) return record.parse(JSON.parse(text));
  const fields = [...new URLSearchParams(text)];
  return Object.fromEntries(fields.map(([key, value]) => [key, parseArgument(value)]));
};

const problemsOf = (method: string, body: Body): string[] => {
  if (method.startsWith('chat.')) return messageProblems(body);
  if (method === 'views.publish') return homeProblems(body.view);
  return method === 'views.open' || method === 'views.update' ? viewProblems(body.view) : [];
};

export const openDoor = async (options: { behind: string; localeOf: (user: string) => string | null }) => {
  const calls: Call[] = [];
  const problems: string[] = [];
  /** Private lines by the address that came with a command or a click. */
  const whispers: { to: string; text: string; blocks: unknown[] }[] = [];
  let fault: (method: string, body: Body) => Fault | null = () => null;

  const forward = async (request: IncomingMessage, path: string, text: string): Promise<Body> => {
    const answer = await fetch(`${options.behind}${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': request.headers['content-type'] ?? '',
        Authorization: request.headers.authorization ?? '',
      },
      body: text,
    });
    return record.parse(await answer.json());
  };

  /** The peer behind the door knows neither languages nor time zones of people. */
  const withLocale = (method: string, body: Body, answer: Body): Body => {
    const locale = method === 'users.info' ? options.localeOf(String(body.user)) : null;
    return locale === null
      ? answer
      : { ...answer, user: { ...record.parse(answer.user), locale, tz: 'Europe/Vienna' } };
  };

  const respond = (response: ServerResponse, status: number, headers: object, body: object): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '';
    const text = await readText(request);
    const at = performance.now();
    if (path.startsWith('/moved/')) {
      response.writeHead(307, { Location: path.replace('/moved/', '/whisper/') }).end();
      return;
    }
    if (path.startsWith('/whisper/')) {
      const { text: words, blocks } = z
        .object({
          text: z.string(),
          blocks: z.array(z.unknown()).default([]),
          response_type: z.literal('ephemeral'),
        })
        .parse(JSON.parse(text));
      problems.push(
        ...messageProblems({ text: words, blocks }).map((problem) => `a private line: ${problem}`),
      );
      whispers.push({ to: path.slice('/whisper/'.length), text: words, blocks });
      return respond(response, 200, {}, { ok: true });
    }
    const method = path.replace('/api/', '');
    const body = parseBody(request, text);
    const bad = fault(method, body);
    if (bad === 'hang') return;
    if (bad) return respond(response, bad.status ?? 200, bad.headers ?? {}, bad.body ?? {});
    problems.push(...problemsOf(method, body).map((problem) => `${method}: ${problem}`));
    const answer = withLocale(method, body, await forward(request, path, text));
    calls.push({ method, body, answer, at });
    respond(response, 200, {}, answer);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      problems.push(`the door failed: ${String(error)}`);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    apiUrl: `${url}/api/`,
    calls,
    problems,
    whispers,
    /** From now on; a rule that says null lets the call through. */
    failIf: (rule: typeof fault): void => {
      fault = rule;
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

/** A refusal by its name, as Slack words it. */
export const refusal = (error: string): Fault => ({ body: { ok: false, error } });
