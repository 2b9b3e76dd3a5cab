/** Configuration files are fetched from strangers: whatever they answer, only what may be fetched is fetched. */
import type { RequestListener, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuthorities } from '../../src/check.ts';
import { createGuard } from '../../src/net/guard.ts';
import { type FetchOptions, fetchDocument } from '../../src/net/http.ts';
import { createNetwork } from '../../src/net/network.ts';
import { startFickleDns } from '../mail-servers/fickle-dns.ts';
import { type Authority, scope, startListener, startNameServer, startSilent } from '../mail-servers/index.ts';
import { ownAddress, startWeb, type Web } from '../mail-servers/web.ts';

const servers = scope();
afterAll(() => servers.stop());

const name = 'autoconfig.example.test';
const forbidden = '127.0.0.1';
const page = '<clientConfig/>';
let ca: Authority;
let authorities: FetchOptions['authorities'];
let routes: Record<string, (response: ServerResponse) => void> = {};
let web: Web;

const answer: RequestListener = (request, response) => {
  const route = routes[`${request.headers.host}${request.url}`] ?? routes[request.url ?? ''];
  if (route) route(response);
  else response.writeHead(404).end();
};
const redirect = (to: string) => (response: ServerResponse) =>
  response.writeHead(302, { location: to }).end();

beforeAll(async () => {
  ca = await servers.authority();
  authorities = await readAuthorities(ca.caFile);
  const certificate = await ca.issue({ hosts: [name, 'other.example.test'] });
  web = await servers.start(startWeb({ certificate, answer }));
});

type Where = {
  addressFor?: (name: string, time: number) => string | null;
  withinMs?: number;
  trust?: boolean;
};
const fetchFrom = async (url: string, { addressFor, withinMs = 4_000, trust = true }: Where = {}) => {
  const dns = await servers.start(startFickleDns(addressFor ?? (() => web.address)));
  const network = createNetwork({
    guard: createGuard({ restricted: true, allowNetworks: [`${web.address}/32`], allowPorts: [] }),
    nameServers: [`${dns.address}:${dns.port}`],
  });
  const started = performance.now();
  const fetched = await fetchDocument(url, {
    network,
    authorities: trust ? authorities : [],
    signal: AbortSignal.timeout(withinMs),
  });
  return { fetched, asked: dns.asked, ms: performance.now() - started };
};
const unrestricted = (nameServers: readonly string[]) =>
  createNetwork({
    guard: createGuard({ restricted: false, allowNetworks: [], allowPorts: [] }),
    nameServers,
  });
/** In which the file's host has these addresses. */
const networkWith = async (addresses: readonly string[]) => {
  const dns = await servers.start(
    startNameServer(addresses.map((address) => ({ type: 'A', name, address }))),
  );
  return unrestricted([`${dns.address}:${dns.port}`]);
};
const outcome = async (url: string, where?: Where) => (await fetchFrom(url, where)).fetched.outcome;

