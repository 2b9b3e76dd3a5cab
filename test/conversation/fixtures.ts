import type { Person } from '../../src/chat/port.ts';
import type { Effect } from '../../src/conversation/events/effect.ts';
import type { Event } from '../../src/conversation/events/event.ts';
import { type Conversation, newConversation } from '../../src/conversation/state/conversation.ts';
import type { FormValues } from '../../src/conversation/state/fields.ts';
import { step } from '../../src/conversation/step.ts';
import type { Rules } from '../../src/conversation/turn.ts';
import type { Endpoint } from '../../src/diagnosis/account/endpoint.ts';
import type { Proposal, Provider } from '../../src/diagnosis/account/provider.ts';
import type { Assessment, Finding } from '../../src/diagnosis/finding.ts';
import type { RequirementId } from '../../src/diagnosis/policy.ts';
import { rule } from '../../src/diagnosis/rule.ts';

export const anna: Person = { platform: 'recording', id: 'U1', name: 'Anna Vogt' };
export const omar: Person = { platform: 'recording', id: 'U2', name: 'Omar Haddad' };
export const ines: Person = { platform: 'recording', id: 'U3', name: 'Ines Kraft' };

export const servers: FormValues = {
  imapHost: 'imap.firma.example',
  imapPort: '993',
  imapEncryption: 'tls',
  smtpHost: 'smtp.firma.example',
  smtpPort: '465',
  smtpEncryption: 'tls',
  username: 'anna@firma.example',
  smtpLogin: 'same',
  untrustedCertificate: 'no',
};

const hosts = { imap: 'imap.firma.example', smtp: 'smtp.firma.example' } as const;
const ports = { imap: 993, smtp: 465 } as const;

export const finding = (
  requirement: RequirementId,
  reason: string | null,
  more: { service?: 'imap' | 'smtp'; evidence?: Finding['evidence'] } = {},
): Finding => {
  const service = more.service ?? 'imap';
  return {
    requirement,
    reason,
    ...rule(requirement, reason, { policy: 'hubspot-2017', proven: false }),
    hubspotStep: `${service}-connect`,
    endpoint: { service, host: hosts[service], port: ports[service], encryption: 'tls' },
    evidence: more.evidence ?? {},
  };
};

export const legacyOnly = finding('tls-min-version', 'legacy-only', { evidence: { versions: ['TLS 1.0'] } });
export const expiresSoon = finding('cert-validity', 'expires-soon', {
  service: 'smtp',
  evidence: { notAfter: '2026-12-01T00:00:00Z', days: 12 },
});
const noSigns = (['imap', 'smtp'] as const).map((service) => finding('ip-allowlist', 'no-sign', { service }));

const settings = {
  email: 'anna@firma.example',
  username: 'anna@firma.example',
  imapHost: hosts.imap,
  imapPort: 993,
  imapEncryption: 'tls',
  smtpHost: hosts.smtp,
  smtpPort: 465,
  smtpEncryption: 'tls',
  allowUntrustedCertificate: false,
} as const;

const whole = (verdict: Assessment['verdict'], findings: Finding[]): Assessment => ({
  verdict,
  policy: 'hubspot-2017',
  loginTested: false,
  findings: [...findings, ...noSigns],
  settings: verdict === 'blocked' ? null : settings,
});

export const allMet = whole('ready', [finding('imap-port-open', null)]);
export const blocked = whole('blocked', [expiresSoon, legacyOnly]);
/** What `blocked` was about is met. */
export const gone = whole('ready-with-warnings', [finding('tls-min-version', null), expiresSoon]);
export const withNote = whole('ready-with-warnings', [expiresSoon]);
export const unsettled = whole('inconclusive', [finding('imap-port-open', 'name-server-failed')]);

export const transcripts = [
  { service: 'imap' as const, lines: [{ from: 'server' as const, text: '* OK ready' }] },
];

/** Both servers speak TLS, take passwords and have certificates in order. */
export const loginPossible = whole(
  'ready',
  (['imap', 'smtp'] as const).flatMap((service) => [
    finding(service === 'imap' ? 'imap-encryption' : 'smtp-tls', null, { service }),
    finding('auth-mechanism', null, { service }),
    finding('cert-trusted', null, { service }),
  ]),
);

