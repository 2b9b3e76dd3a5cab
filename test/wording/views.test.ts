import { describe, expect, test } from 'vitest';
import type { Block, Message } from '../../src/chat/view.ts';
import type { Locale } from '../../src/conversation/state/conversation.ts';
import { lookCommands } from '../../src/wording/findings/commands.ts';
import { findingText } from '../../src/wording/findings/findings.ts';
import { createWording } from '../../src/wording/index.ts';
import {
  blocked,
  createTale,
  expiresSoon,
  finding,
  gone,
  handedOver,
  legacyOnly,
  omar,
  servers,
  start,
  type Tale,
} from '../conversation/fixtures.ts';

const wordingIn = (itLocale: Locale, itChannel = true) =>
  createWording({ itLocale, now: () => start, itChannel });

const rootOf = (tale: Tale, locale: Locale): Message =>
  wordingIn(locale).message(tale.now, `it-root:${tale.newestCaseId()}`);

const only = <T extends Block['type']>(message: Message, type: T): Extract<Block, { type: T }>[] =>
  message.blocks.filter((block): block is Extract<Block, { type: T }> => block.type === type);

const everyWord = (message: Message): string => JSON.stringify(message);

describe('the message in the IT channel', () => {
  test('carries who, which servers, every unmet title, the comment, and who hears what is said', () => {
    const tale = handedOver();
    const message = rootOf(tale, 'de');
    const { account } = tale.now.checks[0] ?? {};
    const titles = only(message, 'finding').map(({ title }) => title);
    expect(account && titles).toEqual(
      account && [legacyOnly, expiresSoon].map((one) => findingText(one, account, 'de').title),
    );
    expect(only(message, 'values')[0]?.rows).toContainEqual({
      label: 'SMTP',
      value: 'smtp.firma.example:465, SSL/TLS',
    });
    expect(only(message, 'quote')).toEqual([{ type: 'quote', by: 'Anna Vogt', text: 'Seit gestern' }]);
    expect(only(message, 'note')[0]?.text).toContain('Alles andere bleibt in diesem Thread.');
    expect(message.buttons.map(({ label }) => label)).toEqual([
      'Ich übernehme',
      'Erneut prüfen',
      'Rückfrage stellen',
      'Erledigt',
    ]);
  });

  test('is in IT’s language, whatever the rep speaks', () => {
    expect(rootOf(handedOver(), 'en').summary).toBe(
      "Anna Vogt can't connect an e-mail account to HubSpot. Open. Nobody has taken the case yet.",
    );
  });

  test('given a new check, then what is met by now says so and what came up is marked', () => {
    const tale = handedOver();
    tale.pressAsIt('check-again', tale.newestCaseId());
    expect(everyWord(rootOf(tale, 'de'))).toContain('Eine neue Prüfung läuft.');
    tale.finish({
      ...blocked,
      findings: [
        expiresSoon,
        finding('smtp-port-open', 'one-address-dead', {
          service: 'smtp',
          evidence: { dead: ['203.0.113.9'], alive: ['203.0.113.8'] },
        }),
      ],
    });
    const found = only(rootOf(tale, 'de'), 'finding').map(({ tone, paragraphs }) => [
      tone,
      paragraphs[0]?.text,
    ]);
    expect(found).toEqual([
      ['warning', undefined],
      ['warning', 'Bei der neuesten Prüfung dazugekommen.'],
      ['good', 'Bei der neuesten Prüfung in Ordnung.'],
    ]);
    expect(everyWord(rootOf(tale, 'de'))).toContain('Neueste Prüfung: 2 Punkte sind noch offen.');
  });

  test('the evidence has the transcript and commands that repeat what we saw', () => {
    const tale = handedOver();
    const message = wordingIn('de').message(tale.now, `it-evidence:${tale.newestCaseId()}.imap`);
    expect(only(message, 'code').map(({ text }) => text)).toEqual([
      'S: * OK ready',
      "openssl s_client -connect 'imap.firma.example:993' -servername 'imap.firma.example' -showcerts",
      "npm run -s connect-email -- check '--imap=imap.firma.example:993' '--imap-encryption=tls' '--smtp=smtp.firma.example:465' '--smtp-encryption=tls' -- 'anna@firma.example'",
    ]);
    expect(only(message, 'finding')[0]?.paragraphs[1]).toEqual({ label: 'Zuständig', text: 'die IT' });
  });
});

test('a user name that a shell could run stands beside every line for pasting, never in one', () => {
  const username = '--;touch hit;#';
  const tale = createTale();
  tale.submit('address', { address: 'anna@firma.example', personalInbox: 'yes' });
  tale.submit('servers', { ...servers, username });
  tale.finish(blocked);
  tale.handOver();
  const slots = (['imap', 'smtp'] as const).map(
    (service) => `it-evidence:${tale.newestCaseId()}.${service}` as const,
  );
  const report = wordingIn('de').message(tale.now, `report:${tale.newestCheckId()}`);
  const evidence = slots.map((slot) => wordingIn('de').message(tale.now, slot));
  expect(
    [report, ...evidence].flatMap((one) => only(one, 'code')).map(({ text }) => text),
  ).not.toContainEqual(expect.stringContaining('touch'));
  for (const one of evidence) {
    expect(only(one, 'code').at(-1)?.text).toContain("'--username=BENUTZERNAME'");
    expect(only(one, 'values').at(-1)?.rows).toEqual([{ label: 'BENUTZERNAME', value: username }]);
  }
});

