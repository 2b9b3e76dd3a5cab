import type { Encryption, Service } from '../account/endpoint.ts';
import type { LoginRefusal, SendingRefusal, Unspoken } from './refusal.ts';
import type { RehearsalFacts } from './rehearsal.ts';

export type ProtocolVersion = 'SSLv3' | 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
export const protocolVersions = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

/** What the first line of a server reveals. `state` is what the greeting says about us. */
export type Spoken = {
  protocol: 'imap' | 'smtp' | 'pop3' | 'http' | 'other';
  state: 'ready' | 'preauth' | 'refusing' | 'busy';
  /**
   * What a refusal speaks of: who may come from where, our own address that is listed or locked out somewhere, or the name
   * that we gave. Null: none of it, or no refusal.
   */
  about: 'addresses' | 'our-address' | 'our-name' | null;
  /** Cleaned and shortened: safe to show. */
  text: string;
};

export type FoundAddress = {
  address: string;
  /** Reachable from the internet, or counted as public by the operator's setting. */
  public: boolean;
  /** The guard lets us connect to it. */
  allowed: boolean;
};

/** One certificate as the server sent it; times in milliseconds since the epoch. */
export type CertificateFacts = {
  subject: string;
  issuer: string;
  commonName: string | null;
  names: string[];
  notBefore: number;
  notAfter: number;
  keyType: string;
  keyBits: number | null;
  signature: string;
  selfSigned: boolean;
  forServers: boolean;
  fingerprint256: string;
};

