/**
 * A Web API of Slack in a process of its own: what is measured is the product. It says yes to everything at once; with the
 * argument `tiers` only as often as Slack does.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { createTiers } from '../test/adapters/slack-tiers.ts';

const wall = (): number => performance.timeOrigin + performance.now();
const openedAt = new Map<string, number>();
const calls: { method: string; channel: string; text: string; at: number; isRefused: boolean }[] = [];
const tiers = process.argv.includes('tiers') ? createTiers() : () => null;
let posted = 0;

const answers: Readonly<Record<string, (fields: URLSearchParams) => object>> = {
  'auth.test': () => ({ user_id: 'U0BOT', bot_id: 'B0BOT', team_id: 'T1' }),
  'users.info': () => ({ user: { name: 'rep', real_name: 'Rep', locale: 'de-DE', profile: {} } }),
  'conversations.open': (fields) => ({ channel: { id: `D${fields.get('users')}` } }),
  'conversations.info': () => ({ channel: { id: 'C1', is_member: true } }),
  'chat.postMessage': () => {
    posted += 1;
    return { ts: `1.${posted}` };
  },
  'views.open': () => ({ view: { id: 'V1', hash: 'h' } }),
};

const server = createServer(async (request, response) => {
  const at = wall();
  const body = await text(request);
  const method = request.url?.replace('/api/', '') ?? '';
  const fields = new URLSearchParams(body);
  if (method === 'views.open') openedAt.set(fields.get('trigger_id') ?? '', at);
  const headers = { 'Content-Type': 'application/json' };
  if (method === '/opened') return response.end(JSON.stringify(Object.fromEntries(openedAt)));
  if (method === '/calls') return response.end(JSON.stringify(calls));
  const channel = fields.get('channel') ?? '';
  const seconds = tiers(method, channel, at);
  calls.push({ method, channel, text: fields.get('text') ?? '', at, isRefused: seconds !== null });
  if (seconds !== null) return response.writeHead(429, { ...headers, 'Retry-After': seconds }).end();
  return response.writeHead(200, headers).end(JSON.stringify({ ok: true, ...answers[method]?.(fields) }));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
process.send?.(typeof address === 'object' && address ? address.port : 0);
