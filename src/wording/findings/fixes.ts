import type { Block } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import type { Service } from '../../diagnosis/account/endpoint.ts';
import type { Finding } from '../../diagnosis/finding.ts';
import { isExchangeOnline, type Software } from '../../diagnosis/observed/software.ts';
import type { RequirementId } from '../../diagnosis/policy.ts';
import { translator } from '../catalogue/catalogue.ts';
import type { JudgedAccount } from './finding-blocks.ts';
import { type FixTopic, fixSettings, softwareNames } from './fix-settings.ts';
import { factsOf } from './server-blocks.ts';

/** What has to be set for which finding. `*`: whatever the reason. Findings that no setting of the server mends are not here. */
const topics: Partial<Record<RequirementId, Readonly<Record<string, FixTopic | null>>>> = {
  'tls-min-version': { 'legacy-only': 'versions', 'tls11-only': 'versions' },
  'tls13-only': { 'tls13-only': 'versions' },
  // What another program shows is no certificate of the server.
  'cert-trusted': { 'intercepted-here': null, '*': 'certificate' },
  'cert-chain-complete': { '*': 'certificate' },
  'cert-name': { '*': 'certificate' },
  'cert-validity': { '*': 'certificate' },
  'cert-strength': { 'weak-key-exchange': 'ciphers', '*': 'certificate' },
  'auth-mechanism': { 'tls-ends-in-front': 'proxy', '*': 'password-login' },
  'inbox-readable': { 'inbox-refused': 'inbox' },
  'plaintext-auth': { 'offered-before-tls': 'passwords-encrypted' },
  'imap-encryption': {
    'starttls-not-offered': 'encryption',
    'starttls-refused': 'encryption',
    'no-common-cipher': 'ciphers',
    'client-certificate-required': 'client-certificate',
    'no-server-certificate': 'encryption',
  },
  'smtp-tls': {
    'starttls-not-offered': 'encryption',
    'starttls-refused': 'encryption',
    'no-common-cipher': 'ciphers',
    'client-certificate-required': 'client-certificate',
  },
};

const topicOf = ({ requirement, reason }: Finding): FixTopic | null => {
  const known = topics[requirement];
  if (reason === null || known?.[reason] === null) return null;
  return known?.[reason] ?? known?.['*'] ?? null;
};

/** The make whose settings IT can change; null where none is known, or where Microsoft runs the server. */
export const adjustable = ({ account, assessment }: JudgedAccount, service: Service): Software | null => {
  const { software } = factsOf(assessment, service) ?? { software: null };
  const host = account[service]?.asciiHost ?? '';
  const isMicrosofts = assessment.findings.some(
    ({ reason, evidence }) => reason === 'use-native' && evidence.provider === 'Microsoft 365',
  );
  return software === 'exchange' && (isMicrosofts || isExchangeOnline(host)) ? null : software;
};

/** Settings to begin with, each once, for the make that the server's answers point to; a suggestion and marked so. */
export const fixBlocks = (
  findings: readonly Finding[],
  software: Software | null,
  locale: Locale,
): Block[] => {
  if (software === null) return [];
  const t = translator(locale);
  const concerned = new Set(findings.flatMap((finding) => topicOf(finding) ?? []));
  return [...concerned].flatMap((topic): Block[] => {
    const fix = fixSettings[software][topic];
    if (!fix) return [];
    const label = t(`fixes:${topic}`, { software: softwareNames[software] });
    return [
      { type: 'code', label, text: fix.text },
      ...(fix.note ? [{ type: 'note', text: t(`fixes:note.${fix.note}`) } as const] : []),
    ];
  });
};
