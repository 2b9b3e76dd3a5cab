/** A name with several addresses: which of them HubSpot takes is not known, so a fault on one is a fault. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAuthorities } from '../../src/check.ts';
import {
  type Authority,
  type CertificateKind,
  scope,
  startDovecot,
  startListener,
  startNameServer,
} from '../mail-servers/index.ts';
import { accountOf, check, expectWords, unmetAt } from '../matrix/look.ts';

const servers = scope();
const name = 'mail.example.test';
const nowhere = { host: '127.0.0.1', port: 1, encryption: 'tls' } as const;
let ca: Authority;
beforeAll(async () => {
  ca = await servers.authority();
});
afterAll(servers.stop);

const named = async (addresses: readonly string[]): Promise<string[]> => {
  const records = addresses.map((address) => ({ type: 'A', name, address }) as const);
  const dns = await servers.start(startNameServer(records));
  return [`${dns.address}:${dns.port}`];
};

/** One sound Dovecot, and another on the same port of the next address. */
const pair = async (kind: CertificateKind) => {
  const sound = await servers.start(startDovecot({ certificate: await ca.issue(), address: '127.0.0.3' }));
  const { imapPort, imapsPort } = sound;
  const other = await servers.start(
    startDovecot({ certificate: await ca.issue({ kind }), address: '127.0.0.4', imapPort, imapsPort }),
  );
  return { sound, other };
};

const look = async (port: number, encryption: 'tls' | 'starttls' | 'auto', addresses: readonly string[]) => {
  const account = accountOf({ imap: { host: name, port, encryption }, smtp: nowhere });
  const authorities = await readAuthorities(ca.caFile);
  const result = await check(account, { authorities, nameServers: await named(addresses) });
  expectWords(account, result);
  return result;
};

describe('Given a name with two addresses', () => {
  it.each([
    ['wrong-name', 'cert-name name-mismatch'],
    ['expired', 'cert-validity expired'],
    ['self-signed', 'cert-trusted self-signed'],
  ] as const)(
    'and a certificate that is %s on one, that is the one cause, with the address',
    async (kind, cause) => {
      const { sound, other } = await pair(kind);
      for (const [port, encryption] of [
        [sound.imapsPort, 'tls'],
        [sound.imapPort, 'starttls'],
        [sound.imapsPort, 'auto'],
      ] as const) {
        const result = await look(port, encryption, [sound.host, other.host]);
        expect(unmetAt(result, 'imap')).toEqual([cause]);
        const finding = result.assessment.findings.find(
          ({ requirement, endpoint }) => cause.startsWith(requirement) && endpoint?.service === 'imap',
        );
        expect(finding?.evidence).toMatchObject({ address: other.host, affected: 1, addresses: 2 });
      }
    },
  );

  it('and both sound, nothing is said of addresses', async () => {
    const { sound, other } = await pair('good');
    const result = await look(sound.imapsPort, 'tls', [sound.host, other.host]);
    expect(unmetAt(result, 'imap')).toEqual([]);
  });

  it('and the same fault on both, it is said once and of neither in particular', async () => {
    const { other } = await pair('expired');
    const { imapPort, imapsPort } = other;
    const twin = await servers.start(
      startDovecot({
        certificate: await ca.issue({ kind: 'expired' }),
        address: '127.0.0.5',
        imapPort,
        imapsPort,
      }),
    );
    const result = await look(imapsPort, 'tls', [other.host, twin.host]);
    expect(unmetAt(result, 'imap')).toEqual(['cert-validity expired']);
    const finding = result.assessment.findings.find(({ requirement }) => requirement === 'cert-validity');
    expect(finding?.evidence).not.toHaveProperty('addresses');
  });

  it('and one that ends every connection, that one is named', async () => {
    const { sound } = await pair('good');
    const closing = '127.0.0.6';
    await servers.start(
      startListener((socket) => void socket.destroy(), { address: closing, port: sound.imapsPort }),
    );
    const result = await look(sound.imapsPort, 'tls', [sound.host, closing]);
    expect(result.assessment.verdict).not.toBe('ready');
    expect(result.observations).toContainEqual(expect.objectContaining({ type: 'address' }));
  });
});

describe('Given a name with one address', () => {
  it('it is met as often as before, and there is nothing to compare', async () => {
    const sound = await servers.start(startDovecot({ certificate: await ca.issue(), address: '127.0.0.3' }));
    const result = await look(sound.imapsPort, 'tls', [sound.host]);
    expect(unmetAt(result, 'imap')).toEqual([]);
    expect(result.observations.filter(({ type }) => type === 'address')).toEqual([]);
  });
});
