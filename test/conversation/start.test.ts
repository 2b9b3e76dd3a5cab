import { describe, expect, test } from 'vitest';
import { prefill } from '../../src/conversation/view/forms.ts';
import { begin, blocked, createTale, servers } from './fixtures.ts';

describe('starting', () => {
  test('given a new rep, when she types the command, then the form for her address opens and a welcome is posted', () => {
    const tale = createTale();
    expect(tale.command('')).toEqual([
      { type: 'show', slot: 'welcome' },
      { type: 'open-form', form: 'address', about: '' },
    ]);
  });

  test('given a chat in which no form can open by itself, when she writes her address, then it is remembered for the form', () => {
    const tale = createTale();
    expect(tale.say('  anna@firma.example ')).toEqual([
      { type: 'discover', address: 'anna@firma.example' },
      { type: 'show', slot: 'welcome' },
    ]);
    expect(tale.now.draft.address).toBe('anna@firma.example');
  });

  test('given a welcome far above, when she starts again, then a new one is posted instead of changing the old one', () => {
    const tale = createTale();
    tale.say('E-Mail verbinden');
    expect(tale.now.messages.welcome).toBeDefined();
    const [posted] = tale.say('connect email');
    expect(posted).toEqual({ type: 'show', slot: 'welcome' });
    expect(tale.shown.filter((slot) => slot === 'welcome')).toHaveLength(2);
  });

  test.each([
    ['Hilfe', 'rep: help'],
    ['help', 'rep: help'],
    ['wie geht das?', 'rep: help'],
    ['STATUS', 'rep: status'],
    ['Sprache en', 'rep: language'],
  ])('when she writes %s, then she gets %s', (text, notice) => {
    const tale = createTale();
    tale.say(text);
    expect(tale.notices()).toEqual([notice]);
  });

  test('when she chooses a language, then it stays chosen', () => {
    const tale = createTale();
    tale.command('language en');
    expect(tale.now).toMatchObject({ locale: 'en', localeChosen: true });
  });
});

describe('the forms', () => {
  test('given an address, when she submits it, then the servers are asked in the same dialogue, with her address as user name', () => {
    const tale = createTale();
    const effects = tale.submit('address', { address: 'anna@firma.example', personalInbox: 'no' });
    expect(effects).toEqual([
      { type: 'discover', address: 'anna@firma.example' },
      { type: 'answer', answer: { type: 'form', form: 'servers', about: '' } },
    ]);
    expect(tale.now.draft).toMatchObject({ address: 'anna@firma.example', personalInbox: 'no' });
  });

  test('given a wrong address, then the error stands under its field and what she typed is kept', () => {
    const tale = createTale();
    expect(tale.submit('address', { address: 'anna.firma.example' })).toEqual([
      { type: 'answer', answer: { type: 'errors', errors: { address: { code: 'address-no-at' } } } },
    ]);
    expect(tale.now.draft.address).toBe('anna.firma.example');
  });

  test('given two wrong fields, then both are named, everything typed is kept, and no check runs', () => {
    const tale = createTale();
    tale.submit('address', { address: 'anna@firma.example' });
    const typed = { ...servers, imapHost: 'imaps://imap.firma.example', smtpPort: '99999' };
    const [answer] = tale.submit('servers', typed);
    expect(answer).toMatchObject({
      answer: {
        type: 'errors',
        errors: { imapHost: { code: 'host-with-scheme' }, smtpPort: { code: 'port-out-of-range' } },
      },
    });
    expect(tale.now.draft).toMatchObject({ imapHost: typed.imapHost, smtpPort: '99999' });
    expect(tale.now.checks).toEqual([]);
  });

  test('given a port that the operator does not allow, then it is refused under its field', () => {
    const tale = createTale();
    tale.submit('address', { address: 'anna@firma.example' });
    const [answer] = tale.submit('servers', { ...servers, imapPort: '6379' });
    expect(answer).toMatchObject({ answer: { errors: { imapPort: { code: 'port-not-tested-here' } } } });
  });

  test('given a port behind a host, then it counts before one that she has not typed, and goes into its own field', () => {
    const tale = createTale();
    tale.submit('address', { address: 'anna@firma.example' });
    tale.submit('servers', { ...servers, imapHost: 'imap.firma.example:143', smtpHost: 'imaps://x' });
    expect(tale.now.draft.imapHost, 'another field was wrong: it stays as typed').toBe(
      'imap.firma.example:143',
    );
    tale.submit('servers', { ...servers, imapHost: 'imap.firma.example:143' });
    expect(tale.now.checks[0]?.account.imap).toMatchObject({ host: 'imap.firma.example', port: 143 });
    expect(tale.now.draft).toMatchObject({ imapHost: 'imap.firma.example', imapPort: '143' });
    tale.finish(blocked);

    // 143 stands there now, from the check before; null is what some platforms send for it.
    for (const imapPort of ['143', null, ''])
      expect(
        tale.submit('servers', { ...servers, imapHost: 'imap.firma.example:993', imapPort }),
      ).toContainEqual({ type: 'answer', answer: { type: 'close' } });
    expect(tale.now.checks.at(-1)?.account.imap?.port).toBe(993);
  });

  test('given a port behind a host and another one that she typed, then she is asked which, as often as she sends both', () => {
    const tale = createTale();
    tale.submit('address', { address: 'anna@firma.example' });
    const both = { ...servers, imapHost: 'imap.firma.example:143', imapPort: '144' };
    for (const _ of [1, 2])
      expect(tale.submit('servers', both)).toMatchObject([
        { answer: { errors: { imapHost: { code: 'port-twice', params: { one: 143, other: 144 } } } } },
      ]);
  });

  test('given spaces around the address, then none stand in the user name, and it still follows the address', () => {
    const tale = createTale();
    tale.submit('address', { address: '  anna@firma.example ' });
    expect(prefill(tale.now).username).toBe('anna@firma.example');
    tale.submit('servers', { ...servers, username: prefill(tale.now).username });
    tale.submit('address', { address: 'a.vogt@firma.example' });
    expect(prefill(tale.now).username).toBe('a.vogt@firma.example');
  });

  test('given a platform that sends null for what was not touched, then what stood in the fields counts', () => {
    const tale = createTale();
    tale.submit('address', { address: 'anna@firma.example', personalInbox: null });
    tale.submit('servers', {
      imapHost: 'imap.firma.example',
      smtpHost: 'smtp.firma.example',
      imapPort: null,
    });
    expect(tale.now.checks[0]?.account).toMatchObject({
      username: 'anna@firma.example',
      personalInbox: true,
      imap: { port: 993, encryption: 'tls' },
      smtp: { port: 465, encryption: 'tls' },
    });
  });

  test('given a server form without any address, then the address is asked first', () => {
    const tale = createTale();
    expect(tale.submit('servers', servers)).toEqual([
      { type: 'answer', answer: { type: 'form', form: 'address', about: '' } },
    ]);
  });

  test('given another address than before, then a user name that was the old address follows it', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.submit('address', { address: 'a.vogt@firma.example' });
    expect(tale.now.draft.username).toBeUndefined();
  });

  test('given a form of somebody else, then it is closed and nothing happens', () => {
    const tale = createTale();
    const by = { platform: 'recording', id: 'U9', name: 'Eve' };
    expect(
      tale.tell({ type: 'submitted', form: 'servers', about: '', values: servers, by, inItChannel: false }),
    ).toEqual([{ type: 'answer', answer: { type: 'close' } }]);
    expect(tale.now).toEqual(begin());
  });
});
