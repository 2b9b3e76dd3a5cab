import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { actionsOf, textsOf } from '../adapters/teams-simulator/cards.ts';
import { itChannelId, type Posted } from '../adapters/teams-simulator/index.ts';
import { scope, startDovecot, startSilent } from '../mail-servers/index.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { startProduct } from './product.ts';
import {
  type Company,
  checkServers,
  dialogIn,
  errorsAt,
  giveAddress,
  openCompany,
  standing,
  variants,
} from './teams-stage.ts';

const servers = scope();
let host: MailHost;
beforeAll(async () => {
  host = await startMailHost(servers);
});
afterAll(() => servers.stop());

const more = {
  de: {
    welcome: 'E-Mail-Konto mit HubSpot verbinden',
    failed: 'Die Übergabe ist nicht angekommen: Der IT-Kanal war nicht zu erreichen.',
    asked: 'Ihre IT hat eine Frage an Sie.',
    waiting: 'Wartet auf eine Antwort von Anna Beck.',
    arrived: 'Ihre Antwort ist bei Ihrer IT angekommen.',
    answers: 'Anna Beck antwortet.',
    reopened: 'Anna Beck hat den Fall wieder geöffnet: Das Problem besteht noch.',
    withdrawn: 'Anna Beck hat den Fall zurückgezogen. Es ist nichts mehr zu tun.',
    stale: 'Diese Schaltfläche passt nicht mehr zum Stand des Falls.',
    rechecked: 'Neueste Prüfung: Ein Punkt ist noch offen.',
  },
  en: {
    welcome: 'Connect your e-mail account to HubSpot',
    failed: 'The case did not arrive: we could not reach the IT channel.',
    asked: 'Your IT team has a question for you.',
    waiting: 'Waiting for an answer from Anna Beck.',
    arrived: 'Your answer has reached your IT team.',
    answers: 'Anna Beck answers.',
    reopened: 'Anna Beck has reopened the case: the problem is still there.',
    withdrawn: 'Anna Beck has withdrawn the case. There is nothing left to do.',
    stale: 'This button no longer fits the state of the case.',
    rechecked: 'Newest check: one point is still open.',
  },
} as const;

const buttonsOf = ({ card }: Posted) => actionsOf(card).map(({ data }) => data.action);
const hostile = '<at>everyone</at> [x](http://e.test) **b** $(id) `c` <b>x</b> &amp; {{DATE(0)}}';

