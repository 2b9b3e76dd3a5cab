/**
 * HubSpot's page of December 2017 as a checklist, in our own words: what each of its requirements is, which of ours judges it,
 * and which text speaks it to whom it concerns.
 */
import { describe, expect, test } from 'vitest';
import { type RequirementId, rulings } from '../../src/diagnosis/policy.ts';
import { requirements, requirementsById } from '../../src/diagnosis/requirements/index.ts';
import { rule } from '../../src/diagnosis/rule.ts';
import { locales, texts } from './locale-files.ts';

type Point = {
  what: string;
  /** Who judges it, with a reason that the page has. None: it is told, since nobody can see it. */
  judgedBy: readonly (readonly [RequirementId, string])[];
  /** Key of a text, and what it must say in German and in English. */
  spoken: readonly (readonly [key: string, de: RegExp, en: RegExp])[];
};

const points: readonly Point[] = [
  {
    what: 'the server has to speak IMAP, to read, and SMTP, to send',
    judgedBy: [
      ['imap-smtp-supported', 'wrong-protocol-other'],
      ['imap-smtp-supported', 'wrong-protocol-pop3'],
    ],
    spoken: [
      [
        'findings:imap-smtp-supported.pass.explanation',
        /IMAP zum Lesen und SMTP zum Senden/u,
        /IMAP to read and SMTP to send/u,
      ],
    ],
  },
  {
    what: 'where IMAP is off, IT is whom to ask',
    judgedBy: [
      ['imap-enabled-account', 'imap-disabled'],
      ['imap-enabled-account', 'disabled-for-domain'],
    ],
    spoken: [
      ['findings:imap-enabled-account.imap-disabled.remedy', /Ihre IT/u, /your IT team/u],
      [
        'findings:imap-enabled-account.disabled-for-domain.remedy',
        /^Ihre IT muss IMAP/u,
        /^Your IT team needs to switch on IMAP/u,
      ],
    ],
  },
  {
    what: 'the IMAP port has to be open to traffic',
    judgedBy: [['imap-port-open', 'refused']],
    spoken: [
      [
        'findings:imap-port-open.refused.remedy',
        /Verbindungen aus dem Internet öffnen/u,
        /connections from the internet/u,
      ],
    ],
  },
  {
    what: 'connections over SSL/TLS have to be possible',
    judgedBy: [
      ['imap-encryption', 'handshake-failed'],
      ['smtp-tls', 'handshake-failed'],
    ],
    spoken: [
      ['findings:imap-encryption.pass.explanation', /verschlüsselte Verbindung/u, /encrypted connection/u],
    ],
  },
  {
    what: 'port 143 with STARTTLS is a way, too',
    judgedBy: [['imap-encryption', 'starttls-not-offered']],
    spoken: [
      ['findings:imap-encryption.tls-on-plain-port.remedy', /STARTTLS.*143/u, /STARTTLS.*143/u],
      ['forms:field.imapEncryption.hint', /143.*STARTTLS/u, /143.*STARTTLS|STARTTLS.*143/u],
    ],
  },
  {
    what: 'an SMTP server without TLS cannot be connected',
    judgedBy: [['smtp-tls', 'starttls-not-offered']],
    spoken: [
      [
        'findings:smtp-tls.starttls-not-offered.explanation',
        /Ohne verschlüsseltes SMTP verbindet HubSpot das Konto nicht/u,
        /HubSpot won't connect an account without SMTP encryption/u,
      ],
    ],
  },
  {
    what: 'SSL 3.0 and TLS 1.0 are outdated and not enough, newer versions are',
    judgedBy: [['tls-min-version', 'legacy-only']],
    spoken: [
      [
        'findings:tls-min-version.legacy-only.explanation',
        /unsicher.*nichts Neueres/u,
        /insecure.*nothing newer/u,
      ],
      ['findings:tls-min-version.legacy-only.remedy', /TLS 1\.2/u, /TLS 1\.2/u],
    ],
  },
  {
    what: 'different user names and passwords for IMAP and SMTP are not supported',
    judgedBy: [['same-credentials', 'stated-different']],
    spoken: [
      [
        'findings:same-credentials.stated-different.explanation',
        /mit verschiedenen lässt sich das Konto nicht verbinden/u,
        /can't be connected with different ones/u,
      ],
      ['forms:field.smtpLogin.hint', /demselben Benutzernamen und Passwort/u, /same user name and password/u],
    ],
  },
  {
    what: 'a certificate that no authority has signed can be allowed',
    judgedBy: [
      ['cert-trusted', 'self-signed'],
      ['cert-trusted', 'private-ca'],
    ],
    spoken: [
      [
        'findings:cert-trusted.self-signed.remedy',
        /„Unsichere Zertifikate zulassen“/u,
        /“Allow non-secure certificate”/u,
      ],
      [
        'views:value.allowUntrustedCertificate',
        /Unsichere Zertifikate zulassen/u,
        /Allow non-secure certificate/u,
      ],
    ],
  },
  {
    what: 'needed are user name, password and the names of both servers',
    judgedBy: [['login-accepted', 'wrong-credentials']],
    spoken: [
      ['views:value.username', /Benutzername/u, /User name/u],
      ['views:value.password', /Passwort/u, /Password/u],
      ['views:value.imapHost', /IMAP-Server/u, /IMAP server/u],
      ['views:value.smtpHost', /SMTP-Server/u, /SMTP server/u],
    ],
  },
  {
    what: 'who does not know them asks IT',
    judgedBy: [['imap-port-open', 'no-server-known']],
    spoken: [
      [
        'findings:imap-port-open.no-server-known.remedy',
        /Ihre IT muss Ihnen Namen/u,
        /Your IT team needs to give you the name/u,
      ],
      ['findings:login-accepted.wrong-credentials.remedy', /Ihre IT/u, /your IT team/u],
    ],
  },
  {
    what: 'where IT admits certain addresses only, those of HubSpot have to be on its allow list',
    judgedBy: [['ip-allowlist', 'no-sign']],
    spoken: [
      [
        'views:report.allow-list',
        /Ihre IT muss sie dann in die Freigabeliste eintragen/u,
        /IT team then needs to add them to the allow list/u,
      ],
      ['findings:ip-allowlist.refused-by-banner.remedy', /Freigabeliste/u, /allow list/u],
    ],
  },
  {
    what: 'HubSpot Support can name those addresses',
    judgedBy: [],
    spoken: [
      ['views:report.allow-list', /HubSpot-Support/u, /HubSpot Support/u],
      ['findings:ip-allowlist.no-sign.remedy', /HubSpot-Support/u, /HubSpot Support/u],
      ['findings:ip-allowlist.dropped.remedy', /HubSpot-Support/u, /HubSpot Support/u],
    ],
  },
];

