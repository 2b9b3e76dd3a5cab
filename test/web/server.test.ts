import { once } from 'node:events';
import { connect } from 'node:net';
import { Router } from 'express';
import { describe, expect, test } from 'vitest';
import { type HealthReport, startWebServer, type WebServerOptions } from '../../src/web/server.ts';

const start = async (options: Partial<WebServerOptions> = {}) => {
  const health = async (): Promise<HealthReport> => ({ ready: true, parts: { store: true } });
  const web = await startWebServer({ host: '127.0.0.1', port: 0, routers: [], health, ...options });
  return { ...web, [Symbol.asyncDispose]: web.stop };
};

const routerWith = (add: (router: Router) => void): Router => {
  const router = Router();
  add(router);
  return router;
};

/** Opens a connection and sends what is given; resolves when the server has closed it, with the milliseconds until then. */
const linger = (port: number, bytes: string) => {
  const began = performance.now();
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  socket.resume();
  socket.on('error', () => {});
  const ended = once(socket, 'close').then(() => performance.now() - began);
  return { socket, ended };
};

describe('the web server', () => {
  test('says that the process lives', async () => {
    await using web = await start();
    const response = await fetch(`${web.url}/healthz`);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-powered-by')).toBeNull();
  });

  test('says whether store and platforms can be used', async () => {
    let ready = true;
    await using web = await start({ health: async () => ({ ready, parts: { store: ready } }) });
    expect((await fetch(`${web.url}/readyz`)).status).toBe(200);
    ready = false;
    const response = await fetch(`${web.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([
      503,
      { ready: false, parts: { store: false } },
    ]);
  });

  test('is not ready when that cannot be found out', async () => {
    const heard: unknown[] = [];
    const health = () => Promise.reject(new Error('secret detail'));
    await using web = await start({ health, onError: (error) => heard.push(error) });
    const response = await fetch(`${web.url}/readyz`);
    expect([response.status, await response.text()]).toEqual([503, '{"ready":false,"parts":{}}']);
    expect(heard).toHaveLength(1);
  });

  test('tells nobody why a route failed', async () => {
    const heard: unknown[] = [];
    const failing = routerWith((router) =>
      router.get('/fail', () => {
        throw new Error('secret detail');
      }),
    );
    await using web = await start({ routers: [failing], onError: (error) => heard.push(error) });
    const response = await fetch(`${web.url}/fail`);
    expect([response.status, await response.text()]).toEqual([500, '{"error":"failed"}']);
    expect(heard).toMatchObject([{ message: 'secret detail' }]);
    const missing = await fetch(`${web.url}/<script>`);
    expect([missing.status, await missing.text()]).toEqual([404, '{"error":"not-found"}']);
    expect(missing.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('names a port that is in use', async () => {
    await using web = await start();
    await expect(start({ port: web.port })).rejects.toMatchObject({
      name: 'WebServerError',
      code: 'port-in-use',
      message: expect.stringContaining(`127.0.0.1 port ${web.port}: another program uses this port`),
    });
  });

  test('names an address that this machine does not have', async () => {
    await expect(start({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'address-not-here' });
  });

  test('stops within a second, event streams and hanging requests included', async () => {
    const open = routerWith((router) => {
      router.get('/stream', (_request, response) => {
        response.type('text/event-stream').write('retry: 1\n\n');
      });
      router.get('/hanging', () => {});
    });
    const web = await start({ routers: [open] });
    const stream = await fetch(`${web.url}/stream`);
    const hanging = fetch(`${web.url}/hanging`).then(
      () => 'answered',
      () => 'cut',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    const began = performance.now();
    await web.stop();
    expect(performance.now() - began).toBeLessThan(1000);
    expect(await stream.text()).toBe('retry: 1\n\n');
    expect(await hanging).toBe('cut');
  });

  test('lets an answer finish while it stops', async () => {
    const slow = routerWith((router) =>
      router.get('/slow', (_request, response) => {
        setTimeout(() => response.send('done'), 200);
      }),
    );
    const web = await start({ routers: [slow] });
    const answer = fetch(`${web.url}/slow`).then((response) => response.text());
    await new Promise((resolve) => setTimeout(resolve, 50));
    await web.stop();
    expect(await answer).toBe('done');
  });

  test('lets go of whoever sends slowly within 15 seconds', { timeout: 20_000 }, async () => {
    const reading = routerWith((router) => {
      router.post('/slow', (request) => void request.resume());
    });
    await using web = await start({ routers: [reading] });
    const slow = {
      nothing: '',
      'half of the headers': 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ',
      'half of a body': 'POST /slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nabc',
    };
    const held = Object.entries(slow).map(async ([what, bytes]) => {
      const { socket, ended } = linger(web.port, bytes);
      // A byte now and then, as the attack does it.
      const drip = bytes === '' ? undefined : setInterval(() => socket.write('a'), 500);
      const lastedMs = await ended;
      clearInterval(drip);
      return { what, isOver: lastedMs < 15_000 };
    });
    const over = Object.keys(slow).map((what) => ({ what, isOver: true }));
    expect(await Promise.all(held)).toEqual(over);
  });

  test('serves others while somebody holds thousands of connections open', { timeout: 30_000 }, async () => {
    await using web = await start();
    const held = Array.from({ length: 4500 }, () => linger(web.port, 'GET / HTTP/1.1\r\nX-Slow: '));
    await expect.poll(() => held.filter(({ socket }) => socket.destroyed).length).toBeGreaterThan(2000);
    const began = performance.now();
    expect((await fetch(`${web.url}/healthz`)).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(2000);
    for (const { socket } of held) socket.destroy();
  });

  test('lets an answer that is under way finish, however many connections wait', {
    timeout: 30_000,
  }, async () => {
    const slow = routerWith((router) =>
      router.get('/slow', (_request, response) => void setTimeout(() => response.send('done'), 1500)),
    );
    await using web = await start({ routers: [slow] });
    const answer = fetch(`${web.url}/slow`).then((response) => response.text());
    await new Promise((resolve) => setTimeout(resolve, 100));
    const held = Array.from({ length: 2500 }, () => linger(web.port, ''));
    expect(await answer).toBe('done');
    for (const { socket } of held) socket.destroy();
  });
});
