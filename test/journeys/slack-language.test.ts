/** In which language words come, and to whom; nothing here needs a mail server. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import deChat from '../../locales/de/chat.json' with { type: 'json' };
import deViews from '../../locales/de/views.json' with { type: 'json' };
import enChat from '../../locales/en/chat.json' with { type: 'json' };
import enViews from '../../locales/en/views.json' with { type: 'json' };
import { openStage, type Stage } from './slack-stage.ts';

const languages = [
  { locale: 'de', other: 'en', tag: 'de-DE', chat: deChat, views: deViews },
  { locale: 'en', other: 'de', tag: 'en-GB', chat: enChat, views: enViews },
] as const;
const patience = { timeout: 20_000 };

describe.each(languages)('somebody who speaks $locale, where others do not', (language) => {
  const { locale, other, tag, chat, views } = language;
  let stage: Stage;
  beforeEach(async () => {
    const env = { DEFAULT_LOCALE: other, IT_LOCALE: other };
    stage = await openStage({ env, locales: { anna: tag } });
  });
  afterEach(() => stage.close());
  const calls = (wanted: string) =>
    stage.world.door.calls.filter(({ method, answer }) => method === wanted && answer.ok === true);

  test.each([
    ['help', views.notice.help],
    ['status', views.notice.status],
    ['nonsense', views.notice.help],
    ['UNAUTHORIZED', views.notice['said-unauthorized']],
  ])('reads the answer to her first word “%s” in her language, once', async (word, answer) => {
    await stage.person.anna.say(word);
    await stage.repSees(answer.split('{{')[0] ?? '');
    expect(calls('chat.postMessage')).toHaveLength(1);
    expect(calls('chat.update')).toEqual([]);
  });

  test('reads private lines in her language, whether Slack knows it or she chose it', async () => {
    const { anna, paul } = stage.person;
    await anna.command('help');
    await expect.poll(anna.whispers, patience).toEqual([chat['answered-in-dm']]);
    await paul.command(`language ${locale}`);
    await expect.poll(paul.whispers, patience).toHaveLength(1);
    await paul.command('status');
    await expect.poll(() => paul.whispers().at(-1), patience).toBe(chat['answered-in-dm']);
  });
});

describe('a member of IT who mentions the bot in a thread that is no case', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage({ env: { IT_LOCALE: 'de' }, locales: { jonas: 'en-GB' } });
  });
  afterEach(() => stage.close());

  test.each(['Pizza heute?', 'vergessen'])(
    'with “%s” is told so, and nothing else happens',
    async (words) => {
      const { jonas } = stage.person;
      await jonas.say('status');
      await expect.poll(() => stage.world.seenBy('jonas'), patience).toHaveLength(1);
      await jonas.mention(words, '1790000000.000100');
      const whispered = () => stage.world.door.calls.filter(({ method }) => method === 'chat.postEphemeral');
      await expect
        .poll(() => whispered().map(({ body }) => body.text), patience)
        .toEqual([deChat['mention-in-case']]);
      expect(await stage.world.seenBy('jonas')).toHaveLength(1);
    },
  );
});
