/** Certificates that a careless administrator puts together, on a real Dovecot: who is to blame, and who is not. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAuthorities } from '../../src/probe/trust.ts';
import { type Certificate, scope, startDovecot, startNameServer } from '../mail-servers/index.ts';
import { run } from '../mail-servers/processes.ts';
import { type Request, type Signer, signWithOpenssl } from '../mail-servers/signing.ts';
import { accountOf, check, unmetAt } from './look.ts';

const servers = scope();
afterAll(servers.stop);

const name = 'mail.example.test';
const host = '127.0.0.2';
const ofAuthority = ['basicConstraints = critical, CA:TRUE', 'keyUsage = critical, keyCertSign, cRLSign'];
const named = (names: string) => ['basicConstraints = critical, CA:FALSE', `subjectAltName = ${names}`];
const silent = { host: '127.0.0.1', port: 1, encryption: 'tls' } as const;

let dir: string;
let made = 0;
const newKey = async (...kind: string[]): Promise<string> => {
  const file = join(dir, `key-${(made += 1)}`);
  await run('openssl', ['genpkey', '-quiet', ...kind, '-out', file]);
  return file;
};
const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'] as const;

const sign = async (request: Partial<Request> & Pick<Request, 'keyFile'>): Promise<Signer> => {
  const given = { name: `c-${(made += 1)}`, commonName: name, extensions: named(`DNS:${name}`), ...request };
  return { keyFile: given.keyFile, certFile: await signWithOpenssl(dir, given) };
};
/** What the server sends, in this order; the first is its own. */
const chain = async (...sent: readonly Signer[]): Promise<Certificate> => {
  const certFile = join(dir, `chain-${(made += 1)}.pem`);
  await writeFile(certFile, (await Promise.all(sent.map((one) => readFile(one.certFile)))).join(''));
  return { certFile, keyFile: sent[0]?.keyFile ?? '' };
};

let root: Signer;
let intermediateKey: string;
let intermediate: Signer;
let leaf: Signer;
const issuing = (more: Partial<Request>): Promise<Signer> =>
  sign({
    keyFile: intermediateKey,
    commonName: 'Intermediate',
    extensions: ofAuthority,
    signer: root,
    ...more,
  });

beforeAll(async () => {
  dir = await servers.folder();
  const [rootKey, leafKey] = [await newKey(...rsa), await newKey(...rsa)];
  intermediateKey = await newKey(...rsa);
  root = await sign({ keyFile: rootKey, commonName: 'Root', extensions: ofAuthority });
  intermediate = await issuing({});
  leaf = await sign({ keyFile: leafKey, signer: intermediate });
});

const found = async (certificate: Certificate, authority: Signer = root): Promise<string[]> => {
  const dovecot = await servers.start(startDovecot({ certificate, address: host }));
  const dns = await servers.start(startNameServer([{ type: 'A', name, address: host }]));
  const imap = { host: name, port: dovecot.imapsPort, encryption: 'tls' } as const;
  const authorities = parseAuthorities(await readFile(authority.certFile, 'utf8'));
  const nameServers = [`${dns.address}:${dns.port}`];
  return unmetAt(await check(accountOf({ imap, smtp: silent }), { authorities, nameServers }), 'imap');
};

describe('Given the right common name', () => {
  it.each([
    ['other DNS names beside it', 'DNS:other.example.net', ['cert-name name-mismatch']],
    ['an e-mail address beside it', 'email:rep@example.test', ['cert-name cn-only']],
    ['an IP address beside it', 'IP:192.0.2.1', ['cert-name cn-only']],
  ])('and %s: %s', async (_, names, finds) => {
    const certificate = await sign({ keyFile: leaf.keyFile, signer: root, extensions: named(names) });
    expect(await found(await chain(certificate))).toEqual(finds);
  });
});

describe('Given more certificates than are needed', () => {
  it('the leaf twice: nothing is missing', async () => {
    expect(await found(await chain(leaf, leaf, intermediate))).toEqual([]);
  });
});
