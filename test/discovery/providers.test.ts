/** The provider table: what it says, and that it asks nobody for address domains that it knows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hintIds } from '../../src/diagnosis/account/provider.ts';
import { mailboxOf } from '../../src/discovery/candidate.ts';
import { discover } from '../../src/discovery/discover.ts';
import { providers } from '../../src/discovery/providers/index.ts';
import { recogniseProvider } from '../../src/discovery/recognise.ts';
import { fromTable, rowOfMx, rowOfMxOwner } from '../../src/discovery/table.ts';
import { createGuard } from '../../src/net/guard.ts';
import { createNetwork, type Network } from '../../src/net/network.ts';
import { proposalBlocks } from '../../src/wording/messages/discovery.ts';
import { type FickleDns, startFickleDns } from '../mail-servers/fickle-dns.ts';
import { scope } from '../mail-servers/index.ts';

const servers = scope();
afterAll(() => servers.stop());
let dns: FickleDns;
let network: Network;
let knocks = 0;
/** What the provider itself says needs no second source; gmx.com belongs to gmx.net. */
const older = ['gmx', 'mailbox-org'];

beforeAll(async () => {
  dns = await servers.start(startFickleDns(() => null));
  network = createNetwork({
    guard: createGuard({ restricted: false, allowNetworks: [], allowPorts: [] }),
    nameServers: [`${dns.address}:${dns.port}`],
  });
});

const find = (address: string) =>
  discover(address, {
    network,
    authorities: [],
    look: async () => {
      knocks += 1;
      return [];
    },
    allowedPorts: null,
  });

const at = (endpoint: { host: string; port: number } | null) =>
  endpoint && `${endpoint.host}:${endpoint.port}`;
const short = async (address: string) => {
  const { provider, source, imap, smtp, username, hints } = await find(address);
  return [provider?.id ?? null, source, at(imap), at(smtp), username, hints.join(' ')];
};

describe('an address whose domain is the provider’s own', () => {
  it.each([
    ['a@gmail.com', 'google', 'imap.gmail.com:993', 'smtp.gmail.com:465', 'use-native app-password-required'],
    [
      'a@GoogleMail.com',
      'google',
      'imap.gmail.com:993',
      'smtp.gmail.com:465',
      'use-native app-password-required',
    ],
    [
      'a@outlook.de',
      'outlook-com',
      'outlook.office365.com:993',
      'smtp-mail.outlook.com:587',
      'use-native no-password-login',
    ],
    ['a@me.com', 'icloud', 'imap.mail.me.com:993', 'smtp.mail.me.com:587', 'app-password-required'],
    ['a@yahoo.de', 'yahoo', 'imap.mail.yahoo.com:993', 'smtp.mail.yahoo.com:465', 'app-password-required'],
    [
      'a@gmx.de',
      'gmx',
      'imap.gmx.net:993',
      'mail.gmx.net:465',
      'app-password-with-two-factor switch-imap-on',
    ],
    [
      'a@web.de',
      'web-de',
      'imap.web.de:993',
      'smtp.web.de:465',
      'app-password-with-two-factor switch-imap-on username-may-differ',
    ],
    [
      'a@magenta.de',
      't-online',
      'secureimap.t-online.de:993',
      'securesmtp.t-online.de:465',
      'separate-password',
    ],
    [
      'a@fastmail.com',
      'fastmail',
      'imap.fastmail.com:993',
      'smtp.fastmail.com:465',
      'app-password-required primary-address-as-username',
    ],
    [
      'a@zohomail.eu',
      'zoho',
      'imap.zoho.eu:993',
      'smtp.zoho.eu:465',
      'app-password-with-two-factor switch-imap-on',
    ],
    [
      'a@mailbox.org',
      'mailbox-org',
      'imap.mailbox.org:993',
      'smtp.mailbox.org:465',
      'app-password-with-two-factor',
    ],
    ['a@posteo.net', 'posteo', 'posteo.de:993', 'posteo.de:465', ''],
    [
      'a@sent.com',
      'fastmail',
      'imap.fastmail.com:993',
      'smtp.fastmail.com:465',
      'app-password-required primary-address-as-username',
    ],
    ['a@freenet.de', 'freenet', 'mx.freenet.de:993', 'mx.freenet.de:465', 'switch-imap-on'],
    [
      'a@arcor.de',
      'vodafone-de',
      'imap.vodafonemail.de:993',
      'smtp.vodafonemail.de:465',
      'app-password-required',
    ],
    ['a@mail.de', 'mail-de', 'imap.mail.de:993', 'smtp.mail.de:465', ''],
    [
      'a@zoho.in',
      'zoho',
      'imap.zoho.in:993',
      'smtp.zoho.in:465',
      'app-password-with-two-factor switch-imap-on',
    ],
    ['a@tim.it', 'tim-it', 'imap.tim.it:143', 'smtp.tim.it:587', 'unconfirmed'],
  ])('%s', async (address, provider, imap, smtp, hints) => {
    expect(await short(address)).toEqual([provider, 'provider-table', imap, smtp, address, hints]);
  });

  it('may have the part before the @ as user name', async () => {
    expect((await short('a@free.fr'))[4]).toBe('a');
    expect((await short('a@laposte.net'))[4]).toBe('a');
  });

  it('is told at once where there is no IMAP', async () => {
    expect(await short('a@proton.me')).toEqual([
      'proton',
      'provider-table',
      null,
      null,
      null,
      'no-public-imap',
    ]);
  });

  it('is answered without a question to anyone, for every domain of the table', async () => {
    const domains = providers.flatMap((row) => row.domains);
    expect(domains.length).toBeGreaterThan(150);
    for (const domain of domains) {
      expect((await find(`a@${domain}`)).source).toBe('provider-table');
      expect(
        await recogniseProvider(`a@${domain}`, {
          records: network.records,
          signal: AbortSignal.timeout(1_000),
        }),
      ).not.toBeNull();
    }
    expect([dns.asked, knocks]).toEqual([[], 0]);
  });
});

