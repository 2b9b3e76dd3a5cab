/** The life of the channel in which IT works, from the moment at which the bot is put there. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import deViews from '../../locales/de/views.json' with { type: 'json' };
import enViews from '../../locales/en/views.json' with { type: 'json' };
import { refusal } from '../adapters/slack-door.ts';
import { botUser, type SeenMessage } from '../adapters/slack-world.ts';
import { actionsOf, textsOf } from '../adapters/teams-simulator/cards.ts';
import { itChannelId } from '../adapters/teams-simulator/index.ts';
import { closedPort, scope } from '../mail-servers/index.ts';
import { until } from '../support/until.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { type Account, askForCheck, handOver, openStage, type Stage } from './slack-stage.ts';
import { type Company, checkServers, dialogIn, openCompany } from './teams-stage.ts';
import { variantsIn } from './words.ts';

const views = { de: deViews, en: enViews };
const joined = { user: botUser, channel_type: 'C', team: 'T000000001' };

describe.each(variantsIn('Slack'))('in Slack, in $language', ({ language, tag, words }) => {
  const {
    'it-channel': card,
    'test-case': sample,
    button,
    notice,
    root: ofRoot,
  } = views[language as 'de' | 'en'];
  let stage: Stage;
  let account: Account;
  beforeEach(async () => {
    stage = await openStage({
      locales: { anna: tag, jonas: tag, paul: tag },
      env: { DEFAULT_LOCALE: language },
    });
    const { port } = await closedPort();
    const host = { imapHost: '127.0.0.1', smtpHost: '127.0.0.1' };
    account = { ...host, imapPort: String(port), smtpPort: String(port) };
  });
  afterEach(() => stage.close());
  const roots = async () => (await stage.world.seenByIt()).map(({ summary }) => summary);
  const actions = ({ buttons }: SeenMessage) => buttons.map(({ action }) => action);

  test('given a case that did not arrive, when the bot is invited, then it goes out at once, and IT reads that cases arrive', async () => {
    const { jonas } = stage.person;
    // What stands in for Slack lets a bot write where it is no member.
    stage.world.door.failIf((method, { channel }) =>
      ['chat.postMessage', 'conversations.info'].includes(method) && channel === stage.world.itChannel
        ? refusal('not_in_channel')
        : null,
    );
    await jonas.changes('member_left_channel', { user: botUser });
    await askForCheck(stage, account);
    await handOver(stage, await stage.repSees(words.blocked.split(':')[0] ?? ''), 'Bitte!');
    await stage.repSees(notice['hand-over-failed'].slice(0, 30));
    await until(async () => expect((await stage.readiness()).parts.slackItChannel).toBe(false));
    expect(await roots()).toEqual([]);

    stage.world.door.failIf(() => null);
    await jonas.changes('member_joined_channel', joined);
    await stage.repSees(notice['handed-over'].slice(0, 30));
    await stage.itSees(ofRoot.heading.replace('{{name}}', 'Anna Beck'), 'Bitte!');
    expect(actions(await stage.itSees(card.heading))).toEqual(['test-case']);
    await until(async () => expect(await stage.readiness()).toMatchObject({ status: 200 }));
    expect(await roots()).toHaveLength(2);
  });

  test('given the card, when a member asks for a test case, then one stands there, can be taken and cleared, and costs nobody anything', async () => {
    const { jonas, paul } = stage.person;
    await jonas.changes('member_joined_channel', joined);
    const shown = await stage.itSees(card.heading);
    expect(shown.text).toContain(button['test-case']);
    await jonas.press(shown, 'test-case', 'it');
    const root = await stage.itSees(sample.mark, sample.rep, ofRoot.open, sample['how-to-clear']);
    await stage.threadSees(root, sample.part, 'openssl s_client', 'mail.example.com');
    await stage.threadSees(root, 'SMTP: mail.example.com:465');

    await paul.press(shown, 'test-case', 'it');
    await paul.press(root, 'resolve', 'it');
    await until(() => expect(paul.whispers()).toHaveLength(2));
    expect(await roots()).toHaveLength(2);

    await jonas.press(root, 'claim', 'it');
    const claimed = await stage.itSees(sample.mark, ofRoot.claimed.replace('{{name}}', 'Jonas Kern'));
    await jonas.press(claimed, 'resolve', 'it');
    const cleared = await stage.itSees(sample.cleared.replace('{{name}}', 'Jonas Kern'));
    expect(actions(cleared)).toEqual([]);
    await until(async () => {
      const below = await stage.world.seenInThread(root.ts);
      expect(below.map(({ summary }) => summary)).toEqual(below.map(() => sample['cleared-part']));
      expect(below).toHaveLength(2);
    });
    for (const name of ['jonas', 'anna'] as const) expect(await stage.world.seenBy(name)).toEqual([]);
  });
});

const servers = scope();
let host: MailHost;
beforeAll(async () => {
  host = await startMailHost(servers);
});
afterAll(() => servers.stop());

describe.each(variantsIn('Teams'))('in Teams, in $language', ({ language, tag, words }) => {
  const { 'it-channel': card, 'test-case': sample, notice, root: ofRoot } = views[language as 'de' | 'en'];
  let company: Company;
  beforeEach(async () => {
    const env = { CHECK_CA_FILE: host.caFile, DATA_DIR: await servers.folder(), DEFAULT_LOCALE: language };
    company = await openCompany({ ...env, TEAMS_IT_CHANNEL: itChannelId }, { tag });
  });
  afterEach(async () => {
    await company.stop();
    expect(company.teams.faults).toEqual([]);
  });

  test('given a case that did not arrive, when the app is added, or the channel restored, then it goes out at once', async () => {
    const { anna, jonas, teams } = company;
    const account = host.account(host.old.imapsPort);
    const report = await checkServers(anna, account, { welcome: words.welcome, verdict: words.blocked });
    const form = dialogIn(await anna.press(report, 'escalate'));
    await anna.submit(form, 'escalate', { comment: 'Bitte!' });
    await anna.reads(notice['hand-over-failed'].slice(0, 30));
    await jonas.meetsInTeam(itChannelId);
    await jonas.installsInTeam();
    await anna.reads(notice['handed-over'].slice(0, 30));
    await teams.waitFor(teams.rootsOf, 'Bitte!');
    const shown = await teams.waitFor(teams.rootsOf, card.heading);
    expect(actionsOf(shown.card).map(({ data }) => data.action)).toEqual(['test-case']);
    expect(teams.rootsOf()).toHaveLength(2);
  });

  test('given the card, when a member asks for a test case, then one stands there, and is cleared; a guest is refused', async () => {
    const { jonas, teams } = company;
    const greta = teams.person({ id: '29:greta', name: 'Greta Gast', locale: tag, role: 'guest' });
    await jonas.installsInTeam();
    const shown = await teams.waitFor(teams.rootsOf, card.heading);
    expect((await greta.press(shown, 'test-case')).type).toBe('line');
    expect(teams.rootsOf()).toHaveLength(1);

    await jonas.press(shown, 'test-case');
    const root = await teams.waitFor(teams.rootsOf, sample.mark);
    await until(() => expect(teams.threadOf(root)).toHaveLength(2));
    expect(textsOf(root.card)).toContain(sample['how-to-clear']);
    await jonas.press(root, 'claim');
    await teams.waitFor(teams.rootsOf, ofRoot.claimed.replace('{{name}}', 'Jonas Kern'));
    await jonas.press(root, 'resolve');
    await teams.waitFor(teams.rootsOf, sample.cleared.replace('{{name}}', 'Jonas Kern'));
    for (const below of [0, 1])
      await teams.waitFor(() => teams.threadOf(root).slice(below, below + 1), sample['cleared-part']);
    expect(jonas.chat()).toEqual([]);
  });

  test('given a channel that was deleted, then readiness says so, and a case waits for it until it is back', async () => {
    const { anna, jonas, teams } = company;
    await jonas.installsInTeam();
    await teams.waitFor(teams.rootsOf, card.heading);
    await jonas.changes('channelDeleted', { standing: false });
    await until(async () => expect((await company.readiness()).parts.teamsItChannel).toBe(false));
    const account = host.account(host.old.imapsPort);
    const report = await checkServers(anna, account, { welcome: words.welcome, verdict: words.blocked });
    await anna.submit(dialogIn(await anna.press(report, 'escalate')), 'escalate', {});
    await anna.reads(notice['hand-over-failed'].slice(0, 30));
    await jonas.changes('channelRestored', { standing: true });
    await anna.reads(notice['handed-over'].slice(0, 30));
    await until(async () => expect((await company.readiness()).status).toBe(200));
  });
});