type PlainFacts =
  | {
      type: 'resolution';
      via: 'literal' | 'system' | 'name-server';
      outcome: 'resolved' | 'unknown-name' | 'no-address' | 'server-failed' | 'timed-out';
      addresses: FoundAddress[];
    }
  | {
      type: 'connection';
      address: string;
      port: number;
      /** `no-route-here` and `not-permitted-here`: this machine cannot send there; says nothing about the server. */
      outcome: 'connected' | 'refused' | 'timed-out' | 'unreachable' | 'no-route-here' | 'not-permitted-here';
      /** We came from the server's own address, which some servers trust more than any other. */
      fromItself: boolean;
      ms: number;
    }
  /** Which way was found to work where nobody had said one. */
  | { type: 'mode'; encryption: 'tls' | 'starttls' }
  | { type: 'greeting'; layer: 'plain' | 'tls'; outcome: 'spoken'; spoken: Spoken; ms: number }
  | { type: 'greeting'; layer: 'plain' | 'tls'; outcome: Unspoken; ms: number }
  /** How long a connection stayed open on which we kept silent, and how long one on which we spoke; both without a byte. */
  | { type: 'cut-off'; quietMs: number; spokenMs: number }
  /** What answered when the expected protocol did not: TLS tried on a silent plain port, plain text or HTTP on a TLS port. */
  | { type: 'recognition'; found: 'tls' | 'plain'; spoken: Spoken | null }
  | {
      type: 'capabilities';
      layer: 'plain' | 'tls';
      /** `refused`: the server knows no extensions at all. `denied`: it does not answer us, for a reason of its own. */
      outcome: 'listed' | 'refused' | 'denied' | Unspoken;
      /** Keywords in upper case, as the server lists them. */
      names: string[];
      /** SASL mechanisms in upper case. */
      mechanisms: string[];
      /** What was said instead of a list; cleaned and shortened. */
      reply: string;
      /** The same, where it turns us away. */
      refusal: Spoken | null;
    }
  | {
      type: 'starttls';
      outcome: 'accepted' | 'not-offered' | 'refused' | 'injected' | Unspoken;
      reply: string;
    }
  | {
      type: 'handshake';
      outcome: 'completed' | 'alert' | 'not-tls' | 'failed' | Unspoken;
      /** RFC 8446 §6 alert number that the server sent. */
      alert: number | null;
      version: string | null;
      cipher: string | null;
      /** IANA numbers of the cipher suites that we offered; null where one was agreed on. */
      offered: readonly number[] | null;
      /** Of a Diffie-Hellman exchange over a group of its own, its size; null: another exchange, or none. */
      groupBits: number | null;
      /** A ClientHello of today's usual size had led nowhere; this one was smaller. */
      withSmallHello: boolean;
      ms: number;
    }
  | {
      type: 'certificates';
      /** Leaf first, in the order in which they sign one another, as sent. */
      chain: CertificateFacts[];
      /** Which trust store the chain ends in: Mozilla's bundled roots, a CA given with `--ca`, or none. */
      anchor: 'bundled' | 'local' | null;
      /** The root in that store. */
      root: CertificateFacts | null;
      /** The chain ends in a self-signed certificate that the server sent itself. */
      endsInSelfSigned: boolean;
      /** Whether it leads to a root was not worked out: it asks for more, or stranger, verifications than a client does. */
      isUnproven: boolean;
      nameMatch: 'san' | 'common-name' | 'none';
    }
  | {
      type: 'version-offer';
      version: ProtocolVersion;
      /** `selected`: ServerHello with this very version. `selected-lower`: with an older one. `not-tried`: the way there broke first. */
      outcome:
        | 'selected'
        | 'selected-lower'
        | 'alert'
        | 'not-tls'
        | 'closed'
        | 'reset'
        | 'silent'
        | 'not-tried';
      alert: number | null;
      /** IANA number of the cipher suite that a ServerHello chose. */
      suite: number | null;
      /** Before TLS 1.3 the request for a certificate of ours can be seen (RFC 5246 §7.4.4). */
      asksForCertificate: boolean;
    }
  /** One attempt to log in, over verified or expected TLS; never repeated, but for a mechanism that is not known after all. */
  | {
      type: 'login';
      /**
       * `withheld`: the password was not sent, since the certificate was neither trusted nor the one that was seen before
       * and is expected to be untrusted.
       * `cut-short`: our own time was over before the server had answered.
       */
      outcome: 'accepted' | 'refused' | 'withheld' | 'cut-short' | Unspoken;
      username: string;
      mechanism: string | null;
      /** IMAP response code such as AUTHENTICATIONFAILED, or SMTP reply code with enhanced status; null: none was given. */
      code: string | null;
      /** Cleaned and shortened; never holds what we sent. */
      reply: string;
      /** What the words of the reply are known to mean; null: nothing known. */
      meaning: LoginRefusal | null;
      /** A mechanism that the server lists and did not know when it was tried first; null: there was none. */
      passedOver: { mechanism: string; reply: string } | null;
    }
  /** Whether the inbox can be opened for reading, after an accepted login. `cut-short`: our own time was over. */
  | { type: 'inbox'; outcome: 'opened' | 'refused' | 'cut-short' | Unspoken; reply: string }
  /** Folders for sent mail, after an accepted login. `marked`: with the special use \\Sent (RFC 6154). */
  | {
      type: 'sent-folder';
      outcome: 'listed' | 'refused' | 'cut-short' | Unspoken;
      /** Names as people read them. */
      marked: string | null;
      /** Folders that only bear a usual name. */
      named: string[];
      /** Whether the one that is marked, or else the first that is named, can be opened; null: none was tried. */
      opened: 'opened' | 'refused' | 'cut-short' | Unspoken | null;
      /** What was said where a question was refused. */
      reply: string;
    }
  /** Whether mail from the account to itself would be taken, after an accepted login; nothing is sent. */
  | {
      type: 'envelope';
      outcome: 'accepted' | 'refused' | 'cut-short' | Unspoken;
      code: string | null;
      reply: string;
      /** What the words of the reply are known to mean; null: nothing known. */
      meaning: SendingRefusal | null;
    }
  | { type: 'transcript'; lines: { from: 'server' | 'client' | 'note'; text: string }[] }
  /** Nothing more will be seen on this service. */
  | { type: 'finished' }
  | RehearsalFacts;

type Facts =
  | PlainFacts
  /** What was seen at another address of the same name, in a session of its own. */
  | { type: 'address'; address: string; seen: readonly PlainFacts[] };

/** One thing seen on one service, without any judgement. `at` is in milliseconds since the check began. */
export type Observation = Facts & { service: Service; at: number };
export type ObservationType = Facts['type'];
export type ObservationOf<T extends ObservationType> = Extract<Observation, { type: T }>;

/** The encryption that was really used on an endpoint. */
export type UsedEncryption = Exclude<Encryption, 'none'>;