const mailbox = mailboxOf('rep@firma.test', null);
const byMx = async (mx: string) => {
  const row = rowOfMx(mx) ?? (await rowOfMxOwner(mx));
  if (!row || !mailbox) return null;
  const { provider, imap, smtp, hints } = fromTable(row, mailbox, mx);
  return [provider?.id, at(imap[0] ?? null), at(smtp[0] ?? null), hints.join(' ')];
};

describe('a domain of one’s own', () => {
  it.each([
    [
      'firma-test.a-v1.mx.microsoft',
      'microsoft-365',
      'outlook.office365.com:993',
      'smtp.office365.com:587',
      'use-native no-password-login',
    ],
    ['mx01.ionos.fr', 'ionos', 'imap.ionos.fr:993', 'smtp.ionos.fr:465', ''],
    ['mx00.1and1.co.uk', 'ionos', 'imap.ionos.co.uk:993', 'smtp.ionos.co.uk:465', ''],
    ['mx00.perfora.net', 'ionos', 'imap.ionos.com:993', 'smtp.ionos.com:465', ''],
    [
      'firma-test.mail.protection.office365.us',
      'microsoft-365',
      'outlook.office365.us:993',
      'smtp.office365.us:587',
      'use-native no-password-login unconfirmed',
    ],
    [
      'mx2.zohomail.eu',
      'zoho',
      'imappro.zoho.eu:993',
      'smtppro.zoho.eu:465',
      'app-password-with-two-factor switch-imap-on',
    ],
    ...['ionos.at', 'ionos.us', 'ionos.pt', 'ionos.org', '1and1.pl', '1and1.info'].map((owner) => [
      `mx00.${owner}`,
      'ionos',
      'imap.ionos.de:993',
      'smtp.ionos.de:465',
      'unconfirmed',
    ]),
    ['mx00.schlund.de', 'ionos', 'imap.ionos.de:993', 'smtp.ionos.de:465', ''],
    ['mx1.mail.ovh.ca', 'ovh', 'imap.mail.ovh.ca:993', 'smtp.mail.ovh.ca:465', 'unconfirmed'],
    ['mx1.mail.ovh.net', 'ovh', 'ssl0.ovh.net:993', 'ssl0.ovh.net:465', 'unconfirmed'],
    [
      'mx.zoho.in',
      'zoho',
      'imappro.zoho.in:993',
      'smtppro.zoho.in:465',
      'app-password-with-two-factor switch-imap-on',
    ],
    [
      'mx-eu.mail.gm0.yahoodns.net',
      'yahoo',
      'imap.mail.yahoo.com:993',
      'smtp.mail.yahoo.com:465',
      'app-password-required',
    ],
    [
      'mx-aol.mail.gm0.yahoodns.net',
      'aol',
      'imap.aol.com:993',
      'smtp.aol.com:465',
      'app-password-required unconfirmed',
    ],
    [
      'mta-gw.infomaniak.ch',
      'infomaniak',
      'mail.infomaniak.com:993',
      'mail.infomaniak.com:465',
      'separate-password',
    ],
    [
      'mx1.mail.hostpoint.ch',
      'hostpoint',
      'imap.mail.hostpoint.ch:993',
      'asmtp.mail.hostpoint.ch:465',
      'unconfirmed',
    ],
    [
      'mx00.udag.de',
      'united-domains',
      'imaps.udag.de:993',
      'smtps.udag.de:465',
      'unconfirmed username-may-differ',
    ],
    [
      'mx1.agenturserver.de',
      'mittwald',
      'mail.agenturserver.de:993',
      'mail.agenturserver.de:465',
      'unconfirmed username-may-differ',
    ],
    ['mx01.ispgateway.de', 'domainfactory', 'sslin.df.eu:993', 'sslout.df.eu:465', ''],
    ['mx0.server-he.de', 'host-europe', null, null, 'host-to-complete unconfirmed username-may-differ'],
    ['s21.goserver.host', 'webgo', 's21.goserver.host:993', 's21.goserver.host:465', 'unconfirmed'],
    ['mail.tutanota.de', 'tuta', null, null, 'no-public-imap unconfirmed'],
  ])('is known by its MX %s', async (mx = '', ...known) => {
    expect(await byMx(mx)).toEqual(known);
  });

  it('is known by an MX as a whole, not by what looks like it', async () => {
    for (const mx of ['mx.notgoogle.com', 'google.com.evil.test', 'mx.ionos.evil.test', 'ionos.evil.com'])
      expect(await byMx(mx), mx).toBeNull();
    // Names that anybody gets, and one below no suffix at all.
    for (const mx of ['ionos.github.io', 'mx.ionos.test', 'ionos']) expect(await byMx(mx), mx).toBeNull();
  });
});

