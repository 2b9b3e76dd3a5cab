/** Who is called when something waits for them, and who is reminded of it, on every platform that people have. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { scope } from '../mail-servers/index.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { slack } from './rigs/slack.ts';
import { teams } from './rigs/teams.ts';
import { giveAddress, type Message, type Stage } from './stage.ts';
import { variantsIn } from './words.ts';

const day = 86_400_000;
/** A tag's id is Base64 in Teams. */
const tag = Buffer.from('11111111-2222-3333-4444-555555555555##tag##it').toString('base64');
const groups = { Slack: 'S0123456789', Teams: tag } as const;

const servers = scope();
let host: MailHost;
/** How much time has passed besides what really has. */
let passed = 0;
const later = (ms: number): void => {
  passed += ms;
};
beforeAll(async () => {
  host = await startMailHost(servers);
  const real = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => real() + passed);
});
afterAll(async () => {
  vi.restoreAllMocks();
  await servers.stop();
});

describe.each([slack, teams])('$name', (rig) => {
  const group = rig.name === 'Slack' ? groups.Slack : groups.Teams;

  describe.each(variantsIn(rig.name))('in $language', ({ language, words }) => {
    let stage: Stage;
    afterEach(() => stage.close());

    /** From nothing to a case in the channel. */
    const handOver = async (env: Readonly<Record<string, string>> = {}): Promise<Message> => {
      passed = 0;
      const prepared = await rig.prepare();
      const settings = { CHECK_CA_FILE: host.caFile, WATCH_INTERVAL: '86400', ...env };
      stage = await prepared.open({ env: settings, locale: language, process: 'shared' });
      const { anna, jonas } = stage;
      await (await giveAddress(anna)).submit(host.account(host.old.imapsPort));
      const form = await anna.open(await anna.reads(words.blocked), 'escalate');
      await form.submit({ comment: '<!channel> <at>everyone</at>' });
      await anna.reads(words.handedOver);
      return jonas.reads(words.rootHeading, words.rootOpen);
    };

    test('a new case calls whom the operator has named, and whoever claims it is called by what the rep does', async () => {
      const opened = await handOver({ [`${rig.name.toUpperCase()}_IT_MENTION`]: group });
      const { anna, jonas } = stage;
      expect(opened.calls).toEqual([group]);
      await jonas.press(opened, 'claim');
      const claimed = await jonas.reads(words.rootHeading, words.rootClaimed);
      expect(claimed.calls).toEqual([]);
      const question = await jonas.open(claimed, 'ask-rep');
      await question.submit({ question: 'Seit wann?' });
      await anna.reads(words.asked);
      await anna.says('Seit Montag');
      expect((await jonas.readsBelow(opened, words.answers, 'Seit Montag')).calls).toEqual([jonas.id]);
      await anna.reads(words.arrived);
      await anna.press(await anna.reads(words.blocked), 'withdraw');
      expect((await jonas.readsBelow(opened, words.withdrawn)).calls).toEqual([jonas.id]);
      expect((await jonas.readsBelow(opened, 'SMTP: 127.0.0.1:')).calls).toEqual([]);
    });

    test('a case that nobody claims says so, and a rep who does not answer is reminded twice', async () => {
      const opened = await handOver();
      const { anna, jonas } = stage;
      expect(opened.calls).toEqual([]);
      // However the days of the week fall: half a working day is over after these.
      later(4 * day);
      await jonas.readsBelow(opened, words.unclaimed);
      const late = await jonas.reads(words.rootHeading, words.overdue);
      await jonas.press(late, 'claim');
      const claimed = await jonas.reads(words.rootHeading, words.rootClaimed);
      expect(claimed.lines.join('\n')).not.toContain(words.overdue);
      await (await jonas.open(claimed, 'ask-rep')).submit({ question: 'Seit wann?' });
      await anna.reads(words.asked);
      later(4 * day);
      const reminder = await anna.reads(words.remindsOfQuestion, 'Seit wann?');
      expect(reminder.buttons).toEqual(['answer']);
      later(5 * day);
      await jonas.reads(words.rootHeading, words.overdueAnswer);
      const reminded = (await anna.chat()).filter(({ lines }) =>
        lines.join('\n').includes(words.remindsOfQuestion),
      );
      expect(reminded).toHaveLength(2);
      await anna.says('Seit Montag');
      await jonas.readsBelow(opened, words.answers, 'Seit Montag');
    });

    test('where the operator wants no reminders, nobody is reminded', async () => {
      const opened = await handOver({ REMINDERS: 'off' });
      later(10 * day);
      await sleep(1000);
      const now = await stage.jonas.reads(words.rootHeading, words.rootOpen);
      expect(now.lines.join('\n')).not.toContain(words.overdue);
      await stage.jonas.press(opened, 'claim');
      await stage.jonas.reads(words.rootHeading, words.rootClaimed);
    });
  });
});
