import type { Policy, RequirementId } from '../diagnosis/policy.ts';

/** Pages of HubSpot's help, as stored; the date is the page's own, by the calendar. */
export const pages = {
  'seed-2017': {
    name: '„Welche technischen Voraussetzungen müssen erfüllt sein, um ein E-Mail-Konto über IMAP mit HubSpot Sales zu verknüpfen?“',
    date: '2017-12-11',
  },
  'hubspot-2024': {
    name: 'knowledge.hubspot.com/connected-email/technical-requirements-for-connecting-your-inbox-to-hubspot-with-imap',
    date: '2024-01-29',
  },
  'domain-settings': {
    name: 'knowledge.hubspot.com/connected-email/set-up-imap-settings-for-your-email-domain',
    date: '2024-03-22',
  },
  'connect-inbox': {
    name: 'knowledge.hubspot.com/connected-email/connect-your-inbox-to-hubspot',
    date: '2026-02-27',
  },
  troubleshooting: {
    name: 'knowledge.hubspot.com/connected-email/troubleshoot-imap-inbox-connection',
    date: '2024-01-29',
  },
  faq: {
    name: 'knowledge.hubspot.com: hubspot-crm-email-integration-faq',
    date: '2024-02-02',
  },
} as const satisfies Record<Policy, Page> & Record<string, Page>;

type Page = { name: string; date: string };
export type PageId = keyof typeof pages;

/** Where each rule is written; none: it follows from how mail servers work, and no page says it. */
export const sourcesOf = {
  'public-address': [],
  'imap-port-open': ['seed-2017'],
  'smtp-port-open': ['seed-2017'],
  'ip-allowlist': ['seed-2017', 'domain-settings'],
  'imap-smtp-supported': ['seed-2017'],
  'imap-encryption': ['seed-2017'],
  'smtp-tls': ['seed-2017'],
  'tls-min-version': ['seed-2017', 'hubspot-2024'],
  'tls13-only': ['hubspot-2024'],
  'cert-trusted': ['seed-2017', 'domain-settings'],
  'cert-chain-complete': [],
  'cert-name': [],
  'cert-validity': [],
  'cert-strength': [],
  'auth-mechanism': ['seed-2017'],
  'plaintext-auth': [],
  'same-credentials': ['seed-2017'],
  'courier-imap': ['hubspot-2024'],
  'pop3-not-enough': ['faq'],
  'native-connection-first': ['connect-inbox'],
  'personal-inbox': ['connect-inbox'],
  'imap-enabled-account': ['seed-2017'],
  'app-password': [],
  'login-accepted': ['seed-2017'],
  'custom-username': ['troubleshooting'],
  'concurrent-connections': ['hubspot-2024'],
  'sent-folder': ['faq'],
  'smtp-send-as': ['troubleshooting'],
} as const satisfies Record<RequirementId, readonly PageId[]>;

/** `now` in milliseconds since the epoch. */
export const olderThanTwelveMonths = (date: string, now: number): boolean => {
  const limit = new Date(date);
  limit.setUTCFullYear(limit.getUTCFullYear() + 1);
  return now > limit.getTime();
};
