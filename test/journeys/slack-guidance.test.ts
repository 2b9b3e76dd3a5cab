/** What the bot finds out, explains and forgets for a person in Slack, with a name server and mail servers behind. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import deForms from '../../locales/de/forms.json' with { type: 'json' };
import de from '../../locales/de/views.json' with { type: 'json' };
import enForms from '../../locales/en/forms.json' with { type: 'json' };
import en from '../../locales/en/views.json' with { type: 'json' };
import type { Modal, SubmitResult } from '../adapters/slack-person.ts';
import {
  type DnsRecord,
  REP,
  scope,
  startDovecot,
  startNameServer,
  startPostfix,
} from '../mail-servers/index.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';
import { type Account, handOver, openStage, type Stage } from './slack-stage.ts';

const servers = scope();
const host = '127.0.0.1';
let account: Account;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  const authority = await servers.authority();
  const certificate = await authority.issue({ hosts: [host, 'imap.firma.test', 'smtp.firma.test'] });
  const dovecot = await servers.start(startDovecot({ certificate, users: [REP] }));
  const postfix = await servers.start(startPostfix({ certificate, users: [REP] }));
  account = {
    imapHost: host,
    imapPort: String(dovecot.imapsPort),
    imapEncryption: 'tls',
    smtpHost: host,
    smtpPort: String(postfix.smtpsPort),
    smtpEncryption: 'tls',
  };
  const ofDomain = (domain: string): DnsRecord[] => [
    { type: 'SRV', name: `_imaps._tcp.${domain}`, target: 'imap.firma.test', port: dovecot.imapsPort },
    { type: 'SRV', name: `_submissions._tcp.${domain}`, target: 'smtp.firma.test', port: postfix.smtpsPort },
  ];
  const dns = await servers.start(
    startNameServer([
      { type: 'A', name: 'imap.firma.test', address: host },
      { type: 'A', name: 'smtp.firma.test', address: host },
      ...ofDomain('firma.test'),
      ...ofDomain('langsam.test'),
      { type: 'FAILS', name: 'autoconfig.langsam.test', how: 'silence' },
    ]),
  );
  env = { CHECK_CA_FILE: authority.caFile, CHECK_DNS_SERVERS: `${dns.address}:${dns.port}` };
});
afterAll(() => servers.stop());

const languages = [
  { locale: 'de', other: 'en', tag: 'de-DE', views: de, forms: deForms },
  { locale: 'en', other: 'de', tag: 'en-GB', views: en, forms: enForms },
] as const;

const modalOf = (result: SubmitResult | undefined): Modal => {
  if (result?.type !== 'next') throw new Error(`expected a form, got ${JSON.stringify(result)}`);
  return result.modal;
};
const start = (text: string): string => text.split('{{')[0] ?? text;

sideBySide(languages, 'in $locale', ({ locale, other, tag, views, forms }) => {
  let stage: Stage;
  beforeEach(async () => {
    const settings = { ...env, DEFAULT_LOCALE: other, IT_LOCALE: locale };
    stage = await openStage({ env: settings, locales: { anna: tag } });
  });
  afterEach(() => stage.close());

  const address = async (typed: string): Promise<SubmitResult | undefined> => {
    const modal = await (await stage.person.anna.command(typed)).modal();
    expect(modal?.now().fields.address).toBe(typed);
    return modal?.submit({ address: typed });
  };
  const actionsOf = ({ buttons }: { buttons: { action: string }[] }) => buttons.map(({ action }) => action);

  test('the form opens at once; language and address follow', async () => {
    const command = await stage.person.anna.command();
    const modal = await command.modal();
    const formsOf = { de: deForms, en: enForms };
    expect(modal).toMatchObject({ form: 'address', title: formsOf[other].address.title });
    await until(() => expect(modal?.now().title).toBe(forms.address.title));
    await until(() => expect(modal?.now().fields.address).toBe('rep@example.test'));
    expect(modal?.now().blocks[0]).toMatch(/^address(?::\d+)?$/u);
    const [opened] = stage.world.door.calls.filter(({ method }) => method === 'views.open');
    expect(opened?.body.trigger_id).toBe(command.trigger);
  });

  test('a provider that is known: its settings stand in the form, or another road is shown', async () => {
    const { anna } = stage.person;
    const gmx = modalOf(await address('anna@gmx.de'));
    await until(() =>
      expect(gmx.now()).toMatchObject({
        form: 'servers',
        fields: { imapHost: 'imap.gmx.net', imapPort: '993', smtpHost: 'mail.gmx.net' },
      }),
    );
    expect(gmx.now().words).toContain('IMAP');

    expect(await address('anna@gmail.com')).toEqual({ type: 'closed' });
    const native = await stage.repSees(views.notice['use-native-google-how']);
    expect(actionsOf(native)).toEqual(['continue-imap']);
    const anyway = await (await anna.press(native, 'continue-imap')).modal();
    expect(anyway).toMatchObject({ form: 'servers', fields: { imapHost: 'imap.gmail.com' } });

    expect(await address('anna@outlook.com')).toEqual({ type: 'closed' });
    expect(actionsOf(await stage.repSees(views.notice['use-native-microsoft-how']))).toEqual([
      'continue-imap',
    ]);
    expect(await address('anna@proton.me')).toEqual({ type: 'closed' });
    expect(actionsOf(await stage.repSees(views.notice['no-public-imap-how']))).toEqual(['start']);
  });

  test('a domain that names its servers itself: at once, or as soon as it is known, and nothing typed is lost', async () => {
    const found = { imapHost: 'imap.firma.test', imapPort: account.imapPort, smtpPort: account.smtpPort };
    const quick = modalOf(await address('anna@firma.test'));
    await until(() => expect(quick.now().fields).toMatchObject(found));

    const slow = modalOf(await address('anna@langsam.test'));
    expect(slow.fields.imapHost).toBeNull();
    expect(slow.words).toContain(start(forms.intro['servers-looking']));
    await until(() => expect(slow.now().fields).toMatchObject(found));
    const later = slow.now();
    expect(later.blocks).toContain('imapHost:1');
    expect(later.blocks).toContain('smtpHost:1');
    expect(later.blocks).toContain('smtpLogin');
    expect(await later.submit({})).toEqual({ type: 'closed' });
    await stage.repSees(locale === 'de' ? 'Der Server erfüllt alle Anforderungen.' : 'The server meets all');
  });

  test("words in the chat: help, status, HubSpot's error, language", async () => {
    const { anna } = stage.person;
    for (const help of ['Hilfe', 'help', 'was nun']) {
      await anna.say(help);
      const command = '/connect-email';
      const told = await stage.repSees(command, `${command} status`, `${command} forget`);
      expect(told.text).toContain(views.notice['help-words-command'].replaceAll('{{command}}', command));
    }
    await anna.say('IMAP authentication error');
    const explained = await stage.repSees(views.notice['said-imap-login-cause'], views.notice['said-check']);
    expect(actionsOf(explained)).toEqual(['start']);
    await anna.say(
      locale === 'de' ? 'Es kam „Falsche SMTP-Einstellungen“' : 'It said “SMTP settings incorrect”',
    );
    await stage.repSees(views.notice['said-smtp-settings-cause']);
    await anna.say('unauthorized');
    await stage.repSees(views.notice['said-unauthorized-cause']);
    await anna.say('Status');
    await stage.repSees(views.notice.status, views.notice['status-no-check']);
    await anna.command(`language ${other}`);
    await stage.repSees({ de, en }[other].notice.language);
  });

  test('the login is tested on a page of ours, behind a link that can be followed and that nothing previews', async () => {
    const { anna } = stage.person;
    const form = modalOf(await address(REP.name));
    await form.submit({ ...account, username: REP.name });
    const ready = await stage.repSees(locale === 'de' ? 'Der Server erfüllt alle' : 'The server meets all');
    await anna.press(ready, 'test-login');
    const message = await stage.repSees(start(views.notice['login-link-text']));
    const blocks = JSON.stringify(message.blocks);
    const url = /"type":"link","url":"([^"]+)"/u.exec(blocks)?.[1] ?? '';
    expect(url).toMatch(/\/login#[\w-]{43}$/u);
    for (const { method, body } of stage.world.door.calls)
      if (method === 'chat.postMessage')
        expect(body).toMatchObject({ unfurl_links: 'false', unfurl_media: 'false' });

    const page = new URL(url);
    const post = (path: string, body: object, cookie = '') =>
      fetch(`${page.origin}${path}`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          Origin: page.origin,
          'Sec-Fetch-Site': 'same-origin',
          Cookie: cookie,
        },
        body: JSON.stringify(body),
      });
    const token = page.hash.slice(1);
    const opened = await post('/login/open', { token });
    const { csrf, address: shown } = (await opened.json()) as { csrf: string; address: string };
    expect(shown).toBe(REP.name);
    const cookie = opened.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    expect((await post('/login', { token, csrf, password: REP.password }, cookie)).status).toBe(202);
    await stage.repSees(locale === 'de' ? 'Ihr Konto ist bereit' : 'Your account is ready');
    await stage.repSees(views.notice['login-link-used']);
    const said = JSON.stringify([await stage.world.seenBy('anna'), stage.world.door.calls]);
    expect(said).not.toContain(REP.password);
  });

  test('“forget” withdraws what is open, tells IT, and leaves nothing', async () => {
    const { anna } = stage.person;
    const form = modalOf(await address('rep@example.test'));
    await form.submit({ ...account, smtpPort: account.imapPort ?? '' });
    const report = await stage.repSees(
      locale === 'de' ? 'So lässt sich das Konto nicht' : "can't be connected",
    );
    await handOver(stage, report, '');
    await stage.repSees(views.notice['handed-over']);
    const root = await stage.itSees(start(views.root.open));
    await anna.say(locale === 'de' ? 'vergessen' : 'forget');
    await stage.repSees(views.notice.erased, views.notice['erased-note']);
    const withdrawn = await stage.itSees(views.root.withdrawn.replace('{{rep}}', 'Anna Beck'));
    expect(withdrawn.ts).toBe(root.ts);
    expect(actionsOf(withdrawn)).toEqual([]);
    await anna.say('status');
    await stage.repSees(views.notice.status, views.notice['status-no-check']);
  });
});
