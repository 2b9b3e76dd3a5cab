/** Certificates that a careless administrator puts together, on a real Dovecot: who is to blame, and who is not. */
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAuthorities } from '../../src/probe/tls/trust.ts';
import {
  type Certificate,
  type Dialogue,
  scope,
  startDovecot,
  startNameServer,
  startTlsDialogue,
} from '../mail-servers/index.ts';
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
const newName = (): string => randomUUID();
const newKey = async (...kind: string[]): Promise<string> => {
  const file = join(dir, `${newName()}.key`);
  await run('openssl', ['genpkey', '-quiet', ...kind, '-out', file]);
  return file;
};
const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'] as const;

const sign = async (request: Partial<Request> & Pick<Request, 'keyFile'>): Promise<Signer> => {
  const given = { name: newName(), commonName: name, extensions: named(`DNS:${name}`), ...request };
  return { keyFile: given.keyFile, certFile: await signWithOpenssl(dir, given) };
};
/** What the server sends, in this order; the first is its own. */
const chain = async (...sent: readonly Signer[]): Promise<Certificate> => {
  const certFile = join(dir, `${newName()}.chain.pem`);
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

const checkAt = async (at: string, port: number, authority: Signer) => {
  const dns = await servers.start(startNameServer([{ type: 'A', name, address: host }]));
  const authorities = parseAuthorities(await readFile(authority.certFile, 'utf8'));
  const account = accountOf({ imap: { host: at, port, encryption: 'tls' }, smtp: silent });
  return check(account, { authorities, nameServers: [`${dns.address}:${dns.port}`] });
};
const foundAt = async (port: number, authority: Signer = root): Promise<string[]> =>
  unmetAt(await checkAt(name, port, authority), 'imap');
const found = async (certificate: Certificate, authority: Signer = root): Promise<string[]> => {
  const { imapsPort } = await servers.start(startDovecot({ certificate, address: host }));
  return foundAt(imapsPort, authority);
};

/** Unlike Dovecot, Node's server refuses a hello without a scheme for its key. */
const dialogue: Dialogue = {
  greeting: '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n',
  otherwise: { next: 'close' },
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

describe('Given an address that stands among the DNS names', () => {
  it('the finding shows where it stands', async () => {
    const certificate = await sign({ keyFile: leaf.keyFile, signer: root, extensions: named(`DNS:${host}`) });
    const { imapsPort } = await servers.start(startDovecot({ certificate, address: host }));
    const result = await checkAt(host, imapsPort, root);
    expect(unmetAt(result, 'imap')).toEqual(['cert-name name-mismatch']);
    const mismatch = result.assessment.findings.find(({ reason }) => reason === 'name-mismatch');
    expect(mismatch?.evidence).toEqual({ names: [`DNS:${host}`] });
  });
});

describe('Given more certificates than are needed', () => {
  it('the leaf twice: nothing is missing', async () => {
    expect(await found(await chain(leaf, leaf, intermediate))).toEqual([]);
  });
  it.each(['the expired one first', 'the renewed one first'])(
    'an expired intermediate beside the renewed one, %s: the renewed one counts',
    async (order) => {
      const old = await issuing({ fromDays: -400, untilDays: -3 });
      const both = order.startsWith('the expired') ? [old, intermediate] : [intermediate, old];
      expect(await found(await chain(leaf, ...both))).toEqual([]);
    },
  );
});

describe('Given an intermediate out of date', () => {
  it.each([
    ['not yet valid', { fromDays: 2 }, 'not-yet-valid'],
    ['expired', { fromDays: -400, untilDays: -3 }, 'intermediate-expired'],
  ])('%s: %s', async (_, dates, reason) => {
    expect(await found(await chain(leaf, await issuing(dates)))).toEqual([`cert-validity ${reason}`]);
  });
});

describe('Given a root that has expired', () => {
  const expired = ['cert-validity intermediate-expired'];
  it.each([
    ['trusted by us', true, false, expired],
    ['trusted by us and sent along', true, true, expired],
    ['unknown and sent along', false, true, ['cert-trusted private-ca', ...expired]],
  ])('%s: that is what is said', async (_, trusted, sent, finds) => {
    const dates = { fromDays: -400, untilDays: -2 };
    const keyFile = await newKey(...rsa);
    const old = await sign({ keyFile, commonName: 'Old root', extensions: ofAuthority, ...dates });
    const own = await sign({ keyFile: leaf.keyFile, signer: old });
    const certificate = await chain(own, ...(sent ? [old] : []));
    expect(await found(certificate, trusted ? old : root)).toEqual(finds);
  });
});

describe('Given a key for RSA-PSS alone', () => {
  it.each([
    [2048, []],
    [1024, ['cert-strength weak-key']],
  ])('of %i bits: %s', async (bits, finds) => {
    const keyFile = await newKey('-algorithm', 'RSA-PSS', '-pkeyopt', `rsa_keygen_bits:${bits}`);
    const certificate = await chain(await sign({ keyFile, signer: root }));
    expect(await found(certificate)).toEqual(finds);
    const { port } = await servers.start(startTlsDialogue({ certificate, dialogue, address: host }));
    expect(await foundAt(port)).toEqual(finds);
  });
});