describe.each(points.map((point) => [point.what, point] as const))('%s', (_, { judgedBy, spoken }) => {
  test.each(locales)('is said in %s', (locale) => {
    for (const [key, de, en] of spoken) {
      const said = texts[locale].find((entry) => entry.key === key)?.text ?? '';
      expect(said, key).toMatch(locale === 'de' ? de : en);
    }
  });

  test('is judged, and rests on that page', () => {
    for (const [id, reason] of judgedBy) {
      expect(Object.keys(rulings[id])).toContain(reason);
      const judged = rule(id, reason, { policy: 'hubspot-2017', proven: true });
      expect(judged.verdict).not.toBe('not-applicable');
      expect(requirementsById[id].sources).toContain('requirements-2017');
    }
  });
});

test('every requirement that rests on the page is on the checklist', () => {
  const listed = new Set<RequirementId>(points.flatMap(({ judgedBy }) => judgedBy.map(([id]) => id)));
  const resting = requirements
    .filter(({ sources }) => sources.includes('requirements-2017'))
    .map(({ id }) => id);
  // The page speaks of ports and of logging in; these are their other halves.
  const same: readonly RequirementId[] = ['smtp-port-open', 'auth-mechanism'];
  expect(resting.filter((id) => !listed.has(id) && !same.includes(id))).toEqual([]);
});