describe('a configuration file', () => {
  it('is fetched over verified https, and over http without being called secure', async () => {
    routes = { '/file': (response) => response.end(page) };
    expect((await fetchFrom(`https://${name}/file`)).fetched).toEqual({
      outcome: 'fetched',
      text: page,
      secure: true,
    });
    expect((await fetchFrom(`http://${name}/file`)).fetched).toMatchObject({ text: page, secure: false });
  });

  it('is not taken from a server that cannot prove its name', async () => {
    routes = { '/file': (response) => response.end(page) };
    expect(await outcome(`https://${name}/file`, { trust: false })).toBe('untrusted');
    expect(await outcome('https://stranger.example.test/file')).toBe('untrusted');
  });

  it.each([
    ['refuses', ownAddress()],
    ['is silent', '192.0.2.1'],
  ])('is fetched from the second address where the first %s', async (_how, dead) => {
    routes = { '/file': (response) => response.end(page) };
    const network = await networkWith([dead, web.address]);
    const started = performance.now();
    const signal = AbortSignal.timeout(2_500);
    expect(await fetchDocument(`https://${name}/file`, { network, authorities, signal })).toMatchObject({
      text: page,
    });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('is followed to where it moved, and not round in circles', async () => {
    routes = {
      '/old': redirect('https://other.example.test/new'),
      'other.example.test/new': (response) => response.end(page),
      '/plain': redirect(`https://${name}/old`),
      '/circle': redirect('/circle'),
    };
    expect((await fetchFrom(`https://${name}/old`)).fetched).toMatchObject({ text: page, secure: true });
    expect((await fetchFrom(`http://${name}/plain`)).fetched).toMatchObject({ text: page, secure: false });
    expect(await outcome(`https://${name}/circle`)).toBe('too-many-redirects');
  });

  it.each([
    ['a private address', `https://${forbidden}/`, 'forbidden-address'],
    ['the metadata service', 'http://169.254.169.254/latest/', 'forbidden-url'],
    ['loopback in decimal', 'https://2130706433/', 'forbidden-address'],
    ['loopback in octal', 'https://0177.0.0.1/', 'forbidden-address'],
    ['a mapped address', 'https://[::ffff:127.0.0.1]/', 'forbidden-address'],
    ['a NAT64 address', 'https://[64:ff9b::7f00:1]/', 'forbidden-address'],
    ['http', `http://${name}/file`, 'forbidden-url'],
    ['another port', `https://${name}:8443/file`, 'forbidden-url'],
    ['a mail port', `https://${name}:25/`, 'forbidden-url'],
    ['a login', `https://user:word@${name}/file`, 'forbidden-url'],
    ['a file of ours', 'file:///etc/passwd', 'forbidden-url'],
    ['nothing that can be read', 'https://[', 'forbidden-url'],
  ])('is not followed from https to %s', async (_what, to, expected) => {
    routes = { '/start': redirect(to), '/file': (response) => response.end(page) };
    expect(await outcome(`https://${name}/start`)).toBe(expected);
  });

  it('is not followed from http to the metadata service', async () => {
    routes = { '/start': redirect('http://169.254.169.254/latest/') };
    expect(await outcome(`http://${name}/start`)).toBe('forbidden-address');
  });

  it('comes from the very address that was checked, though the name moves on', async () => {
    routes = { '/file': (response) => response.end(page) };
    const rebinding = (_name: string, time: number) => (time === 1 ? web.address : forbidden);
    const { fetched, asked } = await fetchFrom(`https://${name}/file`, { addressFor: rebinding });
    expect(fetched).toMatchObject({ text: page });
    expect(asked.filter((one) => one === `1 ${name}`)).toHaveLength(1);
  });

  it('is checked anew where a redirect leads to a name that has moved meanwhile', async () => {
    routes = { '/start': redirect(`https://${name}/file`), '/file': (response) => response.end(page) };
    const rebinding = (_name: string, time: number) => (time === 1 ? web.address : forbidden);
    const before = web.visits.length;
    expect(await outcome(`https://${name}/start`, { addressFor: rebinding })).toBe('forbidden-address');
    expect(web.visits.slice(before).map(({ url }) => url)).toEqual(['/start']);
  });

  it('is not fetched from a private address, and nobody there hears of it', async () => {
    const inside = ownAddress();
    let knocks = 0;
    await servers.start(
      startListener(
        (socket) => {
          knocks += 1;
          socket.destroy();
        },
        { address: inside, port: 443 },
      ),
    );
    expect(await outcome(`https://${name}/file`, { addressFor: () => inside })).toBe('forbidden-address');
    expect(knocks).toBe(0);
  });

  it('is read though it comes compressed, but not where that makes it large', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'a'));
    const packed =
      (body: Buffer, encoding = 'gzip') =>
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-encoding': encoding }).end(body);
    routes = {
      '/small': packed(gzipSync(page)),
      '/bomb': packed(bomb),
      '/cut': packed(gzipSync(page).subarray(0, 20)),
      '/none': packed(Buffer.from(page)),
      '/other': packed(Buffer.from(page), 'br'),
    };
    const { fetched } = await fetchFrom(`https://${name}/small`);
    expect(fetched).toEqual({ outcome: 'fetched', text: page, secure: true });
    const before = process.memoryUsage().rss;
    expect(await outcome(`https://${name}/bomb`)).toBe('too-large');
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    expect(await outcome(`https://${name}/cut`)).toBe('broken');
    expect(await outcome(`https://${name}/none`)).toBe('broken');
    expect(await outcome(`https://${name}/other`)).toBe('encoded');
  });

  it('is read in UTF-16, as some editors write it', async () => {
    const little = Buffer.from(`\uFEFF${page}`, 'utf16le');
    routes = {
      '/little': (response) => response.end(little),
      '/big': (response) => response.end(Buffer.from(little).swap16()),
    };
    for (const order of ['little', 'big'])
      expect((await fetchFrom(`https://${name}/${order}`)).fetched).toMatchObject({ text: page });
  });

  it.each([
    ['keeps silent', null],
    ['speaks no TLS', 'SSH-2.0-x\r\n'],
  ])('comes from the next address where one %s', async (_how, greeting) => {
    const { host } = await servers.start(
      startListener((socket) => void (greeting !== null && socket.end(greeting)), {
        address: ownAddress(),
        port: 443,
      }),
    );
    routes = { '/file': (response) => response.end(page) };
    const network = await networkWith([host, web.address]);
    // In the order in which they are tried, whatever the name server makes of it.
    const resolve = async (...asked: Parameters<typeof network.resolve>) => ({
      ...(await network.resolve(...asked)),
      addresses: [host, web.address],
    });
    const fetched = await fetchDocument(`https://${name}/file`, {
      network: { ...network, resolve },
      authorities,
      signal: AbortSignal.timeout(2_500),
    });
    expect(fetched).toEqual({ outcome: 'fetched', text: page, secure: true });
  });

  it('ends where it grows too large, announced or not', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'a');
    routes = {
      '/endless': (response) => {
        const pour = () => {
          while (!response.destroyed && response.write(chunk));
        };
        response.on('drain', pour);
        pour();
      },
      '/large': (response) => response.end(Buffer.alloc(300 * 1024, 'a')),
    };
    const before = process.memoryUsage().rss;
    expect(await outcome(`https://${name}/endless`)).toBe('too-large');
    expect(await outcome(`https://${name}/large`)).toBe('too-large');
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  it('ends in time where it drips, hangs or has endless headers', async () => {
    routes = {
      '/drip': (response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('<'), 20);
        response.on('close', () => clearInterval(timer));
      },
      '/hang': () => {},
      '/headers': (response) => response.writeHead(200, { filler: 'a'.repeat(40_000) }).end(page),
    };
    for (const path of ['/drip', '/hang']) {
      const { fetched, ms } = await fetchFrom(`https://${name}${path}`, { withinMs: 500 });
      expect(fetched.outcome).toBe('timed-out');
      expect(ms).toBeLessThan(1_500);
    }
    expect(await outcome(`https://${name}/headers`)).toBe('broken');
  });

  it('ends in time where TLS is never answered', async () => {
    const silent = await servers.start(startSilent({ address: ownAddress(), port: 443 }));
    const network = unrestricted([]);
    const signal = AbortSignal.timeout(300);
    const fetched = await fetchDocument(`https://${silent.host}/`, { network, authorities, signal });
    expect(fetched.outcome).toBe('timed-out');
  });

  it('is none where the server says anything but 200', async () => {
    routes = {};
    expect(await outcome(`https://${name}/nothing`)).toBe('status');
    expect(await outcome(`https://${name}/nothing`, { addressFor: () => null })).toBe('name-unknown');
  });
});

describe('the guard', () => {
  const guard = createGuard({ restricted: false, allowNetworks: [], allowPorts: [{ from: 1, to: 65_535 }] });
  it('lets nobody fetch from other ports, not even who may connect to all', () => {
    expect([443, 80, 25, 8080].map((port) => guard.mayFetch('203.0.113.1', port))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
