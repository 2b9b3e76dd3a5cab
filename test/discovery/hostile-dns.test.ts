/** Whatever a name server answers, a search neither throws nor hangs, and proposes only what could be a host. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../src/discovery/discover.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork } from '../../src/net/network.ts';

const socket = createSocket('udp4');
/** What stands behind the question; `rcode` in the header. */
let answer: (type: number) => { records: Buffer[]; rcode?: number; cut?: number } = () => ({ records: [] });

beforeAll(async () => {
  socket.on('message', (question, from) => {
    let end = 12;
    while ((question[end] ?? 0) > 0) end += (question[end] ?? 0) + 1;
    const type = question.readUInt16BE(end + 1);
    const { records, rcode = 0, cut } = answer(type);
    const header = Buffer.from(question.subarray(0, 12));
    header.writeUInt16BE(0x8180 | rcode, 2);
    header.writeUInt16BE(records.length, 6);
    header.writeUInt32BE(0, 8);
    const whole = Buffer.concat([header, question.subarray(12, end + 5), ...records]);
    socket.send(cut === undefined ? whole : whole.subarray(0, cut), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
});
afterAll(() => socket.close());

/** One record of the name that was asked for (RFC 1035 §4.1.3). */
const record = (type: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
};
const name = (labels: readonly Buffer[]): Buffer =>
  Buffer.concat([...labels.flatMap((label) => [Buffer.from([label.length]), label]), Buffer.from([0])]);
const numbers = (...all: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(all.length * 2);
  for (const [index, one] of all.entries()) bytes.writeUInt16BE(one, index * 2);
  return bytes;
};

const types = { mx: 15, srv: 33, cname: 5 } as const;
const search = () =>
  discover('rep@firma.test', {
    network: createNetwork({
      guard: createGuard({ restricted: true, allowNetworks: [], allowPorts: [] }),
      nameServers: [`127.0.0.1:${socket.address().port}`],
    }),
    authorities: [],
    look: async () => [],
    allowedPorts: null,
    withinMs: 900,
  });

const label = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  fc
    .constantFrom('..', '/x', '@', '*', ' ', '<b>', '-', 'xn--', '$(id)', 'com', '1')
    .map((text) => Buffer.from(text)),
);
const hostile = fc.record({
  labels: fc.array(label, { maxLength: 5 }),
  port: fc.nat(65_535),
  priority: fc.nat(65_535),
  rcode: fc.constantFrom(0, 0, 0, 1, 2, 3, 5, 15),
  cut: fc.option(fc.nat(90), { nil: undefined }),
  tail: fc.uint8Array({ maxLength: 20 }),
});

describe('a name server', () => {
  it('names anything at all, and does no harm', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async ({ labels, port, priority, rcode, cut, tail }) => {
        const target = name(labels);
        answer = (type) => ({
          ...{ rcode, ...(cut === undefined ? {} : { cut }) },
          records:
            type === types.mx
              ? [record(type, Buffer.concat([numbers(priority), target, tail]))]
              : type === types.srv
                ? [record(type, Buffer.concat([numbers(priority, 0, port), target, tail]))]
                : [record(types.cname, Buffer.concat([target, tail]))],
        });
        const started = performance.now();
        const { imap, smtp } = await search();
        for (const endpoint of [imap, smtp]) expect(endpoint?.asciiHost ?? 'a').toMatch(/^[a-z0-9_.:-]+$/u);
        return performance.now() - started < 2_000;
      }),
      { numRuns: 60 },
    );
  });

  it('leads from name to name without end, and is not followed', async () => {
    let asked = 0;
    answer = (type) => {
      if (type !== types.cname) return { records: [] };
      asked += 1;
      return {
        records: [record(type, name([Buffer.from(`n${asked}`), Buffer.from('firma'), Buffer.from('test')]))],
      };
    };
    expect((await search()).source).toBeNull();
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(10);
  });
});
