/** What a probe sees of servers as they are met every day, written by hand so that nothing of it changes from day to day. */
import type { Service } from '../../src/diagnosis/account/endpoint.ts';
import {
  type Observation,
  type ObservationOf,
  type ObservationType,
  type ProtocolVersion,
  protocolVersions,
  type Spoken,
} from '../../src/diagnosis/observed/observation.ts';
import { trusted } from './certificates.ts';

const address = '203.0.113.25';

type Bare<O> = O extends Observation ? Omit<O, 'service' | 'at'> : never;
/** One thing seen, without where and when. */
export type Fact = Bare<Observation>;
type FactOf<T extends ObservationType> = Extract<Fact, { type: T }>;

/** These facts at one server, in the order in which they were seen. */
export const seenAt = (service: Service, facts: readonly Fact[]): Observation[] =>
  [...facts, { type: 'finished' } as const].map((fact, index) => ({ ...fact, service, at: index * 40 }));

/** The same facts but for those of one type: changed, or absent. */
export const but = <T extends ObservationType>(
  facts: readonly Fact[],
  type: T,
  change: Partial<FactOf<T>> | null,
): Fact[] =>
  facts.flatMap((fact) => {
    if (fact.type !== type) return [fact];
    return change === null ? [] : [{ ...fact, ...change }];
  });

export const without = (facts: readonly Fact[], ...types: readonly ObservationType[]): Fact[] =>
  facts.filter(({ type }) => !types.includes(type));

export const resolved: FactOf<'resolution'> = {
  type: 'resolution',
  via: 'name-server',
  outcome: 'resolved',
  addresses: [{ address, public: true, allowed: true }],
};

export const connection = (
  port: number,
  outcome: ObservationOf<'connection'>['outcome'] = 'connected',
  ms = 31,
): FactOf<'connection'> => ({ type: 'connection', address, port, outcome, fromItself: false, ms });

const spoken = (service: Service, text: string, more: Partial<Spoken> = {}): Spoken => ({
  protocol: service,
  state: 'ready',
  about: null,
  text,
  ...more,
});

const banners = {
  imap: '* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE AUTH=PLAIN AUTH=LOGIN] Dovecot ready.',
  smtp: '220 mail.beispiel-firma.de ESMTP Postfix',
} as const;

export const greeting = (
  service: Service,
  layer: 'plain' | 'tls',
  more: Partial<Spoken> = {},
): FactOf<'greeting'> => ({
  type: 'greeting',
  layer,
  outcome: 'spoken',
  spoken: spoken(service, more.text ?? banners[service], more),
  ms: 60,
});

const capabilities = (layer: 'plain' | 'tls', names: readonly string[], mechanisms: readonly string[]) =>
  ({
    type: 'capabilities',
    layer,
    outcome: 'listed',
    names: [...names],
    mechanisms: [...mechanisms],
    reply: '',
    refusal: null,
  }) satisfies FactOf<'capabilities'>;

/** Each version offered on its own. */
export const offers = (spokenVersions: readonly ProtocolVersion[]): FactOf<'version-offer'>[] =>
  protocolVersions.map((version) => {
    const isSpoken = spokenVersions.includes(version);
    return {
      type: 'version-offer',
      version,
      outcome: isSpoken ? 'selected' : 'alert',
      // RFC 8446 §6.2: protocol_version.
      alert: isSpoken ? null : 70,
      suite: isSpoken ? 0x1301 : null,
      asksForCertificate: false,
    };
  });

export const handshake: FactOf<'handshake'> = {
  type: 'handshake',
  outcome: 'completed',
  alert: null,
  version: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  offered: null,
  groupBits: null,
  withSmallHello: false,
  ms: 45,
};

const keywords = {
  imap: { plain: ['IMAP4REV1', 'STARTTLS', 'LOGINDISABLED'], tls: ['IMAP4REV1', 'IDLE', 'SASL-IR'] },
  smtp: { plain: ['PIPELINING', 'SIZE', 'STARTTLS'], tls: ['PIPELINING', 'SIZE', 'AUTH'] },
} as const;

/** A sound server that speaks TLS from the first byte. */
export const soundTls = (service: Service, port: number): Fact[] => [
  resolved,
  connection(port),
  handshake,
  trusted,
  greeting(service, 'tls'),
  capabilities('tls', keywords[service].tls, ['PLAIN', 'LOGIN']),
  ...offers(['TLSv1.2', 'TLSv1.3']),
];

/** A sound server that is asked for STARTTLS. */
export const soundStarttls = (service: Service, port: number): Fact[] => [
  resolved,
  connection(port),
  greeting(service, 'plain'),
  capabilities('plain', keywords[service].plain, []),
  { type: 'starttls', outcome: 'accepted', reply: '' },
  handshake,
  trusted,
  capabilities('tls', keywords[service].tls, ['PLAIN', 'LOGIN']),
  ...offers(['TLSv1.2', 'TLSv1.3']),
];

/** A server that offers no encryption where it is asked for. */
export const soundUnencrypted = (service: Service, port: number): Fact[] => [
  resolved,
  connection(port),
  greeting(service, 'plain'),
  capabilities('plain', service === 'imap' ? ['IMAP4REV1', 'IDLE'] : ['PIPELINING', 'SIZE'], []),
  { type: 'starttls', outcome: 'not-offered', reply: '' },
];

type Login = FactOf<'login'>;
const login = (service: Service, more: Partial<Login> = {}): Login => ({
  type: 'login',
  outcome: 'accepted',
  username: 'anna.beck@beispiel-firma.de',
  mechanism: 'PLAIN',
  code: service === 'imap' ? null : '235 2.7.0',
  reply: service === 'imap' ? 'Logged in' : '235 2.7.0 Authentication successful',
  meaning: null,
  passedOver: null,
  ...more,
});

export const refused = (service: Service, reply: string, meaning: Login['meaning']): Login =>
  login(service, { outcome: 'refused', reply, meaning, code: null });

type SentFolder = FactOf<'sent-folder'>;
const sentFolder = (more: Partial<SentFolder> = {}): SentFolder => ({
  type: 'sent-folder',
  outcome: 'listed',
  marked: 'Gesendet',
  named: ['Gesendet'],
  opened: 'opened',
  reply: '',
  ...more,
});

/** What an accepted login shows. */
export const behindLogin: Readonly<Record<Service, readonly Fact[]>> = {
  imap: [login('imap'), { type: 'inbox', outcome: 'opened', reply: '' }, sentFolder()],
  smtp: [login('smtp'), { type: 'envelope', outcome: 'accepted', code: '250', reply: '', meaning: null }],
};
