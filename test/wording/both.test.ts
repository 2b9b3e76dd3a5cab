/** What is said once because both servers show it. */
import { describe, expect, test } from 'vitest';
import deBoth from '../../locales/de/both.json' with { type: 'json' };
import deViews from '../../locales/de/views.json' with { type: 'json' };
import enBoth from '../../locales/en/both.json' with { type: 'json' };
import type { Block, Message } from '../../src/chat/view.ts';
import type { Assessment, Finding } from '../../src/diagnosis/finding.ts';
import { requirementOnBoth } from '../../src/diagnosis/one-cause.ts';
import { type RequirementId, rulings } from '../../src/diagnosis/policy.ts';
import { requirementsById } from '../../src/diagnosis/requirements/index.ts';
import { textOfBoth } from '../../src/wording/findings/both.ts';
import { createWording } from '../../src/wording/index.ts';
import { blocked, createTale, finding, start } from '../conversation/fixtures.ts';
import { account, type Case, findingOf, own } from './finding-cases.ts';
import { locales, texts } from './locale-files.ts';

const host = 'mail.beispiel-firma.de';
const beginnings = { de: 'IMAP und SMTP: ', en: 'IMAP and SMTP: ' } as const;

/** Of one server by its nature: what it says of the other is another thing. */
const ofOne: readonly string[] = [
  'wrong-protocol-pop3',
  'wrong-protocol-smtp',
  'wrong-protocol-imap',
  'wrong-protocol-tls',
  'wrong-protocol-other',
  'our-name-refused',
  'preauth',
  'no-server-certificate',
  'login-disabled',
  'no-auth',
  'starttls-hidden',
  'port-25-only',
];
/** Speaks of the account, in the same words for both. */
const ofAccount = 'may-be-required';

const isOnBoth = ({ requirement }: Case): boolean =>
  requirementsById[requirement].scope.length === 2 || requirementOnBoth(requirement) !== requirement;
const shared = own.filter(
  (one) => one.reason !== null && isOnBoth(one) && !ofOne.includes(one.reason) && one.reason !== ofAccount,
);
/** What is only told in the details is never told of both. */
const isTold = ({ requirement, reason }: Case): boolean => {
  const ruled: Partial<Record<string, { severity?: string }>> = rulings[requirement];
  return ruled[reason ?? '']?.severity !== 'info';
};

const textFor = (one: Case, locale: 'de' | 'en', other = host) =>
  textOfBoth({ imap: findingOf(one, 'imap', host), smtp: findingOf(one, 'smtp', other) }, account, {
    locale,
    isIt: false,
  });

describe('the texts for both servers', () => {
  test('are there for whatever both can show, and begin with both', () => {
    expect(shared.length).toBeGreaterThan(70);
    for (const locale of locales)
      for (const one of shared.filter(isTold)) {
        const text = textFor(one, locale);
        expect(text?.title.startsWith(beginnings[locale]), `${locale} ${one.requirement} ${one.reason}`).toBe(
          true,
        );
        expect(text?.title.length, text?.title).toBeLessThanOrEqual(80);
      }
  });

  test('are complete when filled, name both hosts where there are two, and join both services as the language does', () => {
    for (const locale of locales)
      for (const one of shared.filter(isTold))
        for (const other of [host, 'smtp.beispiel-firma.de']) {
          const { title, explanation, remedy } = textFor(one, locale, other) ?? {
            title: '',
            explanation: '',
            remedy: '',
          };
          const all = `${title} ${explanation} ${remedy}`;
          expect(all).not.toMatch(
            /\{\{|\}\}|–|undefined|null|IMAP und SMTP-|\b(?:dem|der|den) IMAP und SMTP\b/u,
          );
          expect(remedy).not.toBe('');
          // What stands between quotation marks is a name in a certificate.
          const said = all.replaceAll(/[„“][^“”]*[“”]/gu, '');
          if (other !== host) expect(said.includes(other), said).toBe(said.includes(host));
        }
  });

  test('speak of nothing that no requirement says', () => {
    const known = new Set([
      ...own.map(({ requirement, reason }) => `both:${requirementOnBoth(requirement)}.${reason}`),
      'both:common.not-measured',
    ]);
    const strange = texts.de
      .map(({ key }) => key.split('.').slice(0, 2).join('.'))
      .filter(
        (key) =>
          !known.has(key) &&
          !/^both:(?:services|services-joined|host|same-as-imap|name\.|hubspot-error\.)/u.test(key),
      )
      .filter((key) => key.startsWith('both:'));
    expect(strange).toEqual([]);
  });

  test('say to IT what it has to do itself, and of the rep in the third person, wherever they have an instruction of their own', () => {
    const told = texts.de.filter(({ key }) => /^both:.*\.remedy$/u.test(key)).map(({ key }) => key);
    const forIt = texts.de.filter(({ key }) => /^both:.*\.remedy-for-it$/u.test(key));
    expect(forIt.map(({ key }) => key.replace('-for-it', ''))).toEqual(told);
    for (const one of shared.filter(isTold))
      for (const locale of locales) {
        const both = { imap: findingOf(one, 'imap', host), smtp: findingOf(one, 'smtp', host) };
        const { remedy = '' } = textOfBoth(both, account, { locale, isIt: true }) ?? {};
        const ruled: Partial<Record<string, { actor: string }>> = rulings[one.requirement];
        const isHers = ruled[one.reason ?? '']?.actor === 'rep';
        expect(/^(Die Person im Vertrieb|The sales rep) /u.test(remedy), remedy).toBe(isHers);
        expect(remedy).not.toMatch(/Ihre (IT|HubSpot-Administration)|your (IT team|HubSpot admin)/iu);
      }
  });
});

