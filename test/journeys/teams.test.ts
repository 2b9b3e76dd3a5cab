import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { textsOf } from '../adapters/teams-simulator/cards.ts';
import { itChannelId } from '../adapters/teams-simulator/index.ts';
import { scope } from '../mail-servers/index.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { type Company, checkServers, dialogIn, openCompany, standing } from './teams-stage.ts';
import { variants } from './words.ts';

const servers = scope();
let host: MailHost;
beforeAll(async () => {
  host = await startMailHost(servers);
});
afterAll(() => servers.stop());

const hostile = '<at>everyone</at> [x](http://e.test) **b** $(id) `c` <b>x</b> &amp; {{DATE(0)}}';

describe.each(variants)('in $language', ({ language, tag, words }) => {
  let company: Company;
  beforeEach(async () => {
    const env = { CHECK_CA_FILE: host.caFile, DATA_DIR: await servers.folder(), DEFAULT_LOCALE: language };
    company = await openCompany({ ...env, TEAMS_IT_CHANNEL: itChannelId }, { tag });
  });
  afterEach(async () => {
    await company.stop();
    expect(company.teams.faults).toEqual([]);
  });

  test('however often Teams tells that the bot is there, it greets once, and her address stands in the form', async () => {
    const { anna } = company;
    await anna.installs();
    await anna.meets();
    const welcome = await anna.reads(words.welcome);
    expect(anna.chat()).toHaveLength(1);
    expect(standing(dialogIn(await anna.press(welcome, 'start'))).address).toBe('rep@example.test');
  });

  test('while nobody has added the bot to the team, she learns that nothing has arrived, and may try again', async () => {
    const { anna, jonas, teams } = company;
    const account = host.account(host.old.imapsPort);
    const report = await checkServers(anna, account, { welcome: words.welcome, verdict: words.blocked });
    const form = dialogIn(await anna.press(report, 'escalate'));
    await anna.submit(form, 'escalate', { comment: hostile });
    const failed = await anna.reads(words.failed);
    expect(teams.rootsOf()).toEqual([]);
    await jonas.installsInTeam();
    const retry = dialogIn(await anna.press(failed, 'escalate'));
    expect(standing(retry).comment).toBe(hostile);
    await anna.submit(retry, 'escalate', {});
    await anna.reads(words.handedOver);
    const opened = await teams.waitFor(teams.rootsOf, words.rootOpen);
    expect(textsOf(opened.card)).toContain(hostile);
    const evidence = await teams.waitFor(() => teams.threadOf(opened), 'SMTP: 127.0.0.1:');
    expect(evidence.conversation).toBe(opened.conversation);
  });
});
