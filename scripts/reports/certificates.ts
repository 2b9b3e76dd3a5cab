/** Certificates as they are met, and as they go wrong; all seen from one moment, so that nothing changes from day to day. */
import type { CertificateFacts, ObservationOf } from '../../src/diagnosis/observed/observation.ts';

/** When all reports were made. */
export const moment = Date.UTC(2026, 10, 23, 9, 0, 0);
const day = 24 * 60 * 60 * 1000;

export const mailHost = 'mail.beispiel-firma.de';

const certificate = (more: Partial<CertificateFacts>): CertificateFacts => ({
  subject: `CN=${mailHost}`,
  issuer: 'C=US, O=Let’s Encrypt, CN=R11',
  commonName: mailHost,
  names: [mailHost],
  notBefore: moment - 20 * day,
  notAfter: moment + 70 * day,
  keyType: 'RSA',
  keyBits: 2048,
  signature: 'sha256WithRSAEncryption',
  selfSigned: false,
  forServers: true,
  fingerprint256: Array.from({ length: 32 }, (_, index) => (index + 16).toString(16).toUpperCase()).join(':'),
  ...more,
});

const intermediate = certificate({
  subject: 'C=US, O=Let’s Encrypt, CN=R11',
  issuer: 'C=US, O=Internet Security Research Group, CN=ISRG Root X1',
  commonName: 'R11',
  names: [],
  notBefore: moment - 900 * day,
  notAfter: moment + 400 * day,
});
const root = certificate({
  subject: 'C=US, O=Internet Security Research Group, CN=ISRG Root X1',
  issuer: 'C=US, O=Internet Security Research Group, CN=ISRG Root X1',
  commonName: 'ISRG Root X1',
  names: [],
  notBefore: moment - 3000 * day,
  notAfter: moment + 3000 * day,
  selfSigned: true,
});

type Certificates = Omit<ObservationOf<'certificates'>, 'service' | 'at'>;
export const trusted: Certificates = {
  type: 'certificates',
  chain: [certificate({}), intermediate],
  anchor: 'bundled',
  root,
  endsInSelfSigned: false,
  isUnproven: false,
  nameMatch: 'san',
};

/** Certificates as they go wrong. */
export const certificates = {
  expired: {
    ...trusted,
    chain: [certificate({ notBefore: moment - 93 * day, notAfter: moment - 3 * day }), intermediate],
  },
  expiresSoon: {
    ...trusted,
    chain: [certificate({ notBefore: moment - 80 * day, notAfter: moment + 9 * day }), intermediate],
  },
  otherName: {
    ...trusted,
    chain: [
      certificate({
        subject: 'CN=web7.hoster.example',
        names: ['web7.hoster.example', 'www.hoster.example'],
      }),
      intermediate,
    ],
    nameMatch: 'none',
  },
  withoutIntermediate: { ...trusted, chain: [certificate({})], anchor: null, root: null },
  intermediateExpired: {
    ...trusted,
    chain: [certificate({}), { ...intermediate, notAfter: moment - 12 * day }],
  },
  selfSigned: {
    ...trusted,
    chain: [certificate({ issuer: `CN=${mailHost}`, selfSigned: true })],
    anchor: null,
    root: null,
    endsInSelfSigned: true,
  },
  privateCa: {
    ...trusted,
    chain: [
      certificate({ issuer: 'C=DE, O=Beispiel GmbH, CN=Beispiel Root CA' }),
      certificate({
        subject: 'C=DE, O=Beispiel GmbH, CN=Beispiel Root CA',
        issuer: 'C=DE, O=Beispiel GmbH, CN=Beispiel Root CA',
        names: [],
        notBefore: moment - 900 * day,
        notAfter: moment + 900 * day,
        selfSigned: true,
      }),
    ],
    anchor: null,
    root: null,
    endsInSelfSigned: true,
  },
} as const satisfies Record<string, Certificates>;
