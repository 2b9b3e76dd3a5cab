import { describe, expect, test } from 'vitest';
import de from '../../locales/de/views.json' with { type: 'json' };
import en from '../../locales/en/views.json' with { type: 'json' };
import type { Block, Message } from '../../src/chat/view.ts';
import type { Locale } from '../../src/conversation/state/conversation.ts';
import type { Assessment, Finding } from '../../src/diagnosis/finding.ts';
import { createWording } from '../../src/wording/index.ts';
import {
  allMet,
  blocked,
  createTale,
  expiresSoon,
  finding,
  handedOver,
  start,
  unsettled,
  withNote,
} from '../conversation/fixtures.ts';

const wordingIn = (itLocale: Locale, itChannel = true) =>
  createWording({ itLocale, now: () => start, itChannel });

const reportOf = (assessment: Assessment, locale: Locale, itChannel = true): Message => {
  const tale = createTale();
  tale.checkRunning();
  tale.finish(assessment);
  return wordingIn(locale, itChannel).message({ ...tale.now, locale }, `report:${tale.newestCheckId()}`);
};

const only = <T extends Block['type']>(message: Message, type: T): Extract<Block, { type: T }>[] =>
  message.blocks.filter((block): block is Extract<Block, { type: T }> => block.type === type);

const everyWord = (message: Message): string => JSON.stringify(message);

