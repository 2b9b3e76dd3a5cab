import type { HintId, Provider } from '../diagnosis/account/provider.ts';
import { outlookDomains, posteoDomains, within, yahooDomains } from './domains.ts';
import { deltaChat, google, ispdb, microsoft, nodemailer, ownHelp, readme, type Source } from './sources.ts';

export type Host = readonly [host: string, port: number];

export type Row = Provider & {
  /** Of addresses; nothing is looked up for these. */
  domains: readonly string[];
  /** What the best MX of a customer's own domain ends in. */
  mx: readonly string[];
  imapHost: Host | null;
  smtpHost: Host | null;
  /** For customers' own domains, where they differ. */
  ownDomainHosts?: { imap: Host; smtp: Host };
  /** What is to be known besides what follows from the facts of `Provider`. */
  hints?: readonly HintId[];
  sources: readonly Source[];
};

const usual = { native: null, imap: true, password: 'usual', imapOffAtFirst: false } as const;
const microsoftOnly = { ...usual, native: 'microsoft', password: 'none' } as const;

const zoho = (top: 'eu' | 'com'): Row => ({
  ...usual,
  id: 'zoho',
  name: 'Zoho Mail',
  password: 'app-with-two-factor',
  imapOffAtFirst: true,
  domains: [`zoho.${top}`, `zohomail.${top}`],
  mx: [`zoho.${top}`],
  imapHost: [`imap.zoho.${top}`, 993],
  smtpHost: [`smtp.zoho.${top}`, 465],
  ownDomainHosts: { imap: [`imappro.zoho.${top}`, 993], smtp: [`smtppro.zoho.${top}`, 465] },
  sources: [ispdb, deltaChat, ownHelp("Zoho Mail's help")],
});

