/**
 * What each reason means: verdict, severity and who must act first, per policy. The only place where this is decided.
 * Ids are permanent.
 */
import {
  type Actor,
  fail,
  newer,
  type Ruling,
  type Severity,
  unknown,
  type Verdict,
  warn,
} from './ruling.ts';

export type { Actor, Ruling, Severity, Verdict };

/** What she may have mistyped is hers to look at first: a name, a port, an encryption, a protocol, different logins. */
const byRep = { actor: 'rep' } as const;

/** A warning by the rules, and yet somebody has something to do before HubSpot can be told to connect. */
const actFirst = { actFirst: true } as const;

const port = {
  refused: fail(['address']),
  'timed-out': unknown(['address', 'seconds'], { proven: 'fail' }),
  unreachable: unknown(['address'], { proven: 'fail' }),
  'name-unknown': fail([], byRep),
  'name-without-address': fail([], byRep),
  'name-server-failed': unknown(),
  'closed-before-greeting': unknown(['seconds']),
  'too-many-connections': unknown(['banner']),
  'one-address-dead': warn(['dead', 'alive']),
  'no-server-known': unknown(['domain']),
};

const encryption = {
  'starttls-not-offered': fail(),
  'starttls-refused': fail(['reply']),
  'starttls-broken': fail(),
  'starttls-injected': fail(),
  'tls-on-plain-port': fail([], byRep),
  'plain-on-tls-port': fail([], byRep),
  'handshake-failed': fail(),
  'no-common-cipher': fail(),
  'name-not-recognised': fail(),
  'client-certificate-required': warn(['insists'], { proven: 'fail' }),
  'large-hello-refused': warn(),
  'tls-not-chosen': warn(['works'], { ...byRep, ...actFirst }),
};