describe('the report', () => {
  test.each([
    [allMet, 'de', 'Der Server erfüllt alle Anforderungen. Ihre Anmeldung haben wir noch nicht geprüft.'],
    [allMet, 'en', "The server meets all requirements. We haven't tested your login yet."],
    [blocked, 'de', 'So lässt sich das Konto nicht verbinden: Eine Anforderung ist nicht erfüllt.'],
    [blocked, 'en', "The account can't be connected like this: one requirement isn't met."],
    [
      unsettled,
      'de',
      'Ob sich das Konto verbinden lässt, ist noch offen: Einen Punkt konnten wir nicht klären.',
    ],
    [unsettled, 'en', "We can't say yet whether the account can be connected: one point is unclear."],
    [
      withNote,
      'de',
      'Bis auf einen Hinweis erfüllt der Server alle Anforderungen. Ihre Anmeldung haben wir noch nicht geprüft.',
    ],
  ] as const)(
    'given the verdict of %#, then it begins with one sentence in %s',
    (assessment, locale, sentence) => {
      const message = reportOf(assessment, locale);
      expect(message.summary).toBe(sentence);
      expect(message.blocks[0]).toMatchObject({ type: 'heading', text: sentence });
      expect(everyWord(message)).not.toMatch(/\bbereit\b|\bready\b/iu);
    },
  );

  test('given a blocker and a note, then its first screen has what is wrong, who acts and what to do, the blocker first', () => {
    const [first, second] = only(reportOf(blocked, 'de'), 'finding');
    expect(first).toMatchObject({ tone: 'bad', title: 'Der IMAP-Server unterstützt nur TLS 1.0' });
    expect(first?.paragraphs).toEqual([
      { label: de.report.who, text: de.actor.it },
      { label: de.report.what, text: expect.stringContaining('TLS 1.2') },
    ]);
    expect(second).toMatchObject({ tone: 'warning', title: 'Das SMTP-Zertifikat läuft am 01.12.2026 ab' });
  });

  test('given the same in English, then it names the English error', () => {
    const message = reportOf(blocked, 'en');
    const [first] = only(message, 'finding');
    const [seen] = only(message, 'evidence');
    expect(first?.title).toBe('The IMAP server only supports TLS 1.0');
    expect(first?.paragraphs[0]).toEqual({ label: en.report.who, text: en.actor.it });
    expect(JSON.stringify(seen)).toContain('“IMAP settings incorrect”');
  });

  test.each([
    ['everything met', allMet],
    ['a note', withNote],
    ['something open', unsettled],
    ['a blocker', blocked],
  ])(
    'given %s, then values follow what is to be done, and what was seen comes below both',
    (_, assessment) => {
      const { blocks } = reportOf(assessment, 'de');
      const places = ['heading', 'finding', 'values', 'evidence'];
      const rank = ({ type }: Block): number =>
        places.includes(type) ? places.indexOf(type) : places.length;
      const ranks = blocks.map(rank);
      expect(ranks).toEqual(ranks.toSorted());
      expect(ranks.filter((one) => one === 2)).toHaveLength(assessment.settings ? 1 : 0);
      expect(ranks.filter((one) => one === 3)).toHaveLength(assessment === allMet ? 0 : 1);
    },
  );

  test('given several findings, then what was seen and what HubSpot’s pages say stands under the name of its requirement', () => {
    const [seen] = only(reportOf(blocked, 'de'), 'evidence');
    expect(seen?.title).toBe(de.report.seen);
    const notes = seen?.paragraphs.map(({ label, text }) => [label, /widersprechen/u.test(text)]);
    expect(notes).toEqual([
      ['TLS-Version (IMAP-Server)', false],
      [null, false],
      [null, true],
      ['Gültigkeit des Zertifikats (SMTP-Server)', false],
    ]);
    expect(only(reportOf(blocked, 'de'), 'note').filter(({ text }) => /widersprechen/u.test(text))).toEqual(
      [],
    );
  });

  test('given both servers show no sign of an allow list, then there is one note about it, not two', () => {
    const notes = only(reportOf(allMet, 'de'), 'note');
    expect(notes.filter(({ text }) => text.includes('Freigabeliste'))).toHaveLength(1);
    expect(only(reportOf(allMet, 'de'), 'finding')).toEqual([]);
  });

  test('given settings, then they can be copied value by value, with what HubSpot calls them', () => {
    const untrusted = {
      ...withNote,
      settings: withNote.settings && { ...withNote.settings, allowUntrustedCertificate: true },
    };
    const [values, ofAdmin] = only(reportOf(untrusted, 'de'), 'values');
    expect(values?.title).toBe('Tragen Sie diese Werte in HubSpot ein');
    expect(values?.rows).toContainEqual({ label: 'IMAP-Server', value: 'imap.firma.example' });
    expect(values?.rows).toContainEqual({ label: 'SMTP-Verschlüsselung', value: 'SSL/TLS' });
    expect(values?.rows).toContainEqual({ label: de.value.password, value: de.value['own-password'] });
    // Only whoever administers HubSpot can set it.
    expect(ofAdmin).toEqual({
      type: 'values',
      title: de.report['values-of-admin'],
      rows: [{ label: '„Unsichere Zertifikate zulassen“', value: de.value.yes }],
    });
    expect(only(reportOf(blocked, 'de'), 'values')).toEqual([]);
  });

  const warned = (found: Finding, loginTested = false): Assessment => ({
    ...withNote,
    loginTested,
    findings: [found],
  });
  const sender = finding('smtp-send-as', 'sender-refused', { service: 'smtp', evidence: { reply: '553' } });
  const issuer = 'C=DE, O=Tests, CN=Firma CA';
  const privateCa = finding('cert-trusted', 'private-ca', { evidence: { issuer } });

  test.each([
    ['whoever manages HubSpot', warned(privateCa), de.verdict['act-first']['hubspot-admin']],
    ['IT', warned(finding('courier-imap', 'courier')), de.verdict['act-first'].it],
    ['the reader herself', warned(finding('personal-inbox', 'team-inbox')), de.verdict['act-first'].rep],
    ['IT, after a login', warned(sender, true), de.verdict.tested['act-first'].it],
    [
      'two of them',
      { ...withNote, findings: [privateCa, finding('courier-imap', 'courier')] },
      de.verdict['act-first'].several,
    ],
  ])(
    'given no more than warnings, but one for which %s must act first, then the first sentence says so',
    (_, assessment, sentence) => {
      const message = reportOf(assessment, 'de');
      expect(message.summary).toBe(sentence);
      expect(message.blocks[0]).toEqual({ type: 'heading', tone: 'warning', text: sentence });
      expect(everyWord(message)).not.toMatch(/ist bereit/u);
    },
  );

  test('given a login that both took and something that was not seen, then nothing is called ready', () => {
    const unseen = finding('sent-folder', 'unanswered');
    expect(reportOf(warned(unseen, true), 'de').summary).toBe(de.verdict.tested['not-all-seen_one']);
    expect(reportOf(warned(expiresSoon, true), 'de').summary).toContain('Ihr Konto ist bereit');
  });

  test('given a certificate, then its owner is called by name, not by its whole distinguished name', () => {
    const words = everyWord(reportOf(warned(privateCa), 'de'));
    expect(words).toContain('„Firma CA“');
    expect(words).not.toContain('O=Tests');
  });

  test('given a part of the check that failed on our side, then nobody is told to act', () => {
    const ours: Assessment = { ...unsettled, findings: [finding('cert-name', 'not-measured')] };
    const [block] = only(reportOf(ours, 'de'), 'finding');
    expect(block?.paragraphs.map(({ label }) => label)).not.toContain(de.report.who);
  });

  test('given no IT channel, then there is a text to copy instead of a button', () => {
    const message = reportOf(blocked, 'de', false);
    expect(message.buttons.map(({ action }) => action)).not.toContain('escalate');
    const [code] = only(message, 'code');
    expect(code?.text).toContain('Anna Vogt kann ein E-Mail-Konto nicht mit HubSpot verbinden');
    expect(code?.text).toContain('Der IMAP-Server unterstützt nur TLS 1.0');
    expect(code?.text).toContain('IMAP: imap.firma.example:993, SSL/TLS');
  });

  test('the button reads as agreed and carries ids only', () => {
    const [escalate] = reportOf(blocked, 'de').buttons;
    expect(escalate).toMatchObject({ action: 'escalate', label: 'An die IT übergeben', style: 'primary' });
    expect(escalate?.value).toMatch(/^c1\/e\d+$/u);
    expect(reportOf(blocked, 'en').buttons[0]?.label).toBe('Escalate to IT');
  });

  test('given a case, then the report mirrors where it stands', () => {
    const tale = handedOver();
    const report = () => everyWord(wordingIn('de').message(tale.now, `report:${tale.newestCheckId()}`));
    expect(report()).toContain('Der Fall liegt bei Ihrer IT. Sobald sich etwas tut, melden wir uns hier.');
    tale.pressAsIt('claim', tale.newestCaseId());
    expect(report()).toContain('Omar Haddad aus Ihrer IT kümmert sich darum.');
    tale.pressAsIt('resolve', tale.newestCaseId());
    expect(report()).toContain('Omar Haddad hat den Fall als erledigt gemeldet.');
  });
});

