/** Servers that mean harm: what they cost is bounded, what they say is cleaned, and nobody else is blamed for it. */
import { execFile } from 'node:child_process';

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Hostile, hostileNames, hostileServers } from '../mail-servers/hostile-servers.ts';
import { scope, startListener, startSays, startTlsDialogue } from '../mail-servers/index.ts';
import { run } from '../mail-servers/processes.ts';

const servers = scope();
afterAll(servers.stop);

const ended = z.object({
  rssMb: z.number(),
  ms: z.number(),
  verdict: z.string(),
  imap: z.array(z.string()),
  text: z.string(),
});

/** One check in a process of its own: its highest memory beyond an empty process, and how long it took. */
const checkAlone = async (at: { port: number }, encryption: string, timeoutMs: number) => {
  const child = fileURLToPath(new URL('alone.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [child, String(at.port), encryption, String(timeoutMs)],
    {
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  return ended.parse(JSON.parse(stdout));
};

/** What a healthy check needs besides, with its parsing of roots, and room for Node's own moods. */
const mostRssMb = 90;
/** What a check is given, and how late a busy machine may be with stopping it. */
const mostMs = 5_000;
const lateMs = 3_000;

describe('Given a hostile server', () => {
  it.concurrent.each(hostileNames)(
    'that %s, then memory and time are bounded and the rest is known',
    async (name) => {
      const { start, encryption, blockers }: Hostile = hostileServers[name];
      const server = await servers.start(start({ folder: await servers.folder() }));
      const result = await checkAlone(server, encryption, mostMs);
      if (blockers.length > 0) expect(result.imap).toEqual(blockers);
      expect(result.rssMb).toBeLessThan(mostRssMb);
      expect(result.ms).toBeLessThan(mostMs + lateMs);
      expect(result.text).not.toMatch(/\p{C}/u);
    },
  );

  it.concurrent('that resets in the middle of the handshake, then the handshake is named', async () => {
    const server = await servers.start(
      startListener((socket) =>
        socket.once('data', () =>
          socket.write(Buffer.from([22, 3, 3, 0, 90, 2]), () => socket.resetAndDestroy()),
        ),
      ),
    );
    expect((await checkAlone(server, 'tls', 5_000)).imap).toEqual(['imap-encryption handshake-failed']);
  });

  it.concurrent('that writes control characters, markup and right-to-left marks, then none of it is shown', async () => {
    const nasty = '* OK \u001b[31mred\u001b[0m \u202eevil\u2066 <!channel> <b>x</b> \u0007\u0000 ready\r\n';
    const { text } = await checkAlone(
      await servers.start(startSays(Buffer.from(nasty.replace('* OK', '220')))),
      'starttls',
      3_000,
    );
    expect(text).toContain('wrong-protocol-smtp');
    expect(text).not.toMatch(/\p{C}/u);
    expect(text).not.toContain('[31m');
  });
});

/** Each with one thing that no sane authority would sign. */
const oddities: readonly (readonly [
  given: string,
  key: readonly string[],
  extensions: string,
  subject: string,
])[] = [
  [
    'a thousand names',
    [],
    `subjectAltName=${Array.from({ length: 1_000 }, (_, index) => `DNS:n${index}.example.test`).join(',')}`,
    '/CN=many',
  ],
  [
    'control characters and markup in its name',
    [],
    'subjectAltName=DNS:x.example.test',
    '/O=<!channel> \u001b[31m\u202eevil/CN=bad',
  ],
  [
    'a key of 8192 bits',
    ['-newkey', 'rsa:8192', '-pkeyopt', 'rsa_keygen_primes:5'],
    'subjectAltName=IP:127.0.0.1',
    '/CN=big',
  ],
  [
    'a key on an odd curve',
    ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'],
    'subjectAltName=IP:127.0.0.1',
    '/CN=curve',
  ],
  ['a key of Ed448', ['-newkey', 'ed448'], 'subjectAltName=IP:127.0.0.1', '/CN=ed448'],
  [
    'an explicit curve',
    ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-pkeyopt', 'ec_param_enc:explicit'],
    'subjectAltName=IP:127.0.0.1',
    '/CN=explicit',
  ],
  ['no extension at all', [], '', '/CN=127.0.0.1'],
  [
    'a name that is a number',
    [],
    'subjectAltName=otherName:1.2.3.4;UTF8:odd,email:a@b.test,URI:http://x',
    '/CN=odd',
  ],
];

describe('Given an absurd certificate', () => {
  it.concurrent.each(oddities)(
    'with %s, then the check ends and says what it can',
    async (_, key, extensions, subject) => {
      const folder = await servers.folder();
      const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
      const config = join(folder, 'odd.cnf');
      await writeFile(
        config,
        `[req]\ndistinguished_name=dn\nx509_extensions=ext\nstring_mask=utf8only\nutf8=yes\n[dn]\n[ext]\n${extensions}\n`,
      );
      await run('openssl', [
        'req',
        '-x509',
        '-nodes',
        '-utf8',
        '-days',
        '90',
        '-config',
        config,
        '-subj',
        subject,
        ...(key.length > 0 ? key : ['-newkey', 'rsa:2048']),
        '-keyout',
        keyFile,
        '-out',
        certFile,
      ]);
      const server = await servers.start(
        startTlsDialogue({
          certificate: { certFile, keyFile },
          dialogue: { greeting: '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n' },
          minVersion: 'TLSv1.2',
        }),
      );
      const result = await checkAlone(server, 'tls', 8_000);
      expect(result.ms).toBeLessThan(8_500);
      expect(result.rssMb).toBeLessThan(mostRssMb);
      expect(result.imap.filter((one) => one.includes('not-measured'))).toEqual([]);
      expect(result.text).not.toMatch(/\p{C}/u);
    },
  );
});
