import type { Account } from '../account/account.ts';
import type { Endpoint, Service } from '../account/endpoint.ts';
import { type InRehearsal, inRehearsal } from './in-rehearsal.ts';
import type {
  Observation,
  ObservationOf,
  ObservationType,
  ProtocolVersion,
  Spoken,
  UsedEncryption,
} from './observation.ts';

/** What was seen on one endpoint, sorted for those who judge it. Null: it was not got so far. */
export type Seen = {
  service: Service;
  account: Account;
  endpoint: Endpoint | null;
  /** Null where nobody said a way and none was found. */
  encryption: UsedEncryption | null;
  resolution: ObservationOf<'resolution'> | null;
  /** To the endpoint's own port. */
  connections: ObservationOf<'connection'>[];
  /** To any port of either service in this run. */
  everyConnection: ObservationOf<'connection'>[];
  greeting: ObservationOf<'greeting'> | null;
  recognition: ObservationOf<'recognition'> | null;
  cutOff: ObservationOf<'cut-off'> | null;
  plainCapabilities: ObservationOf<'capabilities'> | null;
  tlsCapabilities: ObservationOf<'capabilities'> | null;
  starttls: ObservationOf<'starttls'> | null;
  handshake: ObservationOf<'handshake'> | null;
  certificates: ObservationOf<'certificates'> | null;
  /** Of either service in this run. */
  everyCertificates: ObservationOf<'certificates'>[];
  offers: ObservationOf<'version-offer'>[];
  login: ObservationOf<'login'> | null;
  /** Of either service in this run; none: nobody has logged in. */
  everyLogin: ObservationOf<'login'>[];
  inbox: ObservationOf<'inbox'> | null;
  sentFolder: ObservationOf<'sent-folder'> | null;
  envelope: ObservationOf<'envelope'> | null;
  /** Of both services. */
  rehearsal: InRehearsal;
};

export const look = (account: Account, service: Service, observations: readonly Observation[]): Seen => {
  const endpoint = account[service];
  const all = <T extends ObservationType>(type: T, among = observations): ObservationOf<T>[] =>
    among.filter((seen): seen is ObservationOf<T> => seen.type === type);
  const own = observations.filter((seen) => seen.service === service);
  const one = <T extends ObservationType>(type: T): ObservationOf<T> | null => all(type, own).at(-1) ?? null;
  const capabilities = all('capabilities', own);
  const said = endpoint?.encryption;
  return {
    service,
    account,
    endpoint,
    encryption: one('mode')?.encryption ?? (said === 'tls' || said === 'starttls' ? said : null),
    resolution: one('resolution'),
    connections: all('connection', own).filter(({ port }) => port === endpoint?.port),
    everyConnection: all('connection'),
    greeting: one('greeting'),
    recognition: one('recognition'),
    cutOff: one('cut-off'),
    plainCapabilities: capabilities.find(({ layer }) => layer === 'plain') ?? null,
    tlsCapabilities: capabilities.find(({ layer }) => layer === 'tls') ?? null,
    starttls: one('starttls'),
    handshake: one('handshake'),
    certificates: one('certificates'),
    everyCertificates: all('certificates'),
    offers: all('version-offer', own),
    login: one('login'),
    everyLogin: all('login'),
    inbox: one('inbox'),
    sentFolder: one('sent-folder'),
    envelope: one('envelope'),
    rehearsal: inRehearsal(observations),
  };
};

export const connected = (seen: Seen): boolean =>
  seen.connections.some(({ outcome }) => outcome === 'connected');

/** The protocol that the endpoint is expected to speak, in a greeting that was understood. */
export const speaksOwnProtocol = (seen: Seen, spoken: Spoken | null | undefined): boolean =>
  spoken?.protocol === seen.service;

/**
 * What the server said first, in its own words. On a TLS port a server that is full or turns us away may say so in clear
 * text (Exim does), which says nothing about the encryption.
 */
export const firstWords = ({ greeting, recognition }: Seen): Spoken | null => {
  if (greeting?.outcome === 'spoken') return greeting.spoken;
  const plain = recognition?.found === 'plain' ? recognition.spoken : null;
  return plain?.state === 'refusing' || plain?.state === 'busy' ? plain : null;
};

/**
 * Some servers greet everybody and turn us away at the first question: Exim by its acl_smtp_helo, Postfix without
 * smtpd_delay_reject, an IMAP server by a BYE.
 */
const deniedAtQuestion = ({ plainCapabilities, tlsCapabilities }: Seen): Spoken | null =>
  plainCapabilities?.refusal ?? tlsCapabilities?.refusal ?? null;

/** The server of this service says that it is full, or that it does not want us. */
export const turnedAway = (seen: Seen): Spoken | null => {
  const spoken = deniedAtQuestion(seen) ?? firstWords(seen);
  return spoken && speaksOwnProtocol(seen, spoken) && (spoken.state === 'refusing' || spoken.state === 'busy')
    ? spoken
    : null;
};

/** Longer than this between accept and close is not the quick drop of an address filter, in milliseconds. */
const quickDropMs = 1_500;

/**
 * How long it took until the server ended the connection without a byte, in milliseconds; null where it said anything.
 * On a TLS port only where no protocol version was answered either.
 */
