/** Key exchanges over a group that is too small, as administrators once made them. */
import { getDiffieHellman } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { startMake, startPostfix } from '../mail-servers/index.ts';
import type { Fault, World } from './faults.ts';

/** The second group of RFC 2409 (§6.2), 1024 bits, as PKCS #3 has it; OpenSSL would look for one of its own for seconds. */
const smallGroup = (): string => {
  const prime = getDiffieHellman('modp2').getPrime();
  const integer = Buffer.concat([Buffer.from('02818100', 'hex'), prime, Buffer.from('020102', 'hex')]);
  const der = Buffer.concat([Buffer.from('308187', 'hex'), integer]).toString('base64');
  return `-----BEGIN DH PARAMETERS-----\n${der.match(/.{1,64}/gu)?.join('\n')}\n-----END DH PARAMETERS-----\n`;
};

const fileWith = async ({ servers }: World, text: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'group-'));
  await servers.start(Promise.resolve({ stop: () => rm(folder, { recursive: true, force: true }) }));
  const file = join(folder, 'dh.pem');
  await writeFile(file, text);
  return file;
};
const overSmallGroup = 'DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0';

/** Postfix puts a group of its own in the place of so small a one: in front of it, OpenSSL takes it. */
export const weakGroups: Fault[] = [
  {
    given: 'dovecot with a Diffie-Hellman group of 1024 bits',
    service: 'imap',
    finds: ['cert-strength weak-key-exchange'],
    server: async (world) => {
      const { host, tls: port } = await startMake('dovecot', world.servers, {
        certificate: await world.ca.issue(),
        ciphers: overSmallGroup,
        versions: ['TLSv1.2'],
        settings: `ssl_dh = <${await fileWith(world, smallGroup())}`,
      });
      return { host, port, encryption: 'tls' };
    },
  },
  {
    given: 'postfix behind a balancer with a Diffie-Hellman group of 1024 bits',
    service: 'smtp',
    finds: ['cert-strength weak-key-exchange'],
    server: async (world) => {
      const certificate = await world.ca.issue();
      const { certFile, keyFile } = certificate;
      const { host, smtpPort } = await world.servers.start(startPostfix({ certificate, starttls: false }));
      const [cert, key] = await Promise.all([certFile, keyFile].map((file) => readFile(file)));
      const front = createTlsServer(
        { cert, key, dhparam: smallGroup(), ciphers: overSmallGroup, maxVersion: 'TLSv1.2' },
        (socket) => {
          const behind = connect(smtpPort, host);
          for (const [one, other] of [
            [socket, behind],
            [behind, socket],
          ] as const)
            one.on('error', () => other.destroy()).pipe(other);
        },
      );
      front.listen(0, host);
      await once(front, 'listening');
      await world.servers.start(Promise.resolve({ stop: async () => void front.close() }));
      const address = front.address();
      if (address === null || typeof address === 'string') throw new Error(`expected a port, got ${address}`);
      return { host, port: address.port, encryption: 'tls' };
    },
  },
];
