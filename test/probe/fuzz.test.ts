/** What reads a stranger's bytes takes any: it neither throws nor hangs, and nothing wrong passes. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseText } from '../../src/conversation/view/forms.ts';
import { encryptions } from '../../src/diagnosis/account/endpoint.ts';
import { parseHost } from '../../src/diagnosis/account/host.ts';
import {
  parseAddress,
  parseEndpoint,
  parseServersForm,
  parseUsername,
} from '../../src/diagnosis/account/parse.ts';
import { type BoundedSocket, createBoundedSocket } from '../../src/net/bounded-socket.ts';
import { newManners } from '../../src/probe/context.ts';
import { clean } from '../../src/probe/session/clean.ts';
import { awaitGreeting, type Talk } from '../../src/probe/session/dialogue.ts';
import { recogniseGreeting } from '../../src/probe/session/greeting.ts';
import { askCapabilities, askStarttls } from '../../src/probe/session/questions.ts';
import { describeCertificates } from '../../src/probe/tls/certificates.ts';
import { readServerHello } from '../../src/probe/tls/server-hello.ts';
import { parseAuthorities } from '../../src/probe/tls/trust.ts';
import { scope, startListener } from '../mail-servers/index.ts';

const servers = scope();
let port = 0;
/** What the next connection gets before it is closed. */
let served = Buffer.alloc(0);

beforeAll(async () => {
  const listening = await servers.start(startListener((socket) => socket.end(served).resume()));
  port = listening.port;
});
afterAll(servers.stop);

const hearing = async <T>(bytes: Uint8Array, use: (wire: BoundedSocket) => Promise<T>): Promise<T> => {
  served = Buffer.from(bytes);
  const wire = createBoundedSocket(connect(port, '127.0.0.1'), AbortSignal.timeout(5_000));
  try {
    return await use(wire);
  } finally {
    wire.close();
  }
};

const talkOn = (wire: BoundedSocket, service: 'imap' | 'smtp'): Talk => ({ wire, service, lines: [] });
const service = fc.constantFrom('imap' as const, 'smtp' as const);

/** Lines as mail servers speak them, whole and in pieces, among any other bytes. */
const piece = fc.oneof(
  fc.constantFrom(
    '* OK ',
    '* PREAUTH ',
    '* BYE ',
    '220 ',
    '220-',
    '250-',
    '250 ',
    '421 ',
    '554 ',
    '+OK ',
    'a1 OK ',
    'a1 NO ',
    'a2 OK ',
  ),
  fc.constantFrom(
    '[CAPABILITY IMAP4rev1',
    ' AUTH=PLAIN]',
    'CAPABILITY ',
    'STARTTLS',
    'AUTH PLAIN LOGIN',
    'AUTH=',
    'LOGINDISABLED',
    '\r\n',
    '\n',
    '\0',
    '\u001b[31m',
    '\u202e',
  ),
  fc.string({ maxLength: 40, unit: 'binary' }),
);
const speech = fc.array(piece, { maxLength: 30 }).map((parts) => Buffer.from(parts.join(''), 'utf8'));
const runs = { numRuns: 1_500 };

