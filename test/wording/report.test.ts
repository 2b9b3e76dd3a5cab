import { describe, expect, test } from 'vitest';
import type { Block, Message } from '../../src/chat/view.ts';
import type { Locale } from '../../src/conversation/state/conversation.ts';
import type { Assessment } from '../../src/diagnosis/finding.ts';
import { createWording } from '../../src/wording/index.ts';
import {
  allMet,
  blocked,
  createTale,
  finding,
  handedOver,
  legacyOnly,
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

  test('given a blocker and a note, then the blocker comes first, each with what was seen, who acts and how', () => {
    const [first, second] = only(reportOf(blocked, 'de'), 'finding');
    expect(first).toMatchObject({ tone: 'bad', title: 'Der IMAP-Server unterstützt nur TLS 1.0' });
    expect(first?.paragraphs.map(({ label }) => label)).toEqual([null, 'Zuständig', 'Was zu tun ist', null]);
    expect(first?.paragraphs[1]).toEqual({ label: 'Zuständig', text: 'Ihre IT' });
    expect(first?.paragraphs[3]?.text).toContain('„Falsche IMAP-Einstellungen“');
    expect(second).toMatchObject({ tone: 'warning', title: 'Das SMTP-Zertifikat läuft am 01.12.2026 ab' });
  });

  test('given the same in English, then it names the English error', () => {
    const [first] = only(reportOf(blocked, 'en'), 'finding');
    expect(first?.title).toBe('The IMAP server only supports TLS 1.0');
    expect(first?.paragraphs[1]).toEqual({ label: 'Who needs to act', text: 'your IT team' });
    expect(first?.paragraphs.at(-1)?.text).toContain('“IMAP settings incorrect”');
  });

  test('given both servers show no sign of an allow list, then there is one note about it, not two', () => {
    const notes = only(reportOf(allMet, 'de'), 'note');
    expect(notes.filter(({ text }) => text.includes('Freigabeliste'))).toHaveLength(1);
    expect(only(reportOf(allMet, 'de'), 'finding')).toEqual([]);
  });

  test('given policies that disagree on both servers, then the report says so once', () => {
    const both = {
      ...blocked,
      findings: [legacyOnly, { ...legacyOnly, endpoint: null, hubspotStep: 'smtp-connect' as const }],
    };
    const notes = only(reportOf(both, 'de'), 'note');
    expect(notes.filter(({ text }) => text.includes('widersprechen'))).toHaveLength(1);
  });

  test('given settings, then they can be copied value by value, with what HubSpot calls them', () => {
    const untrusted = {
      ...withNote,
      settings: withNote.settings && { ...withNote.settings, allowUntrustedCertificate: true },
    };
    const [values] = only(reportOf(untrusted, 'de'), 'values');
    expect(values?.title).toBe('Tragen Sie diese Werte in HubSpot ein');
    expect(values?.rows).toContainEqual({ label: 'IMAP-Server', value: 'imap.firma.example' });
    expect(values?.rows).toContainEqual({ label: 'SMTP-Verschlüsselung', value: 'SSL/TLS' });
    expect(values?.rows).toContainEqual({
      label: '„Unsichere Zertifikate zulassen“',
      value: 'ja (stellt Ihre HubSpot-Administration ein)',
    });
    expect(values?.rows).toContainEqual({
      label: 'Passwort',
      value: 'das Ihres Postfachs oder das App-Passwort',
    });
    expect(only(reportOf(blocked, 'de'), 'values')).toEqual([]);
  });

  test('given a part of the check that failed on our side, then nobody is told to act', () => {
    const ours: Assessment = { ...unsettled, findings: [finding('cert-name', 'not-measured')] };
    const [block] = only(reportOf(ours, 'de'), 'finding');
    expect(block?.paragraphs.map(({ label }) => label)).not.toContain('Zuständig');
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
