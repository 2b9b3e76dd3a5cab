/** A Web API of Slack that says yes to everything at once, in a process of its own: what is measured is the product. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

const wall = (): number => performance.timeOrigin + performance.now();
const openedAt = new Map<string, number>();
let posted = 0;

const answers: Readonly<Record<string, () => object>> = {
  'auth.test': () => ({ user_id: 'U0BOT', bot_id: 'B0BOT', team_id: 'T1' }),
  'users.info': () => ({ user: { name: 'rep', real_name: 'Rep', locale: 'de-DE', profile: {} } }),
  'conversations.open': () => ({ channel: { id: 'D1' } }),
  'conversations.info': () => ({ channel: { id: 'C1', is_member: true } }),
  'chat.postMessage': () => {
    posted += 1;
    return { channel: 'D1', ts: `1.${posted}` };
  },
  'views.open': () => ({ view: { id: 'V1', hash: 'h' } }),
};

const server = createServer(async (request, response) => {
  const at = wall();
  const body = await text(request);
  const method = request.url?.replace('/api/', '') ?? '';
  if (method === 'views.open') openedAt.set(new URLSearchParams(body).get('trigger_id') ?? '', at);
  const answer = method === '/opened' ? Object.fromEntries(openedAt) : { ok: true, ...answers[method]?.() };
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const address = server.address();
process.send?.(typeof address === 'object' && address ? address.port : 0);