describe('the table', () => {
  it('marks what only one source says', () => {
    const single = providers.filter(
      ({ id, sources }) =>
        sources.length === 1 && !older.includes(id) && sources[0]?.name !== 'Thunderbird ISPDB c6ad796',
    );
    expect(single.filter(({ hints = [] }) => !hints.includes('unconfirmed')).map(({ id }) => id)).toEqual([]);
    expect(single.length).toBeGreaterThan(20);
  });

  it('names each domain and each MX once, in lower case', () => {
    for (const all of [providers.flatMap(({ domains }) => domains), providers.flatMap(({ mx }) => mx)]) {
      expect(all.filter((one, index) => all.indexOf(one) !== index)).toEqual([]);
      expect(all.filter((one) => !/^[a-z0-9.-]+$/u.test(one))).toEqual([]);
    }
  });

  it('has a source with a date for every row', () => {
    expect(providers.filter(({ sources }) => sources.length === 0)).toEqual([]);
    expect(
      providers
        .flatMap(({ sources }) => sources)
        .filter(({ date }) => !/^20\d\d(?:-\d\d(?:-\d\d)?)?$/u.test(date)),
    ).toEqual([]);
  });

  it('has words for every hint of every provider, in both languages', async () => {
    for (const domain of [
      'gmail.com',
      'hotmail.com',
      'me.com',
      'gmx.de',
      't-online.de',
      'fastmail.fm',
      'pm.me',
      'mailbox.org',
    ]) {
      const proposal = { ...(await find(`a@${domain}`)), hints: hintIds.filter((id) => id !== 'use-native') };
      for (const locale of ['de', 'en'] as const) {
        const text = JSON.stringify(proposalBlocks(proposal, `a@${domain}`, locale));
        expect(text).not.toMatch(/""|\{\{|undefined|null\b(?!,"text")/u);
        expect(JSON.parse(text)).toHaveLength(hintIds.length + (domain === 'pm.me' ? 1 : 2));
      }
    }
  });
});