export const endedWordless = (seen: Seen): number | null => {
  const ended = seen.encryption === 'tls' && seen.handshake ? seen.handshake : seen.greeting;
  if (!ended || !(ended.outcome === 'closed' || ended.outcome === 'reset')) return null;
  if (ended.type === 'greeting' && seen.handshake) return null;
  const answered = seen.offers.some(({ outcome }) => !['closed', 'reset', 'not-tried'].includes(outcome));
  return answered || seen.recognition ? null : ended.ms;
};

/**
 * The server lets a connection stand on which nobody speaks, and ends it without a byte as soon as we do: it expects
 * somebody else to speak first, such as a proxy with its header.
 */
export const closedAfterSpeaking = (seen: Seen): boolean => {
  const { cutOff, greeting } = seen;
  if (cutOff === null || greeting?.outcome === 'spoken') return false;
  if (cutOff.spokenMs > quickDropMs || cutOff.quietMs <= quickDropMs) return false;
  return greeting?.outcome === 'silent' || endedWordless(seen) !== null;
};

/** Closed or reset right after the connection was accepted, before any byte: typical of address filters such as TCP wrappers. */
export const droppedAtOnce = (seen: Seen): boolean =>
  (endedWordless(seen) ?? Infinity) <= quickDropMs && !closedAfterSpeaking(seen);

/** The last is what nginx says before a mail server. */
const askForCertificate = /client certificate|no required SSL certificate/iu;

/** Dovecot with auth_ssl_require_client_cert asks for it as late as this. */
export const loginWantsOurCertificate = ({ login }: Seen): boolean =>
  login?.outcome === 'refused' && /didn't present valid SSL certificate/iu.test(login.reply);

/** The server asked for a certificate of ours and went no further without one. */
export const wantsOurCertificate = (seen: Seen): boolean => {
  const { handshake, greeting, tlsCapabilities } = seen;
  if (handshake?.alert === certificateRequiredAlert) return true;
  const said = [firstWords(seen)?.state === 'ready' ? null : firstWords(seen)?.text, tlsCapabilities?.reply];
  if (handshake?.version && said.some((text) => askForCertificate.test(text ?? ''))) return true;
  if (loginWantsOurCertificate(seen)) return true;
  if (!seen.offers.some(({ asksForCertificate }) => asksForCertificate)) return false;
  const over = (outcome: string | undefined) => outcome === 'closed' || outcome === 'reset';
  if (handshake?.outcome === 'completed')
    return over(tlsCapabilities?.outcome) || (greeting?.layer === 'tls' && over(greeting.outcome));
  return (
    over(handshake?.outcome) || (handshake?.outcome === 'alert' && !aboutOthers.has(handshake.alert ?? 0))
  );
};

/** RFC 8446 §6.2: protocol_version, insufficient_security, internal_error, unrecognized_name. */
const aboutOthers: ReadonlySet<number> = new Set([70, 71, 80, 112]);

export type VersionAnswer = 'yes' | 'no' | 'undecided';

/**
 * Whether a version is spoken, by the rules learnt on real servers: a close without an alert counts as a refusal
 * only if another version was answered on the same endpoint, since Dovecot refuses old versions in this way.
 */
export const versionAnswers = (seen: Seen): Map<ProtocolVersion, VersionAnswer> => {
  const someSelected = seen.offers.some(({ outcome }) => outcome === 'selected');
  const answer = ({ version, outcome, alert }: ObservationOf<'version-offer'>): VersionAnswer => {
    if (outcome === 'selected') return 'yes';
    if (outcome === 'selected-lower' || (outcome === 'alert' && alert === protocolVersionAlert)) return 'no';
    // SSL 3.0 has no alert for the version (RFC 6101 §5.4): servers without it say handshake_failure.
    const refused = outcome === 'closed' || (version === 'SSLv3' && alert === handshakeFailureAlert);
    return refused && someSelected ? 'no' : 'undecided';
  };
  const answers = new Map(seen.offers.map((offer) => [offer.version, answer(offer)]));
  const spoken = seen.handshake?.outcome === 'completed' ? seen.handshake.version : null;
  if (spoken !== null && isVersion(spoken)) answers.set(spoken, 'yes');
  return answers;
};

/** RFC 8446 §6.2. */
const protocolVersionAlert = 70;
const handshakeFailureAlert = 40;
const certificateRequiredAlert = 116;

const isVersion = (name: string): name is ProtocolVersion => /^(SSLv3|TLSv1(\.[123])?)$/u.test(name);

const versionNames = {
  SSLv3: 'SSL 3.0',
  TLSv1: 'TLS 1.0',
  'TLSv1.1': 'TLS 1.1',
  'TLSv1.2': 'TLS 1.2',
  'TLSv1.3': 'TLS 1.3',
} as const satisfies Record<ProtocolVersion, string>;

/** Names of the versions that got this answer, oldest first, as people write them. */
export const versionsAnswered = (seen: Seen, wanted: VersionAnswer): string[] =>
  [...versionAnswers(seen)]
    .filter(([, answer]) => answer === wanted)
    .map(([version]) => versionNames[version]);

export const versionName = (version: string): string =>
  isVersion(version) ? versionNames[version] : version;