describe('the checklist', () => {
  test('lists the steps in HubSpot’s order, with what was reached, and never calls a login good', () => {
    const tale = createTale();
    tale.checkRunning();
    const id = tale.newestCheckId();
    const live = wordingIn('de').progress(tale.now, id, [
      { step: 'imap-connect', state: 'running', milestones: ['name', 'port', 'encryption'] },
    ]);
    expect(only(live, 'checklist')[0]?.items[0]).toEqual({
      state: 'running',
      stateLabel: 'läuft',
      label: 'IMAP: Verbindung',
      detail: 'Name gefunden · Port offen · Verbindung verschlüsselt',
    });
    expect(everyWord(live)).toContain('Das dauert höchstens 30 Sekunden.');
    tale.finish(blocked);
    const ended = wordingIn('de').message(tale.now, `progress:${id}`);
    expect(ended.summary).toBe('Prüfung beendet nach 2 Sekunden');
    expect(
      only(ended, 'checklist')[0]?.items.map(({ label, stateLabel }) => `${label}: ${stateLabel}`),
    ).toEqual([
      'IMAP: Verbindung: nicht erfüllt',
      'IMAP: Anmeldung: noch nicht geprüft',
      'SMTP: Verbindung: mit Hinweis',
      'SMTP: Anmeldung: noch nicht geprüft',
      'Test-E-Mail: noch nicht geprüft',
    ]);
  });

  test('given a fault of ours, then it says so and shows no result', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.tell({ type: 'check-failed', checkId: tale.newestCheckId() });
    const message = wordingIn('en').message(
      { ...tale.now, locale: 'en' },
      `progress:${tale.newestCheckId()}`,
    );
    expect(message.summary).toBe('Check stopped: an error on our side');
    expect(only(message, 'checklist')[0]?.items.every(({ state }) => state === 'skipped')).toBe(true);
  });
});

describe('the details', () => {
  test('show passes too, by server, and where the rules are written', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(allMet);
    tale.press('details', tale.newestCheckId());
    const message = wordingIn('de').message(tale.now, `details:${tale.newestCheckId()}`);
    expect(only(message, 'text').map(({ text }) => text)).toEqual([
      'IMAP: imap.firma.example:993',
      'SMTP: smtp.firma.example:465',
    ]);
    expect(only(message, 'checklist')[0]?.items[0]).toMatchObject({
      state: 'good',
      stateLabel: 'erfüllt',
      label: 'Der IMAP-Port 993 ist offen',
    });
    const [sources] = only(message, 'note');
    expect(sources?.text).toContain('(Stand 11.12.2017)');
    expect(sources?.text.match(/älter als zwölf Monate/gu)).toHaveLength(1);
  });
});