describe('Given any bytes', () => {
  it('a greeting is read', async () => {
    await fc.assert(
      fc.asyncProperty(speech, service, async (bytes, of) => {
        const greeting = await hearing(bytes, (wire) => awaitGreeting(talkOn(wire, of)));
        if (greeting.outcome !== 'spoken') return;
        expect(greeting.spoken.text).not.toMatch(/\p{C}/u);
        if (greeting.spoken.protocol === 'imap') expect(bytes.toString('latin1')).toContain('* ');
      }),
      runs,
    );
  });

  it('capabilities are read, and a login is found only where one is offered', async () => {
    await fc.assert(
      fc.asyncProperty(speech, service, async (bytes, of) => {
        const manners = newManners();
        const facts = await hearing(bytes, (wire) => askCapabilities({ ...talkOn(wire, of), manners }, null));
        const text = bytes.toString('latin1');
        if (facts.mechanisms.length > 0) expect(text).toMatch(/AUTH[ =]/iu);
        if (facts.names.includes('STARTTLS')) expect(text).toMatch(/STARTTLS/iu);
        if (facts.outcome === 'listed') expect(text).toMatch(of === 'smtp' ? /2\d\d/u : /CAPABILITY/iu);
      }),
      runs,
    );
  });

  it('an answer to STARTTLS is read, and only a clear yes counts', async () => {
    await fc.assert(
      fc.asyncProperty(speech, service, async (bytes, of) => {
        const answer = await hearing(bytes, (wire) => askStarttls(talkOn(wire, of)));
        if (answer.outcome === 'accepted')
          expect(answer.reply).toMatch(of === 'smtp' ? /^2\d\d/u : /^a2 OK/iu);
      }),
      runs,
    );
  });

  it('a ServerHello is read, whole, cut, changed or invented', async () => {
    const hello = Buffer.concat([
      Buffer.of(3, 3),
      Buffer.alloc(32, 7),
      Buffer.of(0, 0xc0, 0x2f, 0, 0, 6, 0, 43, 0, 2, 3, 4),
    ]);
    const record = Buffer.concat([Buffer.of(22, 3, 3, 0, hello.length + 4, 2, 0, 0, hello.length), hello]);
    const changed = fc
      .tuple(
        fc.array(fc.tuple(fc.nat(record.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(record.length),
      )
      .map(([changes, length]) => {
        const bytes = Buffer.from(record);
        for (const [at, value] of changes) bytes[at] = value;
        return bytes.subarray(0, length);
      });
    const alerts = fc.array(
      fc.constantFrom(Buffer.of(21, 3, 1, 0, 2, 1, 112), Buffer.of(21, 3, 3, 0, 2, 2, 40)),
      { maxLength: 6 },
    );
    const any = fc.oneof(
      changed,
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(alerts, changed).map(([all, last]) => Buffer.concat([...all, last])),
    );
    await fc.assert(
      fc.asyncProperty(any, async (bytes) => {
        const answer = await hearing(bytes, (wire) => readServerHello(wire, 2_000));
        if (answer.outcome === 'hello') expect(Buffer.from(bytes).includes(22)).toBe(true);
      }),
      runs,
    );
  });

  it('a refusal of many lines is read at once, and only a refusal speaks of us', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom('554-', '220-', '421 ', 'blocked ', 'your ip address '.repeat(40), '['.repeat(400)),
    );
    fc.assert(
      fc.property(line, fc.array(line, { maxLength: 20 }), fc.boolean(), (first, more, asked) => {
        const { state, about, text } = recogniseGreeting(first, { more, asked });
        expect(text).not.toMatch(/\p{C}/u);
        if (about !== null) expect(state).toBe('refusing');
      }),
      runs,
    );
  });

  it('what is shown holds nothing that could act', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (raw) => {
        expect(clean(raw)).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(clean(raw).length).toBeLessThanOrEqual(200);
        expect(recogniseGreeting(raw).text).not.toMatch(/\p{C}/u);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('Given any change to a certificate', () => {
  it('it is described or refused, and nobody vouches for it any more', async () => {
    const ca = await servers.authority();
    const { certFile } = await ca.issue();
    const authorities = parseAuthorities(await readFile(ca.caFile, 'utf8'));
    const good = new X509Certificate(await readFile(certFile)).raw;
    expect(
      describeCertificates([new X509Certificate(good)], { host: '127.0.0.1', authorities })?.anchor,
    ).toBe('local');
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = Buffer.from(good);
        for (const [at, by] of list) bytes[at] = (bytes[at] ?? 0) ^ by;
        if (bytes.equals(good)) return;
        let changed: X509Certificate;
        try {
          changed = new X509Certificate(bytes);
        } catch {
          return;
        }
        const facts = describeCertificates([changed], { host: '127.0.0.1', authorities });
        expect(facts?.anchor).toBeNull();
        for (const one of facts?.chain ?? []) expect(Number.isNaN(one.notAfter + one.notBefore)).toBe(false);
      }),
      { numRuns: 4_000 },
    );
  });
});

describe('Given anything typed', () => {
  const typed = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.domain(),
    fc.ipV4(),
    fc.ipV6(),
    fc.emailAddress(),
    fc.webUrl(),
  );
  const rules = { allowedPorts: null };

  it('it is read or refused; a host that is taken is safe to look up', () => {
    fc.assert(
      fc.property(typed, (text) => {
        parseAddress(text);
        parseUsername(text, 'rep@example.test');
        parseText(text, { max: 10, required: true });
        const host = parseHost(text);
        if (host.ok) expect(host.value.asciiHost).toMatch(/^[a-z0-9._:-]+$/u);
      }),
      { numRuns: 10_000 },
    );
  });

  it('an endpoint has a port that exists', () => {
    fc.assert(
      fc.property(
        typed,
        fc.oneof(typed, fc.integer().map(String)),
        fc.oneof(typed, fc.constantFrom(...encryptions)),
        (host, port, encryption) => {
          const parsed = parseEndpoint('imap', { host, port, encryption }, rules);
          if (parsed.ok) expect(parsed.value.port).toSatisfy((one: number) => one >= 1 && one <= 65_535);
          parseServersForm(
            { address: host, imapHost: host, imapPort: port, smtpHost: port, username: encryption },
            rules,
          );
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
