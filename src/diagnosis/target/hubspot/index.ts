/** What belongs to HubSpot alone: the pages of its help, its rules by their age, and the steps of its own test. */

/** Pages of HubSpot's help, as stored; the date is the page's own, by the calendar. */
export const pages = {
  'requirements-2017': {
    name: '„Welche technischen Voraussetzungen müssen erfüllt sein, um ein E-Mail-Konto über IMAP mit HubSpot Sales zu verknüpfen?“',
    date: '2017-12-11',
  },
  'requirements-2024': {
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
} as const satisfies Record<string, { name: string; date: string }>;

export type PageId = keyof typeof pages;

/**
 * The rules as HubSpot has published them, the oldest first. `page`: where they are written. `follows`: whose rulings hold
 * where these have none of their own; null: the ones that the table of rulings begins with. Ids are permanent.
 */
export const policies = {
  'hubspot-2017': { page: 'requirements-2017', follows: null },
  'hubspot-2024': { page: 'requirements-2024', follows: 'hubspot-2017' },
} as const satisfies Record<string, { page: PageId; follows: string | null }>;

export type Policy = keyof typeof policies;

export const policyIds = Object.keys(policies) as [Policy, ...Policy[]];
export const defaultPolicy: Policy = 'hubspot-2017';

/** Ids that earlier versions used in settings, commands and stored checks. */
const aliases: Readonly<Record<string, Policy>> = { 'seed-2017': 'hubspot-2017' };

/** The policy of an id, old ones included; null: there is none of that name. */
export const policyNamed = (id: string): Policy | null =>
  aliases[id] ?? policyIds.find((known) => known === id) ?? null;

/** By the calendar, as its page says. */
export const policyDate = (policy: Policy): string => pages[policies[policy].page].date;

/** The steps of HubSpot's own connection test, in its order; each names the error that the rep would see there. */
export const hubspotSteps = [
  'imap-connect',
  'imap-login',
  'smtp-connect',
  'smtp-login',
  'test-mail',
] as const;
export type HubspotStep = (typeof hubspotSteps)[number];

/** What the rep types into HubSpot's form. */
export type Settings = {
  email: string;
  username: string;
  imapHost: string;
  imapPort: number;
  imapEncryption: 'tls' | 'starttls';
  smtpHost: string;
  smtpPort: number;
  smtpEncryption: 'tls' | 'starttls';
  allowUntrustedCertificate: boolean;
};