const wording = createWording({ itLocale: 'de', now: () => start, itChannel: true });
const only = <T extends Block['type']>(message: Message, type: T): Extract<Block, { type: T }>[] =>
  message.blocks.filter((block): block is Extract<Block, { type: T }> => block.type === type);

const onBoth = (
  requirement: RequirementId,
  reason: string,
  evidence: readonly [Finding['evidence'], Finding['evidence']],
) =>
  (['imap', 'smtp'] as const).map((service, index) => ({
    ...finding(requirement, reason, { service, evidence: evidence[index] ?? {} }),
    hubspotStep: `${service}-connect` as const,
  }));
const expired = { notAfter: '2026-11-20T00:00:00Z', days: 3 };
const oneCertificate: Assessment = {
  ...blocked,
  findings: onBoth('cert-validity', 'expired', [expired, expired]),
};
const twoCertificates: Assessment = {
  ...blocked,
  findings: onBoth('cert-validity', 'expired', [expired, { notAfter: '2026-11-01T00:00:00Z', days: 22 }]),
};
const wrongPassword: Assessment = {
  ...blocked,
  loginTested: true,
  findings: onBoth('login-accepted', 'wrong-credentials', [{ reply: 'NO no' }, { reply: '535 no' }]).map(
    (one) => ({
      ...one,
      hubspotStep: `${one.endpoint?.service ?? 'imap'}-login` as const,
    }),
  ),
};

const checked = (assessment: Assessment) => {
  const tale = createTale();
  tale.checkRunning();
  tale.finish(assessment);
  return tale;
};

describe('one cause on both servers', () => {
  test.each([
    [
      'expired certificate',
      oneCertificate,
      deBoth['cert-validity'].expired.title.replace('{{notAfter}}', '20.11.2026'),
    ],
    ['wrong password', wrongPassword, deBoth['login-accepted']['wrong-credentials'].title],
  ])('(an %s) is one block and counts once, for the rep and for IT', (_, assessment, title) => {
    const tale = checked(assessment);
    const report = wording.message(tale.now, `report:${tale.newestCheckId()}`);
    expect(report.summary).toBe(deViews.verdict.blocked_one);
    expect(only(report, 'finding').map((one) => one.title)).toEqual([title]);
    const form = wording.form(tale.now, 'escalate', tale.newestCheckId());
    expect(form.intro.flatMap((block) => (block.type === 'finding' ? [block.title] : []))).toEqual([title]);
    tale.handOver();
    const root = wording.message(tale.now, `it-root:${tale.newestCaseId()}`);
    expect(only(root, 'finding').map((one) => one.title)).toEqual([title]);
    // JSON and the store still have what each server showed.
    expect(tale.now.checks[0]?.assessment?.findings).toHaveLength(2);
  });

  test('names both errors of HubSpot where they differ', () => {
    const tale = checked(oneCertificate);
    const report = wording.message(tale.now, `report:${tale.newestCheckId()}`);
    const [seen] = only(report, 'evidence');
    expect(seen?.paragraphs[0]?.label).toBe('Gültigkeit des Zertifikats (IMAP und SMTP)');
    expect(seen?.paragraphs.map(({ text }) => text)).toContain(
      'Scheitern diese Schritte in HubSpot, steht dort „Falsche IMAP-Einstellungen“ oder „Falsche SMTP-Einstellungen“.',
    );
    const ofLogin = wording.message(
      checked(wrongPassword).now,
      `report:${checked(wrongPassword).newestCheckId()}`,
    );
    expect(JSON.stringify(ofLogin)).toContain('IMAP authentication error');
    expect(JSON.stringify(ofLogin)).not.toContain('nicht bekannt');
  });

  test('is told in full in IMAP’s evidence; SMTP’s has what was seen there and refers to it', () => {
    const tale = checked(wrongPassword);
    tale.handOver();
    const [imap, smtp] = (['imap', 'smtp'] as const).map(
      (service) =>
        only(wording.message(tale.now, `it-evidence:${tale.newestCaseId()}.${service}`), 'finding')[0],
    );
    expect(imap?.title).toBe(smtp?.title);
    expect(imap?.paragraphs.map(({ label }) => label)).toContain(deViews.report.what);
    expect(smtp?.paragraphs.map(({ label }) => label)).not.toContain(deViews.report.what);
    expect(JSON.stringify(smtp)).toContain('535 no');
    expect(smtp?.paragraphs.at(-1)?.text).toBe(deBoth['same-as-imap']);
  });

  test('that is met at one server by now stays open at the other, by its own name', () => {
    const tale = checked(oneCertificate);
    tale.handOver();
    tale.pressAsIt('check-again', tale.newestCaseId());
    tale.finish({ ...oneCertificate, findings: oneCertificate.findings.slice(1) });
    const root = wording.message(tale.now, `it-root:${tale.newestCaseId()}`);
    expect(only(root, 'finding').map(({ tone, title }) => [tone, title])).toEqual([
      ['bad', 'Das SMTP-Zertifikat ist am 20.11.2026 abgelaufen'],
      ['good', 'Das IMAP-Zertifikat ist am 20.11.2026 abgelaufen'],
    ]);
  });

  test('in English begins with both services as well', () => {
    const tale = checked(wrongPassword);
    const report = wording.message({ ...tale.now, locale: 'en' }, `report:${tale.newestCheckId()}`);
    expect(only(report, 'finding')[0]?.title).toBe(enBoth['login-accepted']['wrong-credentials'].title);
  });
});

test('two certificates with dates of their own are two blocks and two requirements', () => {
  const tale = checked(twoCertificates);
  const report = wording.message(tale.now, `report:${tale.newestCheckId()}`);
  expect(report.summary).toBe(deViews.verdict.blocked_other.replace('{{count}}', '2'));
  expect(only(report, 'finding')).toHaveLength(2);
});