const usualProvider: Provider = {
  id: 'hoster',
  name: 'Hoster',
  native: null,
  imap: true,
  password: 'usual',
  imapOffAtFirst: false,
};
export const nothingFound: Proposal = {
  provider: null,
  source: null,
  imap: null,
  smtp: null,
  username: null,
  hints: [],
};
const proposedEndpoint = (service: 'imap' | 'smtp', host: string, port: number): Endpoint => ({
  service,
  host,
  asciiHost: host,
  port,
  encryption: port === 587 ? 'starttls' : 'tls',
});
export const proposed: Proposal = {
  provider: usualProvider,
  source: 'provider-table',
  imap: proposedEndpoint('imap', 'imap.hoster.example', 993),
  smtp: proposedEndpoint('smtp', 'smtp.hoster.example', 587),
  username: 'anna@firma.example',
  hints: ['switch-imap-on', 'app-password-with-two-factor'],
};
export const google: Proposal = {
  ...proposed,
  provider: { ...usualProvider, id: 'google', native: 'google', password: 'app-only' },
  hints: ['use-native', 'app-password-required'],
};
export const proton: Proposal = {
  ...nothingFound,
  provider: { ...usualProvider, id: 'proton', imap: false, password: 'none' },
  hints: ['no-public-imap'],
};

export const rules: Rules = {
  allowedPorts: [{ from: 1, to: 1024 }],
  itChannel: true,
  loginPage: true,
  rehearsal: true,
  watchIntervalMs: 900_000,
};
export const start = Date.UTC(2026, 10, 20, 9, 0, 0);

export const begin = (): Conversation =>
  newConversation('c1', { person: anna, locale: 'de', at: start, address: null });

/** What an event says besides its stamp. */
type Unstamped<E> = E extends Event ? Omit<E, 'at' | 'id'> : never;
export type Happening = Unstamped<Event>;

/**
 * A conversation told event by event. `tell` returns the effects; every shown message counts as posted at once unless
 * the tale `holds` its slot back.
 */
export const createTale = (options: { rules?: Rules; holds?: (slot: string) => boolean } = {}) => {
  let conversation = begin();
  let now = start;
  let count = 0;
  const shown: string[] = [];

  const take = (happening: Happening): Effect[] => {
    count += 1;
    const [next, effects] = step(
      conversation,
      { ...happening, at: now, id: `e${count}` },
      options.rules ?? rules,
    );
    conversation = next;
    return effects;
  };

  const deliver = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if (effect.type !== 'show') continue;
      shown.push(effect.slot);
      if (conversation.messages[effect.slot] || options.holds?.(effect.slot)) continue;
      deliver(
        take({ type: 'posted', slot: effect.slot, ref: { platform: 'recording', id: `m${effect.slot}` } }),
      );
    }
  };

  const tell = (happening: Happening): Effect[] => {
    const effects = take(happening);
    deliver(effects);
    return effects;
  };

  const press = (action: Extract<Happening, { type: 'pressed' }>['action'], about = ''): Effect[] =>
    tell({ type: 'pressed', action, about, by: anna, inItChannel: false });
  const pressAsIt = (
    action: Extract<Happening, { type: 'pressed' }>['action'],
    about: string,
    by: Person = omar,
  ): Effect[] => tell({ type: 'pressed', action, about, by, inItChannel: true });
  const submit = (
    form: Extract<Happening, { type: 'submitted' }>['form'],
    values: FormValues,
    about = '',
  ): Effect[] => tell({ type: 'submitted', form, about, values, by: anna, inItChannel: false });

  const newestCheckId = (): string => conversation.checks.at(-1)?.id ?? '';
  const newestCaseId = (): string => conversation.escalations.at(-1)?.id ?? '';

  return {
    get now() {
      return conversation;
    },
    shown,
    tell,
    press,
    pressAsIt,
    submit,
    say: (text: string): Effect[] => tell({ type: 'said', text, as: 'message' }),
    command: (text: string): Effect[] => tell({ type: 'said', text, as: 'command' }),
    later: (ms: number): void => {
      now += ms;
    },
    newestCheckId,
    newestCaseId,
    notices: (): string[] => conversation.notices.map(({ kind, to }) => `${to}: ${kind}`),
    /** Both forms filled in; the check is running. */
    checkRunning: (): void => {
      submit('address', { address: 'anna@firma.example', personalInbox: 'yes' });
      submit('servers', servers);
    },
    finish: (assessment: Assessment): Effect[] =>
      tell({
        type: 'check-finished',
        checkId: newestCheckId(),
        assessment,
        transcripts,
        durationMs: 2100,
      }),
    handOver: (comment = 'Seit gestern'): Effect[] => submit('escalate', { comment }, newestCheckId()),
  };
};
export type Tale = ReturnType<typeof createTale>;

/** A tale in which the case has arrived in the IT channel. */
export const handedOver = (): Tale => {
  const tale = createTale();
  tale.checkRunning();
  tale.finish(blocked);
  tale.handOver();
  return tale;
};
