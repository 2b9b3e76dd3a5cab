/** What the bot finds out, explains and forgets for a person in Teams, with a name server and mail servers behind. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import deForms from '../../locales/de/forms.json' with { type: 'json' };
import de from '../../locales/de/views.json' with { type: 'json' };
import enForms from '../../locales/en/forms.json' with { type: 'json' };
import en from '../../locales/en/views.json' with { type: 'json' };
import { actionsOf, inputsOf, textsOf } from '../adapters/teams-simulator/cards.ts';
import { itChannelId, type Posted } from '../adapters/teams-simulator/index.ts';
import { scope, startNameServer } from '../mail-servers/index.ts';
import { until } from '../support/until.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { type Company, dialogIn, openCompany, standing } from './teams-stage.ts';

const servers = scope();
let host: MailHost;
let dns: string;
beforeAll(async () => {
  host = await startMailHost(servers);
  const smtpPort = Number(host.account(0).smtpPort);
  const server = await servers.start(
    startNameServer([
      { type: 'A', name: 'mail.langsam.test', address: '127.0.0.1' },
      {
        type: 'SRV',
        name: '_imaps._tcp.langsam.test',
        target: 'mail.langsam.test',
        port: host.dovecot.imapsPort,
      },
      { type: 'SRV', name: '_submissions._tcp.langsam.test', target: 'mail.langsam.test', port: smtpPort },
      { type: 'FAILS', name: 'autoconfig.langsam.test', how: 'silence' },
    ]),
  );
  dns = `${server.address}:${server.port}`;
});
afterAll(() => servers.stop());

const buttonsOf = ({ card }: Posted) => actionsOf(card).map(({ data }) => data.action ?? data.form);

describe.each([
  {
    locale: 'de',
    tag: 'de-DE',
    views: de,
    forms: deForms,
    forget: 'vergessen',
    blocked: 'So lässt sich das Konto nicht',
  },
  {
    locale: 'en',
    tag: 'en-US',
    views: en,
    forms: enForms,
    forget: 'forget',
    blocked: "The account can't be connected",
  },
] as const)('in $locale', ({ locale, tag, views, forms, forget, blocked }) => {
  let company: Company;
  beforeEach(async () => {
    const env = { CHECK_CA_FILE: host.caFile, CHECK_DNS_SERVERS: dns, TEAMS_IT_CHANNEL: itChannelId };
    company = await openCompany(
      { ...env, DATA_DIR: await servers.folder(), DEFAULT_LOCALE: locale, WATCH_INTERVAL: '3600' },
      { tag },
    );
  });
  afterEach(async () => {
    await company.stop();
    expect(company.teams.faults).toEqual([]);
  });

  /** What follows an address that is typed into the form. */
  const giveAddress = async (address: string) => {
    const { anna } = company;
    await anna.says(locale === 'de' ? 'E-Mail verbinden' : 'connect email');
    const form = dialogIn(await anna.press(await anna.reads(views.welcome.heading), 'start'));
    return anna.submit(form, 'address', { address, personalInbox: 'yes' });
  };
  const check = async (imapPort: number): Promise<void> => {
    const form = dialogIn(await giveAddress('rep@example.test'));
    expect(await company.anna.submit(form, 'servers', host.account(imapPort))).toEqual({ type: 'nothing' });
  };

  test('a provider that is known: its settings stand in the dialog, or another road is shown', async () => {
    const { anna } = company;
    // What a busy machine does not know in time it knows when she asks again.
    await until(async () =>
      expect(standing(dialogIn(await giveAddress('anna@gmx.de')))).toMatchObject({
        imapHost: 'imap.gmx.net',
        smtpHost: 'mail.gmx.net',
      }),
    );
    expect(await giveAddress('anna@gmail.com')).toEqual({ type: 'nothing' });
    const native = await anna.reads(views.notice['use-native-google-how']);
    expect(buttonsOf(native)).toEqual(['continue-imap']);
    expect((await anna.press(native, 'continue-imap')).type).toBe('line');
    const inChat = () => anna.chat().findLast((post) => buttonsOf(post).includes('servers'));
    await expect.poll(inChat).toBeDefined();
    expect(standing(inChat()?.card)).toMatchObject({ imapHost: 'imap.gmail.com' });
    expect(await giveAddress('anna@proton.me')).toEqual({ type: 'nothing' });
    expect(buttonsOf(await anna.reads(views.notice['no-public-imap-how']))).toEqual(['start']);
  });

  test('a domain that answers slowly: the dialog waits, but never for long', async () => {
    // What is not known in time is known when she asks again.
    await until(async () => {
      const began = performance.now();
      const form = dialogIn(await giveAddress('anna@langsam.test'));
      expect(performance.now() - began).toBeLessThan(6000);
      expect(standing(form)).toMatchObject({
        imapHost: 'mail.langsam.test',
        imapPort: String(host.dovecot.imapsPort),
      });
      expect(textsOf(form).join(' ')).toContain(forms.source.srv);
    });
  });

  test("words in the chat: help, HubSpot's error, status; forgotten, nothing is left of her", async () => {
    const { anna, jonas, teams } = company;
    await jonas.installsInTeam();
    await anna.says(locale === 'de' ? 'Hilfe' : 'help');
    await anna.reads(views.notice['help-words']);
    await anna.says('IMAP authentication error');
    await anna.reads(views.notice['said-imap-login-cause']);
    await check(host.old.imapsPort);
    const report = await anna.reads(blocked);
    const form = dialogIn(await anna.press(report, 'escalate'));
    await anna.submit(form, 'escalate', { comment: '' });
    await anna.reads(views.notice['handed-over']);
    const root = await teams.waitFor(teams.rootsOf, views.root.open);
    expect(buttonsOf(root)).toEqual(['claim', 'check-again', 'ask-rep', 'resolve']);
    await anna.says('Status');
    await anna.reads(views.notice.status);

    await anna.says(forget);
    await anna.reads(views.notice.erased);
    await teams.waitFor(teams.rootsOf, views.root.withdrawn.replace('{{rep}}', 'Anna Beck'));
    expect(buttonsOf(root)).toEqual([]);
    const before = anna.chat().length;
    await anna.says('status');
    await expect.poll(() => anna.chat().length).toBeGreaterThan(before);
    await anna.reads(views.notice['status-no-check']);
    // What she is reached by is known again, also to a process that has just begun.
    await company.restart();
    await anna.says(locale === 'de' ? 'Hilfe' : 'help');
    await expect.poll(() => anna.chat().length, { timeout: 20_000 }).toBeGreaterThan(before + 1);
  });

  test('the login is tested on a page of ours, behind a link that can be followed', async () => {
    const { anna } = company;
    await check(host.dovecot.imapsPort);
    const offering = () => anna.chat().findLast((post) => buttonsOf(post).includes('test-login'));
    await expect.poll(offering, { timeout: 20_000 }).toBeDefined();
    const report = offering();
    if (!report) throw new Error('no login test is offered');
    await anna.press(report, 'test-login');
    const [before = ''] = views.notice['login-link-text'].split('{{');
    const message = await anna.reads(before);
    const link = textsOf(message.card).find((line) => line.includes('/login#')) ?? '';
    const [, label, url = ''] = /^\[([^\]]*)\]\((\S+)\)$/u.exec(link) ?? [];
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/login#[\w-]{43}$/u);
    expect(label).toBe(url.split('#')[0]);
    expect((await fetch(url)).status).toBe(200);
    const opened = await fetch(`${new URL(url).origin}/login/open`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Origin: new URL(url).origin,
        'Sec-Fetch-Site': 'same-origin',
      },
      body: JSON.stringify({ token: new URL(url).hash.slice(1) }),
    });
    expect(await opened.json()).toMatchObject({ address: 'rep@example.test' });
  });

  test('several people in one thread: IT asks one of them, and nobody learns of the other', async () => {
    const { anna, jonas, teams } = company;
    await jonas.installsInTeam();
    const bea = teams.person({ id: '29:bea', name: 'Bea Lang', locale: tag, email: 'bea@example.test' });
    for (const rep of [anna, bea]) {
      await rep.says(locale === 'de' ? 'E-Mail verbinden' : 'connect email');
      const start = dialogIn(await rep.press(await rep.reads(views.welcome.heading), 'start'));
      const form = dialogIn(await rep.submit(start, 'address', { personalInbox: 'yes' }));
      await rep.submit(form, 'servers', host.account(host.old.imapsPort));
      const escalate = dialogIn(await rep.press(await rep.reads(blocked), 'escalate'));
      await rep.submit(escalate, 'escalate', { comment: '' });
      await rep.reads(views.notice['handed-over']);
    }
    const root = await teams.waitFor(teams.rootsOf, 'Bea Lang');
    expect(teams.casesOf()).toHaveLength(1);
    const asking = dialogIn(await jonas.press(root, 'ask-rep'));
    expect(inputsOf(asking).map(({ id }) => id)).toEqual(['recipient', 'question']);
    const choice = /"title":"Bea Lang","value":"([^"]*)"/u.exec(JSON.stringify(asking))?.[1] ?? '';
    await jonas.submit(asking, 'ask-rep', { recipient: choice, question: 'Seit wann?' }, root);
    await bea.reads('Seit wann?');
    await bea.says('Seit gestern.');
    await teams.waitFor(() => teams.threadOf(root), 'Seit gestern.');
    const shown = (posts: Posted[]) => JSON.stringify(posts.map(({ versions }) => versions));
    expect(shown(anna.chat())).not.toMatch(/Bea|bea@|Seit wann/u);
    expect(shown(bea.chat())).not.toMatch(/Anna|rep@example/u);
  });
});
