import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/diagnosis/finding.ts';
import { commonEvidence, rulings } from '../../src/diagnosis/policy.ts';
import { findingText, hubspotError, policyNotes, sourceNotes } from '../../src/wording/findings/findings.ts';
import { requirementName } from '../../src/wording/findings/values.ts';
import { account, type Case, findingOf, own, shared } from './finding-cases.ts';
import { type Entry, keys, locales, names, texts } from './locale-files.ts';

const spoken = (cases: readonly Case[], host = 'mail.beispiel-firma.de') =>
  cases.flatMap((one) =>
    locales.flatMap((locale) =>
      (['imap', 'smtp'] as const).map((service) => ({
        where: `${locale} ${service} ${one.requirement} ${one.reason}`,
        locale,
        ...one,
        ...findingText(findingOf(one, service, host), account, locale),
      })),
    ),
  );

const pathOf = ({ requirement, reason }: Case): string => `findings:${requirement}.${reason ?? 'pass'}.`;
const textsOf = (one: Case): Entry[] => texts.de.filter(({ key }) => key.startsWith(pathOf(one)));

describe('findings', () => {
  test('speak of no requirement or reason that the table of rulings does not have', () => {
    // One may say what all can give in words of its own.
    const known = [...own, ...shared].map(pathOf);
    const extra = keys('de').filter((key) => {
      const [requirement = '', reason = ''] = key.slice('findings:'.length).split('.');
      return (
        requirement in rulings &&
        key.startsWith('findings:') &&
        reason !== 'name' &&
        !known.some((path) => key.startsWith(path))
      );
    });
    expect(extra).toEqual([]);
  });

  test('use only values that they are given', () => {
    const given = (one: Case) => [...commonEvidence.filter((name) => name !== 'because'), ...one.evidence];
    const strange = own.flatMap((one) =>
      textsOf(one).filter(({ text }) => names(text).some((name) => !given(one).includes(name))),
    );
    expect(strange).toEqual([]);
    const commonTexts = texts.de.filter(({ key }) => key.startsWith('findings:common.'));
    const commonNames = [...commonEvidence, 'requirement'];
    expect(commonTexts.filter(({ text }) => names(text).some((name) => !commonNames.includes(name)))).toEqual(
      [],
    );
  });

  test('use every value that they are given', () => {
    const unused = own.flatMap((one) =>
      one.evidence
        .filter((name) => !textsOf(one).some(({ text }) => names(text).includes(name)))
        .map((name) => `${pathOf(one)} ${name}`),
    );
    expect(unused).toEqual([]);
  });

  test('are complete when filled', () => {
    const broken = spoken([...own, ...shared]).filter(({ title, explanation, remedy }) =>
      /\{\{|\}\}|–|undefined|null|\[object/u.test(`${title} ${explanation} ${remedy}`),
    );
    expect(broken).toEqual([]);
  });

  test('name a certificate as a person would, and say in their language what is hidden', () => {
    const signed: Case = { requirement: 'cert-trusted', reason: 'private-ca', evidence: ['issuer'] };
    const finding = findingOf(signed, 'imap', 'mail.beispiel-firma.de');
    const named = (issuer: string) =>
      findingText({ ...finding, evidence: { issuer } }, account, 'de').explanation;
    expect(named('C=DE, O=Beispiel AG, CN=Beispiel CA 1')).toMatch(/^„Beispiel CA 1“ hat/u);
    expect(named('C=DE, O=Beispiel AG')).toMatch(/^„Beispiel AG“ hat/u);
    expect(named('C=DE')).toMatch(/^„C=DE“ hat/u);
    const refused: Case = { requirement: 'login-accepted', reason: 'refused', evidence: ['reply'] };
    const hidden = {
      ...findingOf(refused, 'imap', 'mail.beispiel-firma.de'),
      evidence: { reply: '535 (hidden)' },
    };
    expect(findingText(hidden, account, 'de').explanation).toContain('„535 (verborgen)“');
    expect(findingText(hidden, account, 'en').explanation).toContain('“535 (hidden)”');
  });

  test('keep their titles short', () => {
    const long = spoken([...own, ...shared]).filter(({ title }) => title.length > 75);
    expect(long.map(({ where, title }) => `${where}: ${title}`)).toEqual([]);
    const host = `${'a'.repeat(40)}.${'b'.repeat(15)}.org`;
    const longer = spoken([...own, ...shared], host).filter(({ title }) => title.length > 150);
    expect(longer.map(({ where, title }) => `${where}: ${title}`)).toEqual([]);
  });

  test.each(['title', 'explanation'] as const)('share no %s', (part) => {
    for (const locale of locales)
      for (const service of ['imap', 'smtp'] as const) {
        const seen = own.map(
          (one) => findingText(findingOf(one, service, 'mail.beispiel-firma.de'), account, locale)[part],
        );
        expect(seen.filter((text, index) => seen.indexOf(text) !== index)).toEqual([]);
      }
  });

  test('admit that we look from another address than HubSpot', () => {
    const ours = /unsere(r)? (eigene(n)? )?Adresse|our own address/iu;
    const reasons = [
      'timed-out',
      'unreachable',
      'refused-by-banner',
      'dropped',
      'refused-from-here',
      'no-sign',
      'too-many-connections',
    ];
    const concerned = spoken(own).filter(({ reason }) => reason !== null && reasons.includes(reason));
    expect(concerned).toHaveLength((2 * 3 + 5) * locales.length * 2);
    expect(concerned.filter(({ explanation }) => !ours.test(explanation))).toEqual([]);
  });
});

describe('around a finding', () => {
  const finding = findingOf(
    { requirement: 'tls-min-version', reason: 'legacy-only', evidence: ['versions'] },
    'smtp',
    'mail.example',
  );

  test('a value is filled in the words of the language', () => {
    const expired: Case = { requirement: 'cert-validity', reason: 'expired', evidence: ['notAfter', 'days'] };
    const text = (locale: 'de' | 'en') =>
      findingText(findingOf(expired, 'smtp', 'mail.example'), account, locale);
    expect(text('de').title).toBe('Das SMTP-Zertifikat ist am 23.11.2026 abgelaufen');
    expect(text('en').title).toBe('The SMTP certificate expired on 23 November 2026');
    expect(text('de').explanation).toContain('vor 12 Tagen');
    expect(text('en').explanation).toContain('12 days ago');
  });

  test('a port stays a port and seconds are counted', () => {
    const late: Case = {
      requirement: 'imap-port-open',
      reason: 'timed-out',
      evidence: ['address', 'seconds'],
    };
    const at = findingOf(late, 'imap', 'mail.example');
    const odd = {
      ...at,
      endpoint: at.endpoint && { ...at.endpoint, port: 10993 },
      evidence: { ...at.evidence, seconds: 1 },
    };
    expect(findingText(odd, account, 'de').title).toBe('Der IMAP-Port 10993 antwortet nicht');
    expect(findingText(odd, account, 'de').explanation).toContain('1 Sekunde lang');
    expect(findingText(odd, account, 'en').explanation).toContain('for 1 second;');
  });

  test('what stood in the way is named', () => {
    const hidden: Case = { requirement: 'cert-name', reason: 'not-reached', evidence: ['because'] };
    const text = findingText(findingOf(hidden, 'imap', 'mail.example'), account, 'de');
    expect(text.title).toBe('Noch nicht prüfbar: Name im Zertifikat (IMAP)');
    expect(text.explanation).toContain(`„${requirementName('imap-port-open', 'de')}“`);
    expect(text.remedy).toBe('');
  });

  test('a certificate trusted only here says so', () => {
    const passed = findingOf(
      { requirement: 'cert-trusted', reason: null, evidence: ['issuer', 'trustedBy'] },
      'imap',
      'mail.example',
    );
    const local = { ...passed, evidence: { ...passed.evidence, trustedBy: 'local' } };
    expect(findingText(passed, account, 'de').explanation).not.toContain(
      'HubSpot kennt sie wahrscheinlich nicht',
    );
    expect(findingText(local, account, 'de').explanation).toContain('HubSpot kennt sie wahrscheinlich nicht');
    expect(findingText(local, account, 'en').explanation).toContain("HubSpot probably doesn't know it");
  });

  test('a reason without a text is our fault, and loud', () => {
    expect(() => findingText({ ...finding, reason: 'toString' }, account, 'de')).toThrow(
      /tls-min-version\.toString/u,
    );
  });

  test('the name of the error in HubSpot is quoted; of one that we do not know nothing is said', () => {
    expect(hubspotError('imap-connect', 'de')).toContain('„Falsche IMAP-Einstellungen“');
    expect(hubspotError('imap-login', 'de')).toMatch(/„IMAP authentication error“.*Englisch/u);
    expect(hubspotError('smtp-connect', 'en')).toContain('“SMTP settings incorrect”');
    for (const step of ['smtp-login', 'test-mail'] as const) expect(hubspotError(step, 'de')).toBeNull();
    expect(hubspotError(null, 'de')).toBeNull();
  });

  test('pages that disagree are named with their dates, and which of them counts', () => {
    const [line = '', ...more] = policyNotes(finding, { policy: 'hubspot-2017', locale: 'de' });
    expect(more).toEqual([]);
    expect(line).toMatch(/11\.12\.2017.*29\.01\.2024.*nach der vom 11\.12\.2017/u);
    expect(
      policyNotes({ ...finding, policiesDisagree: false }, { policy: 'hubspot-2017', locale: 'de' }),
    ).toEqual([]);
  });

  test('a rule that only the newer page knows says so, unless we check by that page', () => {
    const newer: Finding = { ...finding, requirement: 'tls13-only', policiesDisagree: false };
    expect(policyNotes(newer, { policy: 'hubspot-2017', locale: 'en' })).toEqual([
      expect.stringContaining('29 January 2024'),
    ]);
    expect(policyNotes(newer, { policy: 'hubspot-2024', locale: 'en' })).toEqual([]);
  });

  test('a source older than twelve months says so on the day after', () => {
    const at = (date: string) => sourceNotes('smtp-tls', { now: Date.parse(date), locale: 'de' });
    expect(at('2018-12-11')).toHaveLength(1);
    expect(at('2018-12-12')).toEqual([
      expect.stringContaining('11.12.2017'),
      expect.stringContaining('älter als zwölf Monate'),
    ]);
    expect(sourceNotes('cert-validity', { now: Date.parse('2026-11-23'), locale: 'de' })).toEqual([
      expect.stringContaining('ergibt sich'),
    ]);
  });
});