test('what the rep must do herself is told to IT of her, and to her directly', () => {
  const tale = createTale();
  tale.checkRunning();
  const refused = finding('login-accepted', 'wrong-credentials', { evidence: { reply: 'NO' } });
  tale.finish({ ...blocked, findings: [refused] });
  tale.handOver();
  const evidence = wordingIn('de').message(tale.now, `it-evidence:${tale.newestCaseId()}.imap`);
  expect(everyWord(evidence)).toContain('Die Person im Vertrieb muss Benutzername und Passwort prüfen');
  expect(everyWord(evidence)).not.toContain('Sie können');
  const report = wordingIn('de').message(tale.now, `report:${tale.newestCheckId()}`);
  expect(everyWord(report)).toContain('Prüfen Sie Benutzername und Passwort');
});

describe('the report about a case', () => {
  const reportOf = (tale: Tale, locale: Locale): string =>
    everyWord(wordingIn('de').message({ ...tale.now, locale }, `report:${tale.newestCheckId()}`));

  test.each([
    ['de', 'Ihre IT hat diese Prüfung gestartet.', 'Wir haben von selbst noch einmal geprüft'],
    ['en', 'Your IT team started this check.', 'We checked again by ourselves'],
  ] as const)('says in %s whether IT or the watch began it', (locale, byIt, byWatch) => {
    const tale = handedOver();
    tale.pressAsIt('check-again', tale.newestCaseId());
    tale.finish(blocked);
    expect(reportOf(tale, locale)).toContain(byIt);
    expect(reportOf(tale, locale)).not.toContain(byWatch);

    for (const _ of [1, 2]) {
      const look = tale.now.escalations.at(-1)?.watch?.look ?? 0;
      tale.tell({ type: 'watched', escalationId: tale.newestCaseId(), look, assessment: gone });
    }
    tale.finish(gone);
    expect(reportOf(tale, locale)).toContain(byWatch);
    expect(reportOf(tale, locale)).not.toContain(byIt);
  });
});

describe('commands for IT', () => {
  test('names STARTTLS where it is used, and no server name for an address', () => {
    const endpoint = {
      service: 'smtp',
      host: '192.0.2.1',
      asciiHost: '192.0.2.1',
      port: 587,
      encryption: 'starttls',
    } as const;
    expect(lookCommands(endpoint)).toEqual([
      "openssl s_client -connect '192.0.2.1:587' -starttls smtp -showcerts",
      "swaks --server '192.0.2.1' --port '587' --tls --quit-after EHLO",
    ]);
  });
});

describe('notices', () => {
  test('a question names who asks and what, and warns of passwords', () => {
    const tale = handedOver();
    const values = { question: 'Seit wann?' };
    tale.tell({
      type: 'submitted',
      form: 'ask-rep',
      about: tale.newestCaseId(),
      values,
      by: omar,
      inItChannel: true,
    });
    const message = wordingIn('de').message(tale.now, `notice:${tale.now.notices.at(-1)?.id ?? ''}`);
    expect(only(message, 'quote')).toEqual([{ type: 'quote', by: 'Omar Haddad', text: 'Seit wann?' }]);
    expect(only(message, 'note')[0]?.text).toContain('kein Passwort');
    expect(message.buttons.map(({ label }) => label)).toEqual(['Antworten']);
  });

  test('the status says what was checked and what IT has', () => {
    const tale = handedOver();
    tale.say('Status');
    const message = wordingIn('de').message(tale.now, `notice:${tale.now.notices.at(-1)?.id ?? ''}`);
    expect(everyWord(message)).toContain(
      'So lässt sich das Konto nicht verbinden: Eine Anforderung ist nicht erfüllt.',
    );
    expect(only(message, 'text').map(({ text }) => text)).toEqual([
      'anna@firma.example: Der Fall liegt bei Ihrer IT. Sobald sich etwas tut, melden wir uns hier.',
    ]);
  });
});

describe('forms', () => {
  test('the escalation shows what IT will see and asks for no password', () => {
    const tale = createTale();
    tale.checkRunning();
    tale.finish(blocked);
    const form = wordingIn('de').form(tale.now, 'escalate', tale.newestCheckId());
    expect(form.intro.map((block) => ('title' in block ? block.title : ''))).toEqual([
      'Das sieht Ihre IT:',
      'Der IMAP-Server unterstützt nur TLS 1.0',
      'Das SMTP-Zertifikat läuft am 01.12.2026 ab',
    ]);
    expect(form.fields[0]?.hint).toBe('Was soll Ihre IT noch wissen? Bitte kein Passwort eingeben.');
    expect(form.context).toBe(`c1/${tale.newestCheckId()}`);
  });

  test('the servers are prefilled with what is usual, the address as user name, hosts empty', () => {
    const tale = createTale();
    tale.submit('address', { address: 'anna@firma.example' });
    const form = wordingIn('en').form({ ...tale.now, locale: 'en' }, 'servers', '');
    expect(form.fields.map(({ name, initial }) => `${name}=${initial}`)).toEqual([
      'imapHost=',
      'imapPort=993',
      'imapEncryption=tls',
      'smtpHost=',
      'smtpPort=465',
      'smtpEncryption=tls',
      'username=anna@firma.example',
      'smtpLogin=same',
      'untrustedCertificate=no',
    ]);
    expect(form.title).toBe('Your mail servers');
  });

  test.each([
    ['de', 'Hier steht Port 143, im Feld für den Port steht 993. Welcher gilt?'],
    ['en', 'It says port 143 here but 993 in the port field. Which one is right?'],
  ] as const)('an error under a field is a sentence in %s', (locale, sentence) => {
    const errors = wordingIn('de').errors(
      { imapHost: { code: 'port-twice', params: { one: 143, other: 993 } } },
      locale,
    );
    expect(errors).toEqual({ imapHost: sentence });
  });
});
