import { describe, expect, test } from 'vitest';
import { canTestLogin } from '../../src/conversation/check/login-test.ts';
import { recognise } from '../../src/conversation/events/intent.ts';
import { createWording } from '../../src/wording/index.ts';
import {
  blocked,
  createTale,
  finding,
  handedOver,
  loginPossible,
  omar,
  rules,
  start,
  type Tale,
} from './fixtures.ts';

const wording = createWording({ itLocale: 'de', now: () => start, itChannel: true, loginPage: true });
const last = (tale: Tale) => wording.message(tale.now, `notice:${tale.now.notices.at(-1)?.id ?? ''}`);
const words = (tale: Tale): string => JSON.stringify(last(tale).blocks);
const actions = (tale: Tale) => last(tale).buttons.map(({ action }) => action);

const checked = (assessment = loginPossible): Tale => {
  const tale = createTale();
  tale.checkRunning();
  tale.finish(assessment);
  return tale;
};

describe('a word behind the name of the command', () => {
  test.each([
    ['connect-email status', { type: 'status' }],
    ['/connect-email Help', { type: 'help' }],
    ['connect email language en', { type: 'language', locale: 'en' }],
    ['E-Mail verbinden anna@firma.example', { type: 'start-with', address: 'anna@firma.example' }],
    ['connect-email: vergessen', { type: 'forget' }],
    ['connect-email', { type: 'start' }],
    ['E-Mail verbinden!', { type: 'start' }],
    ['status?', { type: 'status' }],
    ['?', { type: 'help' }],
    ['connect-email anna', { type: 'unknown' }],
  ])('is understood: “%s”', (text, intent) => {
    expect(recognise(text)).toEqual(intent);
  });
});

describe('an error that HubSpot showed', () => {
  test.each([
    ['Falsche IMAP-Einstellungen', 'imap-settings'],
    ['„falsche imap einstellungen“', 'imap-settings'],
    ['HubSpot sagt: IMAP settings incorrect!', 'imap-settings'],
    ['SMTP Settings Incorrect', 'smtp-settings'],
    ['smtp settings incorrect', 'smtp-settings'],
    ['IMAP settings are incorrect', 'imap-settings'],
    ['"IMAP Authentication Error"', 'imap-login'],
    ['Fehler: imap   authentication\nerror (siehe Bild)', 'imap-login'],
    ['Falsche SMTP-Einstellungen.', 'smtp-settings'],
    ['smtp SETTINGS incorrect', 'smtp-settings'],
    ['da steht UNAUTHORIZED', 'unauthorized'],
    ['unauthorised', 'unauthorized'],
  ])('is known by “%s”', (text, error) => {
    expect(recognise(text)).toEqual({ type: 'hubspot-error', error });
  });

  test.each(['IMAP', 'settings', 'Einstellungen', 'anna@firma.example', 'imap error'])(
    'is not read into “%s”',
    (text) => {
      expect(recognise(text).type).not.toBe('hubspot-error');
    },
  );

  test('given nothing checked yet, then she reads which step it is and can begin', () => {
    const tale = createTale();
    tale.say('IMAP authentication error');
    expect(words(tale)).toMatch(/zweite Schritt.*App-Passwort.*nachsehen/u);
    expect(actions(tale)).toEqual(['start']);
  });

  test('given a check that saw a cause at that step, then it is named', () => {
    const tale = checked(blocked);
    tale.say('Falsche IMAP-Einstellungen');
    expect(words(tale)).toContain('Der IMAP-Server unterstützt nur TLS 1.0');
    expect(words(tale)).not.toContain('läuft am');
    expect(actions(tale)).toEqual(['check-again', 'edit']);
  });

  test('given servers that take a login, then the login can be tested', () => {
    const tale = checked();
    tale.say('UNAUTHORIZED');
    expect(words(tale)).toContain('noch nicht geprüft');
    expect(actions(tale)).toEqual(['check-again', 'edit', 'test-login']);
  });

  test('while IT waits for an answer, it is the answer', () => {
    const tale = handedOver();
    const values = { question: 'Was zeigt HubSpot?' };
    const about = tale.newestCaseId();
    tale.tell({ type: 'submitted', form: 'ask-rep', about, values, by: omar, inItChannel: true });
    tale.say('IMAP settings incorrect');
    expect(tale.notices().at(-1)).toBe('rep: answer-arrived');
  });
});

