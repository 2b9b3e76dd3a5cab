/** By whom a certificate is signed that stands in the place of the server's, and by whom one that is its own. */
import { expect, it } from 'vitest';
import { interceptor } from '../../src/diagnosis/observed/interception.ts';
import type { CertificateFacts } from '../../src/diagnosis/observed/observation.ts';
import { look } from '../../src/diagnosis/observed/seen.ts';
import { accountOf } from '../journeys/login-cases.ts';

const certificate = (issuer: string, subject: string): CertificateFacts => ({
  subject,
  issuer,
  commonName: 'mail.example.test',
  names: ['mail.example.test'],
  notBefore: 0,
  notAfter: Date.now() + 1e10,
  keyType: 'RSA',
  keyBits: 2048,
  signature: 'sha256WithRSAEncryption',
  selfSigned: false,
  forServers: true,
  fingerprint256: '00',
});

/** The authority that is taken for one on our side; null: it is the server's. */
const found = (issuer: string, subject = 'CN=mail.example.test'): string | null =>
  interceptor(
    look(accountOf({ imap: { port: 993 }, smtp: { port: 465 } }), 'imap', [
      {
        type: 'certificates',
        service: 'imap',
        at: 0,
        chain: [certificate(issuer, subject)],
        anchor: null,
        root: null,
        endsInSelfSigned: false,
        isUnproven: false,
        nameMatch: 'san',
      },
    ]),
  );

it.each([
  'C=US, ST=California, O=Fortinet, OU=Certificate Authority, CN=FG100E4Q17000000',
  'O=Fortinet Ltd., CN=FGT60F0000000000',
  'O=Barracuda Networks, CN=gateway.example.test',
  'O=Palo Alto Networks, CN=10.0.0.1',
  'O=WatchGuard_Technologies, OU=Fireware, CN=M370 0123456789',
  'O=Zyxel, CN=usg-flex-200',
])('a gateway’s authority called by its serial number or host name is one on our side: %s', (issuer) => {
  expect(found(issuer)).toBe(issuer);
});

it.each([
  ['O=Fortinet, OU=Certificate Authority, CN=support', 'O=Fortinet, OU=FortiMail, CN=FE-400E'],
  ['O=Barracuda Networks, CN=Barracuda CA', 'O=Barracuda Networks, CN=mail.example.test'],
  ['O=Synology Inc., CN=Synology Inc. CA', 'CN=mail.example.test'],
  ['O=Example Ltd, CN=Example Root', 'CN=fortinet-partner.example.test'],
])('a server’s own authority is none, not even a mail appliance’s: %s for %s', (issuer, subject) => {
  expect(found(issuer, subject)).toBeNull();
});