/** The first row whose domain or MX fits counts; a provider with two sets of hosts has two rows. Ids are permanent. */
export const providers: readonly Row[] = [
  {
    ...usual,
    id: 'google',
    name: 'Google (Gmail, Google Workspace)',
    native: 'google',
    password: 'app-only',
    domains: ['gmail.com', 'googlemail.com'],
    mx: ['google.com', 'googlemail.com'],
    imapHost: ['imap.gmail.com', 993],
    smtpHost: ['smtp.gmail.com', 465],
    sources: [ispdb, google],
  },
  {
    ...microsoftOnly,
    id: 'outlook-com',
    name: 'Outlook.com',
    domains: outlookDomains,
    mx: ['olc.protection.outlook.com'],
    imapHost: ['outlook.office365.com', 993],
    smtpHost: ['smtp-mail.outlook.com', 587],
    sources: [ispdb, microsoft],
  },
  {
    ...microsoftOnly,
    id: 'microsoft-365',
    name: 'Microsoft 365',
    domains: [],
    // The second is given to domains that have DNSSEC.
    mx: ['mail.protection.outlook.com', 'mx.microsoft'],
    imapHost: ['outlook.office365.com', 993],
    smtpHost: ['smtp.office365.com', 587],
    sources: [ispdb, microsoft],
  },
  {
    ...usual,
    id: 'icloud',
    name: 'iCloud',
    password: 'app-only',
    domains: ['icloud.com', 'me.com', 'mac.com'],
    mx: ['mail.icloud.com'],
    imapHost: ['imap.mail.me.com', 993],
    smtpHost: ['smtp.mail.me.com', 587],
    sources: [ispdb, nodemailer],
  },
  {
    ...usual,
    id: 'yahoo',
    name: 'Yahoo',
    password: 'app-only',
    domains: yahooDomains,
    mx: ['am0.yahoodns.net'],
    imapHost: ['imap.mail.yahoo.com', 993],
    smtpHost: ['smtp.mail.yahoo.com', 465],
    sources: [ispdb, deltaChat],
  },
  {
    ...usual,
    id: 'gmx',
    name: 'GMX',
    password: 'app-with-two-factor',
    imapOffAtFirst: true,
    domains: [...within('gmx', 'net de at ch eu biz org info'), 'mein.gmx', 'mail.gmx', 'email.gmx'],
    mx: [],
    imapHost: ['imap.gmx.net', 993],
    smtpHost: ['mail.gmx.net', 465],
    sources: [ispdb, deltaChat, ownHelp('hilfe.gmx.net/sicherheit/2fa')],
  },
  {
    ...usual,
    id: 'gmx',
    name: 'GMX',
    password: 'app-with-two-factor',
    imapOffAtFirst: true,
    domains: within('gmx', 'com tm us co.uk es fr ca cn co.in com.br'),
    mx: [],
    imapHost: ['imap.gmx.com', 993],
    smtpHost: ['mail.gmx.com', 465],
    sources: [ispdb],
  },
  {
    ...usual,
    id: 'web-de',
    name: 'WEB.DE',
    password: 'app-with-two-factor',
    imapOffAtFirst: true,
    domains: ['web.de'],
    mx: [],
    imapHost: ['imap.web.de', 993],
    smtpHost: ['smtp.web.de', 465],
    sources: [ispdb, deltaChat],
  },
  {
    ...usual,
    id: 't-online',
    name: 'T-Online',
    password: 'separate',
    domains: ['t-online.de', 'magenta.de'],
    mx: [],
    imapHost: ['secureimap.t-online.de', 993],
    smtpHost: ['securesmtp.t-online.de', 465],
    sources: [ispdb, deltaChat],
  },
  {
    ...usual,
    id: 'ionos',
    name: 'IONOS',
    domains: ['online.de', 'onlinehome.de'],
    mx: ['kundenserver.de', ...within('ionos', 'de com co.uk es fr it mx ca eu')],
    imapHost: ['imap.ionos.de', 993],
    smtpHost: ['smtp.ionos.de', 465],
    sources: [ispdb, ownHelp('ionos.com/help')],
  },
  {
    ...usual,
    id: 'strato',
    name: 'Strato',
    domains: ['strato.de'],
    mx: ['rzone.de'],
    imapHost: ['imap.strato.de', 993],
    smtpHost: ['smtp.strato.de', 465],
    sources: [ispdb],
  },
  {
    ...usual,
    id: 'fastmail',
    name: 'Fastmail',
    password: 'app-only',
    domains: ['fastmail.com', 'fastmail.fm'],
    mx: ['messagingengine.com'],
    imapHost: ['imap.fastmail.com', 993],
    smtpHost: ['smtp.fastmail.com', 465],
    hints: ['primary-address-as-username'],
    sources: [ispdb, deltaChat],
  },
  zoho('eu'),
  zoho('com'),
  {
    ...usual,
    id: 'proton',
    name: 'Proton Mail',
    imap: false,
    password: 'none',
    domains: ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'],
    mx: ['protonmail.ch'],
    imapHost: null,
    smtpHost: null,
    sources: [deltaChat, ownHelp('proton.me/support')],
  },
  {
    ...usual,
    id: 'mailbox-org',
    name: 'mailbox.org',
    password: 'app-with-two-factor',
    domains: ['mailbox.org'],
    mx: ['mailbox.org'],
    imapHost: ['imap.mailbox.org', 993],
    smtpHost: ['smtp.mailbox.org', 465],
    sources: [ownHelp('kb.mailbox.org')],
  },
  {
    ...usual,
    id: 'posteo',
    name: 'Posteo',
    domains: posteoDomains,
    mx: [],
    imapHost: ['posteo.de', 993],
    smtpHost: ['posteo.de', 465],
    sources: [ispdb],
  },
  {
    ...usual,
    id: 'hetzner',
    name: 'Hetzner konsoleH',
    domains: [],
    mx: ['your-server.de'],
    imapHost: ['mail.your-server.de', 993],
    smtpHost: ['mail.your-server.de', 465],
    sources: [ispdb],
  },
  {
    ...usual,
    id: 'ovh',
    name: 'OVH',
    domains: [],
    mx: ['ovh.net'],
    imapHost: ['ssl0.ovh.net', 993],
    smtpHost: ['ssl0.ovh.net', 465],
    sources: [ispdb],
  },
  {
    ...usual,
    id: 'all-inkl',
    name: 'ALL-INKL',
    domains: [],
    mx: ['kasserver.com'],
    // Each customer has a host of its own, such as w0123456.kasserver.com.
    imapHost: null,
    smtpHost: null,
    hints: ['host-to-complete', 'unconfirmed'],
    sources: [readme],
  },
];