describe('forgetting', () => {
  test.each(['vergessen', 'Forget', 'Daten löschen', 'delete my data'])('is asked for by “%s”', (text) => {
    expect(recognise(text)).toEqual({ type: 'forget' });
  });

  test('withdraws what is open, tells IT, and deletes behind that', () => {
    const tale = handedOver();
    const effects = tale.say('vergessen');
    expect(tale.now.escalations.map(({ state }) => state)).toEqual(['withdrawn']);
    expect(tale.notices().slice(-2)).toEqual(['thread: withdrawn', 'rep: forgetting']);
    expect(effects.at(-1)).toEqual({
      type: 'erase',
      counts: { accounts: 1, checks: 1, cases: 1, messages: expect.any(Number) },
    });
    tale.tell({ type: 'erasing' });
    expect(tale.now).toMatchObject({
      id: 'c1',
      draft: {},
      checks: [],
      escalations: [],
      notices: [],
      messages: {},
    });
    expect(JSON.stringify(tale.now)).not.toMatch(/firma|Vogt/u);
  });

  test('a second time leaves alone what began anew', () => {
    const tale = createTale();
    tale.say('vergessen');
    tale.tell({ type: 'erasing' });
    tale.say('neu@firma.example');
    tale.tell({ type: 'erasing' });
    expect(tale.now.draft.address).toBe('neu@firma.example');
  });
});

describe('testing the login', () => {
  const press = (tale: Tale) => tale.press('test-login', tale.newestCheckId());
  const submit = (tale: Tale) =>
    tale.tell({
      type: 'login-submitted',
      checkId: tale.newestCheckId(),
      noticeId: tale.now.openLogin ?? 'none',
    });

  test('is offered where both servers would take a password, and only with a page for it', () => {
    const tale = checked();
    const report = `report:${tale.newestCheckId()}` as const;
    const offered = () => wording.message(tale.now, report).buttons.map(({ action }) => action);
    expect(offered()).toContain('test-login');
    const without = createWording({ itLocale: 'de', now: () => start, itChannel: true }).message(
      tale.now,
      report,
    );
    expect(without.buttons.map(({ action }) => action)).not.toContain('test-login');
    expect(JSON.stringify(without.blocks)).toContain('--password-stdin');
    const closed = createTale({ rules: { ...rules, loginPage: false } });
    closed.checkRunning();
    closed.finish(loginPossible);
    press(closed);
    expect(closed.notices()).toEqual(['rep: stale']);
  });

  test.each([
    ['no TLS', finding('smtp-tls', 'starttls-not-offered', { service: 'smtp' })],
    ['no password login', finding('auth-mechanism', 'login-disabled')],
    ['a certificate nobody vouches for', finding('cert-trusted', 'self-signed')],
    ['a foreign certificate', finding('cert-name', 'name-mismatch', { service: 'smtp' })],
  ])('is not offered with %s', (_what, more) => {
    const tale = checked({ ...loginPossible, findings: [...loginPossible.findings, more] });
    const check = tale.now.checks.at(-1);
    expect(check && canTestLogin(check)).toBe(false);
    press(tale);
    expect(tale.notices()).toEqual(['rep: stale']);
  });

  test('makes a link whose message nobody but its sender writes, and one check with a login', () => {
    const tale = checked();
    const [offer, ...rest] = press(tale);
    expect(offer).toEqual({
      type: 'offer-login',
      noticeId: tale.now.openLogin,
      checkId: tale.newestCheckId(),
    });
    expect(rest).toEqual([]);
    const effects = submit(tale);
    const id = tale.newestCheckId();
    expect(effects).toContainEqual({ type: 'try-login', checkId: id, rehearse: false });
    expect(effects).not.toContainEqual(expect.objectContaining({ type: 'diagnose' }));
    expect(tale.now.checks.at(-1)).toMatchObject({ state: 'running', withLogin: true });
    expect(tale.now.openLogin).toBeNull();
    expect(submit(tale)).toEqual([]);
  });

  test('given a newer link, then the older one is worth nothing', () => {
    const tale = checked();
    press(tale);
    const older = tale.now.openLogin ?? '';
    press(tale);
    const checkId = tale.newestCheckId();
    expect(tale.tell({ type: 'login-submitted', checkId, noticeId: older })).toEqual([]);
    expect(submit(tale)).toContainEqual(expect.objectContaining({ type: 'try-login' }));
  });

  test('given a login that worked, then and only then the report says ready', () => {
    const tale = checked();
    const summary = () => wording.message(tale.now, `report:${tale.newestCheckId()}`).summary;
    expect(summary()).not.toMatch(/bereit/u);
    press(tale);
    submit(tale);
    tale.finish({ ...loginPossible, loginTested: true });
    expect(summary()).toMatch(/^Ihr Konto ist bereit/u);
  });
});
