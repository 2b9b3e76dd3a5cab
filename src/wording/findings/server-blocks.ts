import type { Block } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { Assessment } from '../../diagnosis/finding.ts';
import { versionName } from '../../diagnosis/observed/seen.ts';
import type { CertificateSummary, ServerFacts, VersionFact } from '../../diagnosis/observed/server-facts.ts';
import { translator } from '../catalogue/catalogue.ts';
import { dateOf } from '../catalogue/formats.ts';
import { softwareNames } from './fix-settings.ts';

export const factsOf = ({ servers }: Assessment, service: Service): ServerFacts | null =>
  servers?.find((facts) => facts.service === service) ?? null;

const versionRow = ({ version, answer, alert }: VersionFact, locale: Locale) => {
  const t = translator(locale);
  const said = t(`views:evidence.version-${answer}`);
  return {
    label: versionName(version),
    value: alert === null ? said : `${said} (${t('views:evidence.alert', { alert })})`,
  };
};

/** How each version of the protocol was answered; none where nothing was offered. */
const versionBlocks = ({ versions }: ServerFacts, locale: Locale): Block[] =>
  versions.every(({ answer }) => answer === 'untried')
    ? []
    : [
        {
          type: 'values',
          title: translator(locale)('views:evidence.versions'),
          rows: versions.map((fact) => versionRow(fact, locale)),
        },
      ];

const day = (ms: number, locale: Locale): string => dateOf(new Date(ms).toISOString(), locale);

const certificateLines = (one: CertificateSummary, index: number, locale: Locale): string => {
  const t = translator(locale);
  const period = { from: day(one.notBefore, locale), until: day(one.notAfter, locale) };
  return [
    `${index}: ${one.subject}`,
    t('views:evidence.issued-by', { issuer: one.issuer }),
    t('views:evidence.valid', period),
    ...(index === 0 && one.names.length > 0
      ? [t('views:evidence.names', { names: one.names.join(', ') })]
      : []),
    `${one.key}, ${one.signature}`,
    `SHA-256 ${one.fingerprint256}`,
  ].join('\n   ');
};

const certificateBlocks = ({ certificates }: ServerFacts, locale: Locale): Block[] =>
  certificates.length === 0
    ? []
    : [
        {
          type: 'code',
          label: translator(locale)('views:evidence.certificates'),
          text: certificates.map((one, index) => certificateLines(one, index, locale)).join('\n'),
        },
      ];

/** What was learnt of a server besides its findings: its make, its protocol versions, its certificates. */
export const serverBlocks = (facts: ServerFacts | null, locale: Locale): Block[] => {
  if (!facts) return [];
  const t = translator(locale);
  const software = facts.software === null ? null : softwareNames[facts.software];
  return [
    ...(software === null
      ? []
      : [{ type: 'text', text: t('views:evidence.software', { software }) } as const]),
    ...versionBlocks(facts, locale),
    ...certificateBlocks(facts, locale),
  ];
};
