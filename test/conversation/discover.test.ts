import { describe, expect, test } from 'vitest';
import { addressKey, type LookupOutcome } from '../../src/conversation/state/lookup.ts';
import { fieldsOf, prefill } from '../../src/conversation/view/forms.ts';
import type { Proposal } from '../../src/diagnosis/account/provider.ts';
import { createWording } from '../../src/wording/index.ts';
import { createTale, google, nothingFound, proposed, proton, servers, start, type Tale } from './fixtures.ts';

const wording = createWording({ itLocale: 'de', now: () => start, itChannel: true });
const found = (proposal: Proposal): LookupOutcome => ({ type: 'found', proposal });
const anna = 'anna@firma.example';

const discover = (tale: Tale, outcome: LookupOutcome, address = anna, answers: string | null = null) =>
  tale.tell({ type: 'discovered', address, outcome, answers });
const offered = (tale: Tale) => {
  const values = prefill(tale.now);
  return fieldsOf.servers.slice(0, 7).map((field) => values[field]);
};
const hoster = ['imap.hoster.example', '993', 'tls', 'smtp.hoster.example', '587', 'starttls', anna];
const introOf = (tale: Tale, locale: 'de' | 'en' = 'de') =>
  wording
    .form({ ...tale.now, locale }, 'servers', '')
    .intro.map((block) => ('text' in block ? block.text : block.type));

describe('looking for settings', () => {
  test('begins with the address, wherever it is first heard', () => {
    const expected = { type: 'discover', address: anna };
    expect(createTale().command(anna)).toContainEqual(expected);
    expect(createTale().say(`mailto:${anna}`)).toContainEqual(expected);
    expect(createTale().submit('address', { address: ` ${anna} ` })).toContainEqual(expected);
    const known = createTale();
    known.tell({ type: 'introduced', name: 'Anna', locale: null, address: anna });
    expect(known.press('start')).toContainEqual(expected);
    expect(createTale().submit('address', { address: 'anna@' })).not.toContainEqual(
      expect.objectContaining({ type: 'discover' }),
    );
  });

  test('what was found once is not looked for again, however the address is written', () => {
    const tale = createTale();
    tale.say(anna);
    discover(tale, found(proposed));
    expect(tale.submit('address', { address: 'ANNA@Firma.example' })).toEqual([
      { type: 'answer', answer: { type: 'form', form: 'servers', about: '' } },
    ]);
    expect(addressKey(' ANNA@Firma.example')).toBe(anna);
  });

  test('fills the servers and says where they come from and what to do first', () => {
    const tale = createTale();
    tale.submit('address', { address: anna });
    expect(introOf(tale)[0]).toMatch(/^Einen Moment: Wir suchen noch die Einstellungen/u);
    expect(discover(tale, found(proposed), anna, '')).toEqual([
      { type: 'answer', answer: { type: 'form', form: 'servers', about: '' } },
    ]);
    expect(offered(tale)).toEqual(hoster);
    expect(introOf(tale)).toEqual([
      `Diese Einstellungen für ${anna} haben wir gefunden: Sie gelten für alle Konten dieses Anbieters. Bitte sehen Sie kurz nach, ob alles stimmt. Wir brauchen kein Passwort.`,
      expect.stringContaining('Schalten Sie zuerst IMAP ein'),
      expect.stringContaining('App-Passwort'),
    ]);
    expect(introOf(tale, 'en')[0]).toContain('they apply to all accounts of this provider');
  });

  test.each([
    ['info@firma.example', 'yes', true],
    [' Sales-Berlin@firma.example ', 'yes', true],
    ['info@firma.example', 'no', false],
    [anna, 'yes', false],
  ] as const)('for %j, hers alone: %s, then a kind doubt is %s', (address, personalInbox, doubted) => {
    const tale = createTale();
    tale.submit('address', { address, personalInbox });
    for (const [locale, words] of [
      ['de', /klingt nach einer Adresse für mehrere/u],
      ['en', /sounds like an address that several people share/u],
    ] as const)
      expect(introOf(tale, locale).some((text) => words.test(text))).toBe(doubted);
  });

  test('that brought one server only says which one is missing', () => {
    const tale = createTale();
    tale.submit('address', { address: anna });
    discover(tale, found({ ...proposed, smtp: null, hints: [] }));
    expect(offered(tale).slice(2, 5)).toEqual(['tls', '', '465']);
    expect(introOf(tale)[1]).toBe(
      'Für SMTP haben wir nichts gefunden. Bitte tragen Sie diesen Server selbst ein.',
    );
  });

  test.each([
    [{ type: 'failed' }, /^Für .* haben wir keine Einstellungen gefunden/u],
    [{ type: 'found', proposal: nothingFound }, /^Für .* haben wir keine Einstellungen gefunden/u],
    [{ type: 'refused', until: start + 150_000 }, /In 3 Minuten geht es wieder/u],
  ] as const)('that came to nothing asks for the servers all the same: %o', (outcome, words) => {
    const tale = createTale();
    tale.submit('address', { address: anna });
    discover(tale, outcome as LookupOutcome);
    expect(offered(tale)).toEqual(['', '993', 'tls', '', '465', 'tls', anna]);
    expect(introOf(tale)[0]).toMatch(words);
  });

  test('never writes over what she typed for this address', () => {
    const tale = createTale();
    tale.submit('address', { address: anna });
    tale.submit('servers', {
      ...servers,
      imapHost: 'imaps://mail.own.example',
      smtpHost: '',
      smtpPort: '2525',
    });
    discover(tale, found(proposed));
    expect(offered(tale)).toEqual([
      'imaps://mail.own.example',
      '993',
      'tls',
      'smtp.hoster.example',
      '2525',
      'starttls',
      anna,
    ]);
    expect(introOf(tale)[0]).toMatch(/^Angaben für/u);
  });

  test('given another address, then its own settings are proposed; going back, what was typed counts', () => {
    const tale = createTale();
    tale.submit('address', { address: anna });
    tale.submit('servers', { ...servers, imapHost: 'falsch', smtpPort: 'x' });
    const other = 'a.vogt@hoster.example';
    tale.submit('address', { address: other });
    discover(tale, found({ ...proposed, username: other }), other);
    expect(offered(tale)).toEqual([...hoster.slice(0, 6), other]);
    tale.submit('address', { address: anna });
    discover(tale, found(proposed));
    expect(offered(tale).slice(0, 2)).toEqual(['falsch', '993']);
  });

  test('a result for an address that she has left behind changes nothing', () => {
    const tale = createTale();
    tale.submit('address', { address: anna });
    tale.submit('address', { address: 'b@firma.example' });
    const before = tale.now;
    discover(tale, found(proposed));
    expect(tale.now).toBe(before);
  });
});

