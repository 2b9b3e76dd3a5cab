import type { Service } from '../account/endpoint.ts';
import type { Observation } from './observation.ts';
import type { Seen } from './seen.ts';

export const softwareIds = [
  'dovecot',
  'courier',
  'cyrus',
  'exchange',
  'postfix',
  'exim',
  'opensmtpd',
] as const;
export type Software = (typeof softwareIds)[number];

/** Courier's own sentence and no host name that happens to hold the word. */
const courier = /\bCourier-IMAP(?: server)? ready\b|Double Precision, Inc/iu;

/** A requirement of its own rests on this, so it must not be a guess. */
export const isCourier = (greeting: string): boolean => courier.test(greeting);

type Sign = { software: Software; service: Service; greeting?: RegExp; keywords?: readonly string[] };

/** What each make says of itself unless its administrator has changed it: its greeting, or keywords that no other lists. */
const signs: readonly Sign[] = [
  { software: 'dovecot', service: 'imap', greeting: /\bDovecot\b/iu },
  { software: 'courier', service: 'imap', greeting: courier },
  { software: 'cyrus', service: 'imap', greeting: /\bCyrus IMAP\b/iu },
  { software: 'exchange', service: 'imap', greeting: /\bMicrosoft Exchange\b/iu },
  { software: 'exchange', service: 'smtp', greeting: /\bMicrosoft ESMTP MAIL Service\b/iu },
  { software: 'exchange', service: 'smtp', keywords: ['X-ANONYMOUSTLS', 'X-EXPS'] },
  { software: 'postfix', service: 'smtp', greeting: /\bPostfix\b/u },
  { software: 'exim', service: 'smtp', greeting: /\bExim \d/u },
  { software: 'opensmtpd', service: 'smtp', greeting: /\bOpenSMTPD\b/u },
  { software: 'dovecot', service: 'imap', keywords: ['LOGIN-REFERRALS', 'SASL-IR', 'LITERAL+'] },
];

const shown = (sign: Sign, { greetings, keywords }: { greetings: string[]; keywords: string[] }): boolean =>
  greetings.some((text) => sign.greeting?.test(text) ?? false) ||
  (sign.keywords?.every((name) => keywords.includes(name)) ?? false);

/** Microsoft's own servers: nobody but Microsoft can change their settings, and IMAP with a password is off for good. */
export const isExchangeOnline = (host: string): boolean => /(?:^|\.)(?:outlook|office365)\.com$/iu.test(host);

/** By the greeting or the keywords of this very endpoint. */
export const looksLikeDovecot = ({ greeting, plainCapabilities, service }: Seen): boolean => {
  const greetings = greeting?.outcome === 'spoken' ? [greeting.spoken.text] : [];
  const keywords = plainCapabilities?.names ?? [];
  return signs.some(
    (sign) => sign.software === 'dovecot' && sign.service === service && shown(sign, { greetings, keywords }),
  );
};

/** The make of a mail server by what it says; null where nothing tells it. A guess that helps, never a ground for a verdict. */
export const softwareOf = (service: Service, observations: readonly Observation[]): Software | null => {
  const own = observations.filter((seen) => seen.service === service);
  const greetings = own.flatMap((seen) =>
    seen.type === 'greeting' && seen.outcome === 'spoken' && seen.spoken.protocol === service
      ? [seen.spoken.text]
      : [],
  );
  const keywords = own.flatMap((seen) => (seen.type === 'capabilities' ? seen.names : []));
  const found = signs.find((sign) => sign.service === service && shown(sign, { greetings, keywords }));
  return found?.software ?? null;
};