/** Every requirement that is judged, in the order in which people read them, with every reason it can give. */
export const rulings = {
  'public-address': { 'private-address': fail(['addresses']), 'private-answer-here': unknown(['addresses']) },
  'imap-port-open': port,
  'smtp-port-open': { ...port, 'port-25-only': warn() },
  'ip-allowlist': {
    'refused-by-banner': warn(['banner']),
    dropped: warn(),
    'no-sign': unknown([], { severity: 'info' }),
  },
  'imap-smtp-supported': {
    'wrong-protocol-http': fail([], byRep),
    'wrong-protocol-pop3': fail(['banner'], byRep),
    'wrong-protocol-smtp': fail(['banner'], byRep),
    'wrong-protocol-imap': fail(['banner'], byRep),
    'wrong-protocol-tls': fail([], byRep),
    'wrong-protocol-other': fail(['banner'], byRep),
    'no-greeting': unknown(['seconds']),
    'slow-greeting': warn(['seconds']),
    'no-answer': unknown(['command']),
    'hostile-answer': fail(),
    'refused-from-here': unknown(['answer']),
    'our-name-refused': unknown(['banner']),
    'closed-with-message': unknown(['banner']),
    'closed-after-speaking': unknown(),
  },
  'imap-encryption': {
    ...encryption,
    preauth: fail(['banner']),
    'no-server-certificate': fail(['banner']),
  },
  'smtp-tls': { ...encryption, 'starttls-hidden': fail(['banner']) },
  'tls-min-version': {
    'legacy-only': fail(['versions'], { by: { 'hubspot-2024': { verdict: 'warn' } } }),
    'tls11-only': warn(['versions']),
    undecided: unknown(),
  },
  'tls13-only': { 'tls13-only': warn(), undecided: unknown([], { severity: 'info' }) },
  'cert-trusted': {
    'self-signed': warn(['subject'], { actor: 'hubspot-admin', ...actFirst }),
    'private-ca': warn(['issuer'], { actor: 'hubspot-admin', ...actFirst }),
    'intercepted-here': unknown(['issuer']),
  },
  'cert-chain-complete': { 'missing-intermediate': fail(['issuer']) },
  'cert-name': { 'name-mismatch': fail(['names']), 'cn-only': warn(['commonName']) },
  'cert-validity': {
    expired: fail(['notAfter', 'days']),
    'not-yet-valid': fail(['subject', 'notBefore']),
    'intermediate-expired': fail(['subject', 'notAfter']),
    'expires-soon': warn(['notAfter', 'days']),
  },
  'cert-strength': {
    'weak-key': warn(['subject', 'keyType', 'keyBits']),
    'weak-signature': warn(['subject', 'signature']),
    'weak-key-exchange': warn(['bits']),
    'not-for-servers': fail(),
  },
  'auth-mechanism': {
    'login-disabled': fail(),
    'oauth-only': warn(['mechanisms'], { proven: 'fail', actorAtMicrosoft: 'rep' }),
    'challenge-only': warn(['mechanisms'], { proven: 'fail' }),
    'no-auth': fail(),
    'listed-but-refused': warn(['mechanism', 'reply'], { proven: 'fail' }),
    'tls-ends-in-front': fail(),
  },
  'plaintext-auth': { 'offered-before-tls': warn(['mechanisms']) },
  'courier-imap': { courier: newer(['banner'], actFirst) },
  'pop3-not-enough': { pop3: warn([], { actor: 'rep' }) },
  'native-connection-first': { 'use-native': warn(['provider'], { actor: 'rep' }) },
  'personal-inbox': {
    'team-inbox': warn(['stated'], {
      actor: 'rep',
      ...actFirst,
      by: { 'hubspot-2024': { verdict: 'warn', proven: 'fail' } },
    }),
  },
  'same-credentials': {
    'stated-different': fail([], byRep),
    'smtp-refuses-imap-login': fail(['reply']),
    'imap-refuses-smtp-login': fail(['reply']),
  },
  'imap-enabled-account': {
    'imap-disabled': fail(['reply'], { actor: 'rep' }),
    'disabled-for-domain': fail(['reply']),
  },
  'app-password': {
    required: fail(['reply'], { actor: 'rep' }),
    'may-be-required': warn([], { actor: 'rep' }),
  },
  'login-accepted': {
    'wrong-credentials': fail(['reply'], { actor: 'rep' }),
    'password-expired': fail(['reply'], { actor: 'rep' }),
    'web-login-required': fail(['reply'], { actor: 'rep' }),
    locked: fail(['reply']),
    'basic-auth-disabled': fail(['reply'], { actorAtMicrosoft: 'rep' }),
    refused: fail(['reply']),
    'too-many-connections': unknown(['reply']),
    unavailable: unknown(['reply']),
    'our-address-refused': unknown(['reply']),
    unanswered: unknown(),
    'certificate-not-trusted': unknown([], { actor: 'rep' }),
    'certificate-changed': unknown([], { actor: 'it' }),
  },
  'inbox-readable': { 'inbox-refused': fail(['reply']), unanswered: unknown() },
  'custom-username': {},
  'concurrent-connections': { 'limit-reached': warn(['reply', 'opened', 'wanted']) },
  'sent-folder': {
    'no-sent-folder': warn([], { actor: 'rep' }),
    'not-marked': warn(['folders'], { actor: 'rep' }),
    'folder-refused': warn(['folders', 'reply']),
    'list-refused': warn(['reply']),
    'copy-refused': warn(['folders', 'reply']),
    unanswered: unknown([], { severity: 'warning' }),
  },
  'smtp-send-as': {
    'sender-refused': newer(['reply'], actFirst),
    // Said of a mail's content or of its copy, it says nothing of what HubSpot sends to another address.
    'over-quota': warn(['reply'], {
      ...byRep,
      ...actFirst,
      by: { 'hubspot-2024': { verdict: 'fail', proven: 'warn' } },
    }),
    'try-later': warn(['reply'], actFirst),
    // Said of a mail's content, the sender as such was let through: the rep may write to others still.
    'sending-suspended': fail(['reply'], { proven: 'warn' }),
    'limit-reached': warn(['reply'], actFirst),
    // It says nothing of HubSpot, which comes from another address.
    'our-address-refused': unknown(['reply'], { proven: 'warn', severity: 'warning' }),
    'content-refused': newer(['reply'], actFirst),
    'sender-rewritten': warn(['from']),
    unanswered: unknown(),
  },
  'test-mail-arrives': {
    bounced: fail(['status', 'reply']),
    'in-junk': warn(['folder']),
    'moved-by-rule': warn(['folder'], byRep),
    late: warn(['seconds']),
    'not-seen': unknown(['seconds'], { severity: 'warning' }),
  },
};

export type RequirementId = keyof typeof rulings;
export type ReasonOf<R extends RequirementId> = keyof (typeof rulings)[R] & string;

/** Reasons that every requirement may give besides its own. `not-measured`: we failed, or time ran out; never the server's fault. */
export const commonReasons = ['not-reached', 'not-tested', 'not-measured'] as const;
export type CommonReason = (typeof commonReasons)[number];

export type EvidenceOf<R extends RequirementId, Reason extends ReasonOf<R>> =
  (typeof rulings)[R][Reason] extends Ruling<infer E> ? E : never;

/** What a pass carries for its text. */
export const passEvidence = {
  'imap-smtp-supported': ['banner'],
  'imap-encryption': ['version'],
  'smtp-tls': ['version'],
  'tls-min-version': ['versions'],
  'cert-trusted': ['issuer', 'trustedBy'],
  'cert-name': ['names'],
  'cert-validity': ['notAfter', 'days'],
  'auth-mechanism': ['mechanisms'],
  'sent-folder': ['folders'],
  'concurrent-connections': ['opened'],
  'test-mail-arrives': ['afterMs', 'by', 'folder'],
} as const satisfies Partial<Record<RequirementId, readonly string[]>>;

/** Values every text may use besides its evidence. */
export const commonEvidence = ['service', 'host', 'port', 'address', 'username', 'because'] as const;

export const requirementIds = Object.keys(rulings) as RequirementId[];
