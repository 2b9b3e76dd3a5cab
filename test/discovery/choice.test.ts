/** Of several servers one is better, though perhaps none is good: what is proposed then. */
import { afterAll, describe, expect, it } from 'vitest';
import type { CertificateKind } from '../mail-servers/certificates.ts';
import { scope, startDovecot, startListener, startTlsDialogue } from '../mail-servers/index.ts';
import { ownAddress } from '../mail-servers/web.ts';
import { a, createWorld } from './world.ts';

const servers = scope();
afterAll(() => servers.stop());
const { find, authority } = createWorld(servers);

const domain = 'choice.test';
const [usual, other] = [`imap.${domain}`, `mail.${domain}`];

/** Dovecot with a certificate that bears these names. */
const serverFor = async (
  hosts: readonly string[],
  more: { kind?: CertificateKind; versions?: readonly ['TLSv1']; imapPort?: number } = {},
): Promise<string> => {
  const { kind = 'good', ...options } = more;
  const certificate = await (await authority()).issue({ kind, hosts: [...hosts] });
  const address = ownAddress();
  await servers.start(startDovecot({ certificate, address, imapsPort: 993, imapPort: 143, ...options }));
  return address;
};
const chosen = async (records: Parameters<typeof find>[0]) => (await find(records, `rep@${domain}`)).imap;

describe('where no server would pass a check', () => {
  it.each([
    ['lack the certificate between', 'missing-intermediate'],
    ['have expired', 'expired'],
  ] as const)('and all %s, one that bears its name goes first', async (_how, kind) => {
    const misnamed = await serverFor(['srv7.hoster.test'], { kind });
    const named = await serverFor([other], { kind });
    expect(await chosen([...a(usual, misnamed), ...a(other, named)])).toBe(`${other}:993/tls`);
  });

  it('the name that a CNAME leads to goes first, if the certificate bears it', async () => {
    const address = await serverFor(['srv7.hoster.test'], { kind: 'missing-intermediate' });
    const records = [
      ...a('srv7.hoster.test', address),
      { type: 'CNAME', name: usual, target: 'srv7.hoster.test' } as const,
    ];
    expect(await chosen(records)).toBe('srv7.hoster.test:993/tls');
  });
});

describe('a server that speaks nothing newer than TLS 1.0', () => {
  it('is proposed only where there is no other', async () => {
    const old = await serverFor([usual], { versions: ['TLSv1'] });
    const today = await serverFor([other]);
    expect(await chosen([...a(usual, old), ...a(other, today)])).toBe(`${other}:993/tls`);
    expect(await chosen(a(usual, old))).toBe(`${usual}:993/tls`);
  });
});

describe('a server that turns us away', () => {
  it.each([
    ['imap', '* BYE not here\r\n'],
    ['imap', '* BYE Too many connections\r\n'],
    ['smtp', '554 no\r\n'],
    ['smtp', '421 try again later\r\n'],
  ] as const)('in %s with "%s" is proposed only where there is no other', async (service, greeting) => {
    const first = `${service}.${domain}`;
    const certificate = await (await authority()).issue({ hosts: [first, other] });
    const port = service === 'imap' ? 993 : 465;
    const dialogue = { greeting: { say: greeting, next: 'close' } } as const;
    const away = await servers.start(
      startTlsDialogue({ certificate, dialogue, address: ownAddress(), port }),
    );
    const ready = service === 'imap' ? '* OK ready\r\n' : '220 ready ESMTP\r\n';
    const willing = await servers.start(
      startTlsDialogue({
        ...{ certificate, address: ownAddress(), port },
        dialogue: {
          greeting: ready,
          answers: [
            [/CAPABILITY$/u, '* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n'],
            [/^EHLO/u, '250-mx\r\n250 AUTH PLAIN LOGIN\r\n'],
            [/LOGOUT$/u, { say: '* BYE\r\n{tag} OK\r\n', next: 'close' }],
          ],
        },
      }),
    );
    const both = await find([...a(first, away.host), ...a(other, willing.host)], `rep@${domain}`);
    expect(both[service]).toBe(`${other}:${port}/tls`);
    const alone = await find(a(first, away.host), `rep@${domain}`);
    expect(alone[service]).toBe(`${first}:${port}/tls`);
  });
});

describe('a name whose first address is no mail server', () => {
  it.each([
    ['keeps silent', null],
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
  ])('is proposed where it %s and the second one is good', async (_how, answer) => {
    const { host } = await servers.start(
      startListener((socket) => void socket.once('data', () => answer !== null && socket.end(answer)), {
        address: ownAddress(),
        port: 993,
      }),
    );
    const good = await serverFor([other], { imapPort: 1143 });
    expect(await chosen(a(other, host, good))).toBe(`${other}:993/tls`);
  });
});
