import { describe, expect, test } from 'vitest';
import type { Account } from '../../src/diagnosis/account/account.ts';
import type { Assessment, Finding } from '../../src/diagnosis/finding.ts';
import type { Software } from '../../src/diagnosis/observed/software.ts';
import { adjustable, fixBlocks } from '../../src/wording/findings/fixes.ts';
import { account, findingOf } from './finding-cases.ts';

const at = (host: string): Account => ({
  ...account,
  imap: { service: 'imap', host, asciiHost: host, port: 993, encryption: 'tls' },
});

const judged = (software: Software, host: string, findings: Finding[] = []) => {
  const servers = [{ service: 'imap', software, versions: [], certificates: [] }] as const;
  const assessment: Assessment = {
    ...{ verdict: 'blocked', policy: 'hubspot-2017', loginTested: false, settings: null },
    findings,
    servers: servers.map((facts) => ({ ...facts, versions: [], certificates: [] })),
  };
  return { account: at(host), assessment };
};

const finding = (requirement: Finding['requirement'], reason: string) =>
  findingOf({ requirement, reason, evidence: ['provider'] }, 'imap', 'mail.beispiel-firma.de');

const suggested = (software: Software, one: Finding, locale: 'de' | 'en' = 'en'): string =>
  fixBlocks([one], software, locale)
    .map((block) => ('text' in block ? block.text : ''))
    .join('\n');

describe('a suggestion for IT', () => {
  test('is made for an Exchange of its own, and for none that Microsoft runs', () => {
    expect(adjustable(judged('exchange', 'mail.beispiel-firma.de'), 'imap')).toBe('exchange');
    expect(adjustable(judged('exchange', 'outlook.office365.com'), 'imap')).toBeNull();
    expect(adjustable(judged('exchange', 'imap-mail.outlook.com'), 'imap')).toBeNull();
    const native = finding('native-connection-first', 'use-native');
    const hosted = { ...native, evidence: { provider: 'Microsoft 365' } };
    expect(adjustable(judged('exchange', 'mail.beispiel-firma.de', [hosted]), 'imap')).toBeNull();
    expect(adjustable(judged('exchange', 'mail.beispiel-firma.de', [native]), 'imap')).toBe('exchange');
    expect(adjustable(judged('dovecot', 'mail.beispiel-firma.de', [hosted]), 'imap')).toBe('dovecot');
  });

  test('names the version where it matters', () => {
    const asked = suggested('dovecot', finding('imap-encryption', 'client-certificate-required'));
    expect(asked).toMatch(
      /# 2\.3\nssl_verify_client_cert = no\n# 2\.4\nssl_server_request_client_cert = no/u,
    );
    const old = suggested('postfix', finding('tls-min-version', 'legacy-only'));
    expect(old).toMatch(/>=TLSv1\.2[\s\S]*Postfix < 3\.6/u);
    expect(suggested('cyrus', finding('imap-encryption', 'starttls-not-offered'))).toContain('3.12.1');
  });

  test('says what else must be known', () => {
    const exchange = (requirement: Finding['requirement'], reason: string) =>
      suggested('exchange', finding(requirement, reason), 'de');
    expect(exchange('tls-min-version', 'legacy-only')).toContain('Neustart von Windows');
    expect(exchange('auth-mechanism', 'login-disabled')).toContain('ersetzt die ganze Liste');
    expect(exchange('cert-validity', 'expired')).toContain('MSExchangeIMAP4, MSExchangeIMAP4BE');
    expect(suggested('courier', finding('cert-validity', 'expired'))).toContain(
      'private key and the certificate',
    );
    expect(suggested('postfix', finding('auth-mechanism', 'no-auth'))).toContain('Dovecot decides');
  });
});