describe.each(variants)('in $language', ({ language, tag, words }) => {
  const own = more[language as 'de' | 'en'];
  const said = { ...words, ...own };
  let company: Company;
  const open = async (env: Readonly<Record<string, string>> = {}) => {
    company = await openCompany(
      { CHECK_CA_FILE: host.caFile, DATA_DIR: await servers.folder(), DEFAULT_LOCALE: language, ...env },
      { tag, start: startProduct },
    );
  };
  const root = (text: string): Promise<Posted> => company.teams.waitFor(company.teams.rootsOf, text);
  /** Her message with this text, as soon as the button stands under it. */
  const offered = async (button: string, text: string): Promise<Posted> => {
    const offering = () => company.anna.chat().filter((post) => buttonsOf(post).includes(button));
    return company.teams.waitFor(offering, text);
  };
  const reply = async (text: string): Promise<Posted> => {
    const [only] = company.teams.rootsOf();
    if (!only) throw new Error('there is no thread');
    return company.teams.waitFor(() => company.teams.threadOf(only), text);
  };
  afterEach(async () => {
    await company.stop();
    expect(company.teams.faults).toEqual([]);
  });

  describe('given an IMAP server that speaks only TLS 1.0', () => {
    beforeEach(() => open({ TEAMS_IT_CHANNEL: itChannelId }));

    test('she mistypes, reads why with all she typed, then what is missing, then that it works', async () => {
      const { anna } = company;
      await anna.installs();
      await anna.meets();
      const welcome = await anna.reads(said.welcome);
      expect(anna.chat()).toHaveLength(1);
      const first = dialogIn(await anna.press(welcome, 'start'));
      expect(standing(first).address).toBe('rep@example.test');
      const typedAddress = { address: 'rep.example.test', personalInbox: 'no' };
      const refused = dialogIn(await anna.submit(first, 'address', typedAddress));
      expect(errorsAt(refused)).toEqual({ address: said.noAt });
      expect(standing(refused)).toEqual(typedAddress);
      const corrected = { address: 'rep@example.test', personalInbox: 'yes' };
      const form = dialogIn(await anna.submit(refused, 'address', corrected));

      const wrong = {
        ...host.account(host.old.imapsPort),
        imapHost: 'imaps://127.0.0.1',
        smtpPort: '70000',
        smtpEncryption: 'starttls',
        username: hostile,
        smtpLogin: 'same',
        untrustedCertificate: 'no',
      };
      const again = dialogIn(await anna.submit(form, 'servers', wrong));
      expect(errorsAt(again)).toEqual({ imapHost: said.scheme, smtpPort: said.port });
      expect(standing(again)).toEqual(wrong);
      await anna.submit(again, 'servers', host.account(host.old.imapsPort));
      const blocked = await anna.reads(said.blocked);
      expect(textsOf(blocked.card)).toContain(said.tlsTitle);
      expect(textsOf(blocked.card).join('\n')).toContain(said.tlsRemedy);
      expect(buttonsOf(blocked)).toEqual(['escalate', 'edit', 'check-again', 'test-login', 'details']);
      const progress = anna.chat().find(({ versions }) => versions.length > 1);
      expect(textsOf(progress?.versions[0])).toContain(said.running);

      const servers2 = dialogIn(await anna.press(blocked, 'edit'));
      expect(standing(servers2)).toMatchObject({ username: hostile });
      await anna.submit(servers2, 'servers', { imapPort: String(host.dovecot.imapsPort) });
      const ready = await anna.reads(said.ready);
      expect(textsOf(ready.card)).toContain(hostile);
      expect(textsOf(ready.card)).toContain(String(host.dovecot.imapsPort));
      expect(buttonsOf(ready)).not.toContain('escalate');
    });

    test('she hands it over; IT claims, asks and resolves; she answers, reopens and withdraws', async () => {
      const { anna, jonas, teams } = company;
      const account = host.account(host.old.imapsPort);
      const report = await checkServers(anna, account, { welcome: said.welcome, verdict: said.blocked });
      const form = dialogIn(await anna.press(report, 'escalate'));
      const tooLong = dialogIn(await anna.submit(form, 'escalate', { comment: 'x'.repeat(10_000) }));
      expect(errorsAt(tooLong)).toEqual({ comment: said.tooLong });
      expect(standing(tooLong).comment).toBe('x'.repeat(10_000));

      // Nobody has added the bot to the team yet: she learns that nothing has arrived, and may try again.
      await anna.submit(tooLong, 'escalate', { comment: hostile });
      const failed = await anna.reads(said.failed);
      expect(teams.rootsOf()).toEqual([]);
      await jonas.installsInTeam();
      const retry = dialogIn(await anna.press(failed, 'escalate'));
      expect(standing(retry).comment).toBe(hostile);
      await anna.submit(retry, 'escalate', {});
      await anna.reads(said.handedOver);

      const opened = await root(said.rootOpen);
      expect(textsOf(opened.card)).toContain(said.rootHeading);
      expect(textsOf(opened.card)).toContain(said.tlsTitle);
      expect(textsOf(opened.card)).toContain(hostile);
      await reply(`IMAP: 127.0.0.1:${host.old.imapsPort}`);
      await reply(`SMTP: 127.0.0.1:`);

      // A second click of somebody who still sees the old card does no harm.
      const old = opened.card;
      expect((await jonas.press(opened, 'claim')).type).toBe('line');
      await root(said.rootClaimed);
      await jonas.press(opened, 'claim', old);
      await anna.reads(said.reportClaimed);
      await jonas.press(opened, 'check-again');
      await root(said.rechecked);

      const asking = dialogIn(await jonas.press(opened, 'ask-rep'));
      await jonas.submit(asking, 'ask-rep', { question: `Seit wann? ${hostile}` }, opened);
      const question = await anna.reads(said.asked);
      expect(textsOf(question.card).join('\n')).toContain(hostile);
      await root(said.waiting);
      await company.restart();
      const answer = dialogIn(await anna.press(question, 'answer'));
      await anna.submit(answer, 'answer', { reply: `Seit gestern. ${hostile}` });
      await anna.reads(said.arrived);
      await reply(said.answers);
      expect(textsOf((await reply('Seit gestern.')).card).join('\n')).toContain(hostile);

      // What mentions the bot goes to her, and her next words go back.
      await jonas.mentions(opened, 'Und heute?');
      await anna.reads('Und heute?');
      await anna.says('Heute auch.');
      await reply('Heute auch.');

      await jonas.press(opened, 'resolve');
      const resolved = await anna.reads(said.resolved);
      await root(said.rootResolved);
      await anna.press(resolved, 'reopen');
      await reply(said.reopened);
      await root(said.rootOpen);
      await jonas.press(opened, 'claim', old);
      await root(said.rootClaimed);
      await anna.press(await offered('withdraw', said.reportClaimed), 'withdraw');
      await root(said.withdrawn);
      const thread = await reply(said.withdrawn);
      expect(buttonsOf(opened)).toEqual([]);
      await jonas.press(opened, 'resolve', old);
      await reply(said.stale);
      expect(thread.conversation).toBe(opened.conversation);
      expect(teams.rootsOf()).toHaveLength(1);
    });
  });

  test('given a silent server, when the process dies during the check, she gets one report after the restart', async () => {
    const silent = await servers.start(startSilent());
    await open();
    const { anna } = company;
    const form = await giveAddress(anna, said.welcome);
    await anna.submit(form, 'servers', host.account(silent.port));
    await anna.reads(said.running);
    // Meanwhile her IT has mended it: only a check that runs again can find it healthy.
    await company.restart(async () => {
      await silent.stop();
      await servers.start(startDovecot({ certificate: host.certificate, imapsPort: silent.port }));
    });
    await anna.reads(said.ready, 30_000);
    await anna.says('status');
    await anna.reads(said.status);
    expect(anna.chat().filter(({ card }) => textsOf(card).includes(said.ready))).toHaveLength(1);
  });
});