describe('a provider that has a better road', () => {
  test.each([
    ['google', google, 'rep: use-native-google'],
    ['Proton', proton, 'rep: no-public-imap'],
  ])('%s: she is told so instead of being asked for servers', (_name, proposal, notice) => {
    const tale = createTale();
    tale.submit('address', { address: anna });
    const effects = discover(tale, found(proposal), anna, '');
    expect(effects).toContainEqual({ type: 'answer', answer: { type: 'close' } });
    expect(tale.notices()).toEqual([notice]);
    const message = wording.message(tale.now, `notice:${tale.now.notices[0]?.id ?? ''}`);
    expect(message.buttons.map(({ action }) => action)).toEqual([
      notice.endsWith('google') ? 'continue-imap' : 'start',
    ]);
    expect(message.summary).toContain(anna);
  });

  test('with “continue with IMAP” the servers are asked, filled in, with what to do first', () => {
    const tale = createTale();
    tale.submit('address', { address: anna });
    discover(tale, found(google), anna, '');
    expect(tale.press('continue-imap')).toEqual([{ type: 'open-form', form: 'servers', about: '' }]);
    expect(offered(tale)).toEqual(hoster);
    expect(introOf(tale).join(' ')).toMatch(/eigene Verbindung zu Google.*App-Passwort/u);
  });

  test('an old button without any address asks for the address', () => {
    expect(createTale().press('continue-imap')).toEqual([{ type: 'open-form', form: 'address', about: '' }]);
  });
});

describe('a profile that comes later', () => {
  test('gives language, name and address, unless she has chosen or typed her own', () => {
    const tale = createTale();
    tale.command('');
    const effects = tale.tell({ type: 'introduced', name: 'Anna V.', locale: 'en', address: anna });
    expect(tale.now).toMatchObject({ locale: 'en', person: { name: 'Anna V.' }, draft: { address: anna } });
    expect(effects).toContainEqual({ type: 'discover', address: anna });
    expect(effects).toContainEqual({ type: 'show', slot: 'welcome' });
    tale.say('Sprache de');
    tale.say('b@firma.example');
    tale.tell({ type: 'introduced', name: 'Anna V.', locale: 'en', address: anna });
    expect(tale.now).toMatchObject({ locale: 'de', draft: { address: 'b@firma.example' } });
  });
});
