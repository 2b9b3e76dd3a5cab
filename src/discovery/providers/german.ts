import { posteoDomains, within } from './domains.ts';
import { type Row, usual } from './row.ts';
import { deltaChat, fairEmail, ispdb, ispdbOf, mxsniff, ownHelp, readme } from './sources.ts';

/** A host for each country, as its own help pages say. */
const ionos = (
  top: string,
  { domains = [], mx }: { domains?: readonly string[]; mx: readonly string[] },
): Row => ({
  ...usual,
  id: 'ionos',
  name: 'IONOS',
  domains,
  mx,
  imapHost: [`imap.ionos.${top}`, 993],
  smtpHost: [`smtp.ionos.${top}`, 465],
  sources: [ispdb, mxsniff, fairEmail, ownHelp('ionos.com/help')],
});

/** The largest in Germany. */
export const german: readonly Row[] = [
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
    domains: [
      ...within(
        'gmx',
        'com tm us co.uk es fr ca cn co.in com.br com.my hk ie ph pt ru se sg tw com.tr it li',
      ),
    ],
    mx: [],
    imapHost: ['imap.gmx.com', 993],
    smtpHost: ['mail.gmx.com', 465],
    sources: [ispdbOf('gmx.com.xml', '2022-11-19')],
  },
  {
    ...usual,
    id: 'web-de',
    name: 'WEB.DE',
    password: 'app-with-two-factor',
    imapOffAtFirst: true,
    domains: ['web.de', 'email.de'],
    mx: [],
    imapHost: ['imap.web.de', 993],
    smtpHost: ['smtp.web.de', 465],
    // Three databases give the part before the @ as user name; the address is taken as well.
    hints: ['username-may-differ'],
    sources: [ispdbOf('web.de.xml', '2024-02-29'), deltaChat, fairEmail],
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
  ionos('de', {
    domains: ['online.de', 'onlinehome.de'],
    mx: ['kundenserver.de', 'schlund.de', ...within('1and1', 'de eu'), ...within('ionos', 'de eu')],
  }),
  // The network of the United States receives under a name of its own.
  ionos('com', { mx: ['perfora.net', ...within('1and1', 'com mx ca'), ...within('ionos', 'com mx ca')] }),
  ...['fr', 'co.uk', 'es', 'it'].map((top) => ionos(top, { mx: [`1and1.${top}`, `ionos.${top}`] })),
  // Of the other countries no source tells the host.
  { ...ionos('de', { mx: [] }), mxOwners: ['ionos', '1and1'], hints: ['unconfirmed'] },
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
    id: 'all-inkl',
    name: 'ALL-INKL',
    domains: [],
    mx: ['kasserver.com'],
    // Each customer has a host of its own, which receives the mail as well.
    imapHost: null,
    smtpHost: null,
    mxIsHost: /^w[0-9a-z]{7,8}\.kasserver\.com$/u,
    hints: ['host-to-complete', 'unconfirmed'],
    sources: [readme],
  },
];
