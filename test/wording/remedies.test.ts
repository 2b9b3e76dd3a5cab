import { describe, expect, test } from 'vitest';
import { rulings } from '../../src/diagnosis/policy.ts';
import { rule } from '../../src/diagnosis/rule.ts';
import { findingText, findingTextForIt } from '../../src/wording/findings/findings.ts';
import { account, type Case, findingOf, own } from './finding-cases.ts';
import { locales } from './locale-files.ts';

/** An order to the rep who reads it, or what somebody who is named must do. */
const spokenToRep = {
  de: /^(Ihre (IT|HubSpot-Administration) (muss|sollte) |\p{Lu}\p{Ll}+n Sie[ ,])/u,
  en: /^(Your (IT team|HubSpot admin) (needs to|should) |In HubSpot, choose |When you connect |(Ask|Check|Choose|Compare|Confirm|Create|Delete|Enter|Log in|Send|Set|Switch|Test|Wait) )/u,
};

const remedies = own
  .filter(({ reason }) => reason !== null)
  .flatMap((one) => {
    const { actor } = rule(one.requirement, one.reason, { policy: 'hubspot-2017', proven: false });
    const finding = findingOf(one, 'imap', 'mail.beispiel-firma.de');
    return locales.map((locale) => ({
      where: `${locale} ${one.requirement} ${one.reason}`,
      locale,
      actor,
      remedy: findingText(finding, account, locale).remedy,
      forIt: findingTextForIt(finding, account, locale).remedy,
    }));
  });

describe('what is to be done', () => {
  test('is an instruction, and names whom it concerns', () => {
    expect(remedies.filter(({ locale, remedy }) => !spokenToRep[locale].test(remedy))).toEqual([]);
    const named = { it: /Ihre IT|[Yy]our IT team/u, 'hubspot-admin': /^(Ihre|Your) HubSpot/u, rep: /./u };
    expect(remedies.filter(({ actor, remedy }) => !named[actor].test(remedy))).toEqual([]);
  });

  test('is nothing where all is well', () => {
    const passes = own.filter(({ reason }) => reason === null);
    const done = passes.map(
      (one) => findingText(findingOf(one, 'smtp', 'mail.example'), account, 'de').remedy,
    );
    expect(done.filter((remedy) => remedy !== '')).toEqual([]);
  });

  test('is not left to a rep where somebody else must begin', () => {
    const begunByOthers = /^(Ihre (IT|HubSpot-Administration)|Your (IT team|HubSpot admin))/u;
    expect(remedies.filter(({ actor, remedy }) => actor === 'rep' && begunByOthers.test(remedy))).toEqual([]);
  });

  test('speaks to IT as IT, and of the rep, never to her', () => {
    const spokenTo = /\b(Sie können|Sie selbst|Ihre?[nmrs]?|you|your)\b/u;
    const ofRep = /^(Die Person im Vertrieb|The sales rep) /u;
    const toRep = /Ihre[rn]? (IT|HubSpot-Administration|Anbieter)|your (IT team|HubSpot admin|provider)/iu;
    expect(remedies.filter(({ forIt }) => toRep.test(forIt))).toEqual([]);
    expect(remedies.filter(({ actor, forIt }) => ofRep.test(forIt) !== (actor === 'rep'))).toEqual([]);
    const ofHers = remedies.filter(({ actor }) => actor === 'rep');
    const ruledHers = Object.values(rulings).flatMap((reasons) => Object.values(reasons));
    expect(ofHers).toHaveLength(locales.length * ruledHers.filter(({ actor }) => actor === 'rep').length);
    expect(ofHers.filter(({ forIt }) => /[{}–]/u.test(forIt) || spokenTo.test(forIt))).toEqual([]);
  });

  test('begins with the rep for what she may have mistyped, and for her own full mailbox', () => {
    const hers: readonly (readonly [Case['requirement'], string])[] = [
      ...(['imap-port-open', 'smtp-port-open'] as const).map((id) => [id, 'name-unknown'] as const),
      ...(['imap-encryption', 'smtp-tls'] as const).flatMap((id) =>
        (['tls-on-plain-port', 'plain-on-tls-port'] as const).map((reason) => [id, reason] as const),
      ),
      ...(['http', 'pop3', 'smtp', 'imap'] as const).map(
        (protocol) => ['imap-smtp-supported', `wrong-protocol-${protocol}`] as const,
      ),
      ['pop3-not-enough', 'pop3'],
      ['same-credentials', 'stated-different'],
      ['smtp-send-as', 'over-quota'],
    ];
    const actors = hers.flatMap(([requirement, reason]) =>
      (['hubspot-2017', 'hubspot-2024'] as const).map(
        (policy) => rule(requirement, reason, { policy, proven: true }).actor,
      ),
    );
    expect(new Set(actors)).toEqual(new Set(['rep']));
  });

  test('sends nobody to IT for what Microsoft alone can change', () => {
    for (const [requirement, reason] of [
      ['auth-mechanism', 'oauth-only'],
      ['login-accepted', 'basic-auth-disabled'],
    ] as const) {
      const one: Case = { requirement, reason, evidence: ['mechanisms', 'reply'] };
      const at = (host: string) => findingText(findingOf(one, 'imap', host), account, 'de').remedy;
      expect(at('outlook.office365.com')).toMatch(/^Wählen Sie in HubSpot „Microsoft 365“ statt IMAP/u);
      expect(at('imap-mail.outlook.com')).toBe(at('outlook.office365.com'));
      expect(at('outlook.com.beispiel-firma.de')).toMatch(/^Ihre IT muss /u);
      const options = { policy: 'hubspot-2017', proven: true } as const;
      expect(rule(requirement, reason, { ...options, atMicrosoft: true }).actor).toBe('rep');
      expect(rule(requirement, reason, options).actor).toBe('it');
    }
  });
});
