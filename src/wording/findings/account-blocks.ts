import type { Block } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import type { Account } from '../../diagnosis/account/account.ts';
import { type Endpoint, type Service, services } from '../../diagnosis/account/endpoint.ts';
import type { Settings } from '../../diagnosis/target/hubspot/index.ts';
import { translator } from '../catalogue/catalogue.ts';

type Row = { label: string; value: string };

/** `host:993`, an IPv6 address in brackets. */
export const withPort = ({ host, port }: Pick<Endpoint, 'host' | 'port'>): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** Both servers in one line: IMAP imap.firma.de:993, SMTP smtp.firma.de:465. */
export const serversInWords = (account: Account): string =>
  services
    .flatMap((service) => {
      const endpoint = account[service];
      return endpoint ? [`${service.toUpperCase()} ${withPort(endpoint)}`] : [];
    })
    .join(', ');

/** The domain of the address, as typed. */
export const domainOf = ({ address }: Account): string => address.slice(address.lastIndexOf('@') + 1);

/** The hosts of these services, each once; as they travel, since letters of other scripts can look like Latin ones. */
export const hostsOf = (account: Account, of: readonly Service[]): string[] => [
  ...new Set(of.flatMap((service) => account[service]?.asciiHost ?? [])),
];

/** One server with port and encryption; none where it is not known. */
export const endpointRow = (endpoint: Endpoint | null, label: string, locale: Locale): Row[] => {
  if (!endpoint) return [];
  const encryption = translator(locale)(`views:encryption.${endpoint.encryption}`);
  return [{ label, value: `${withPort(endpoint)}, ${encryption}` }];
};

/** What was stated about an account, as far as others need it. `name`: whose account it is; null leaves it out. */
export const accountRows = (account: Account, name: string | null, locale: Locale): Row[] => {
  const t = translator(locale);
  return [
    ...(name === null ? [] : [{ label: t('views:value.name'), value: name }]),
    { label: t('views:value.email'), value: account.address },
    ...endpointRow(account.imap, t('views:value.imap'), locale),
    ...endpointRow(account.smtp, t('views:value.smtp'), locale),
    { label: t('views:value.username'), value: account.username },
  ];
};

/** What is typed into HubSpot, field by field; apart from it what only whoever administers HubSpot can set. */
export const settingsBlocks = (settings: Settings, title: string, locale: Locale): Block[] => {
  const t = translator(locale);
  const row = (name: Exclude<keyof Settings, 'allowUntrustedCertificate'>, value: string | number): Row => ({
    label: t(`views:value.${name}`),
    value: String(value),
  });
  const ofAdmin: Block[] = settings.allowUntrustedCertificate
    ? [
        {
          type: 'values',
          title: t('views:report.values-of-admin'),
          rows: [{ label: t('views:value.allowUntrustedCertificate'), value: t('views:value.yes') }],
        },
      ]
    : [];
  return [
    {
      type: 'values',
      title,
      rows: [
        row('email', settings.email),
        row('username', settings.username),
        { label: t('views:value.password'), value: t('views:value.own-password') },
        row('imapHost', settings.imapHost),
        row('imapPort', settings.imapPort),
        row('imapEncryption', t(`views:encryption.${settings.imapEncryption}`)),
        row('smtpHost', settings.smtpHost),
        row('smtpPort', settings.smtpPort),
        row('smtpEncryption', t(`views:encryption.${settings.smtpEncryption}`)),
      ],
    },
    ...ofAdmin,
  ];
};
