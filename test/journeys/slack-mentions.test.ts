/** Whom Slack tells of what the bot posts: a mention tells somebody where a message is posted, never where it is changed. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { scope } from '../mail-servers/index.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { askForCheck, handOver, openStage, type Stage } from './slack-stage.ts';
import { variants } from './words.ts';

const servers = scope();
const group = 'S0123456789';
const [{ words }] = variants;
let host: MailHost;
let stage: Stage;
beforeAll(async () => {
  host = await startMailHost(servers);
});
afterAll(() => servers.stop());
beforeEach(async () => {
  stage = await openStage({ env: { CHECK_CA_FILE: host.caFile, SLACK_IT_MENTION: group } });
});
afterEach(() => stage.close());

/** Elements of rich text, and marks where Slack reads them: in the line beside the blocks. In the text of a block they are text. */
const mentionedIn = ({ blocks, text }: { blocks?: unknown; text?: unknown }): string[] => [
  ...[...JSON.stringify(blocks ?? []).matchAll(/"(?:user_id|usergroup_id)":"(\w+)"/gu)].map(
    ([, id = '']) => id,
  ),
  ...[...String(text ?? '').matchAll(/<[@!]([^>]+)>/gu)].map(([, mark = '']) => mark),
];
const sent = (method: string) =>
  stage.world.door.calls.filter((call) => call.method === method).map(({ body }) => mentionedIn(body));

test('a message tells one at most, and the rep, who is shown as a member, of nothing', async () => {
  const { world, person } = stage;
  await askForCheck(stage, host.account(host.old.imapsPort));
  await handOver(stage, await stage.repSees(words.blocked), '<!here> <@U1>');
  await stage.repSees(words.handedOver);
  const root = await stage.itSees(words.rootOpen);
  const shown = () => sent('chat.update').flat();
  await expect.poll(shown, { timeout: 20_000 }).toContain(world.idOf('anna'));
  await person.jonas.press(root, 'claim', 'it');
  const claimed = await stage.itSees(words.rootClaimed);
  const question = await (await person.jonas.press(claimed, 'ask-rep', 'it')).modal();
  await question?.submit({ question: 'Seit wann?' });
  await stage.repSees(words.asked);
  await person.anna.say('Seit Montag');
  await stage.threadSees(root, 'Seit Montag');

  const posted = sent('chat.postMessage').filter((ids) => ids.length > 0);
  expect(posted).toEqual([[group], [world.idOf('jonas')]]);
});
