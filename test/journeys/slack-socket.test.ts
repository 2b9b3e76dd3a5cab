/** Slack over a connection that the bot opens: the same conversation, and what becomes of it when the line breaks. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openSocketSide, type SocketSide } from '../adapters/slack-socket.ts';
import { botToken } from '../adapters/slack-world.ts';
import { scope } from '../mail-servers/index.ts';
import { type MailHost, startMailHost } from './mail-host.ts';
import { failToStart, loopback, type Product, startProduct } from './product.ts';
import { askForCheck, handOver, openStageOf, type Stage } from './slack-stage.ts';
import { variants } from './words.ts';

const words = variants.find(({ language }) => language === 'de')?.words;
if (!words) throw new Error('expected German words');

const servers = scope();
let host: MailHost;
beforeAll(async () => {
  host = await startMailHost(servers);
});
afterAll(() => servers.stop());

let socket: SocketSide;
let stage: Stage & { product(): Product };
beforeEach(async () => {
  socket = await openSocketSide();
  const env = { CHECK_CA_FILE: host.caFile, LOG_LEVEL: 'warn' };
  stage = await openStageOf(startProduct, { socket, env, locales: { anna: 'de-DE' } });
});
afterEach(async () => {
  await stage.close();
  await socket.close();
});

/** Slack ends the connection; another takes its place. */
const refreshed = async (): Promise<void> => {
  const before = socket.connections();
  socket.refresh();
  await expect.poll(socket.connections).toBe(before + 1);
};

test('the whole way goes over it, and Slack may end the connection between any two steps', async () => {
  const { anna, jonas } = stage.person;
  expect(await stage.readiness()).toMatchObject({ status: 200, parts: { slack: true, slackSocket: true } });
  const address = await (await anna.command()).modal();
  const noAt = await address?.submit({ address: 'rep.example.test' });
  expect(noAt).toEqual({ type: 'errors', errors: { address: words.noAt } });
  await refreshed();
  await askForCheck(stage, host.account(host.old.imapsPort));
  const report = await stage.repSees(words.blocked, words.tlsTitle);
  await refreshed();
  await handOver(stage, report, 'Bitte bis Freitag.');
  const root = await stage.itSees(words.rootHeading, 'Bitte bis Freitag.');
  await jonas.press(root, 'claim', 'it');
  await stage.itSees(words.rootClaimed);
  await refreshed();
  await anna.say('status');
  await stage.repSees(words.status);
  await jonas.mention('Seit wann?', root.ts);
  await stage.repSees('Seit wann?');
  await jonas.press(await stage.itSees(words.rootHeading), 'resolve', 'it');
  await stage.repSees(words.resolved);
  expect(await stage.product().end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('a command at the moment at which Slack ends the connection is acknowledged, and its form opens', async () => {
  for (let times = 1; times <= 3; times += 1) {
    socket.refresh();
    const { reply, modal } = await stage.person.anna.command();
    expect(reply.status).toBe(200);
    expect((await modal())?.form).toBe('address');
    await expect.poll(socket.connections).toBe(times + 1);
  }
  await expect.poll(socket.open).toBe(1);
});

test('what comes over a connection that Slack ends with its first word is acknowledged', async () => {
  const { anna } = stage.person;
  const trigger = await stage.world.trigger('anna');
  const command = anna.commandBody('', trigger, stage.world.otherChannel);
  const ended = socket.endNextAtOnce();
  socket.refresh();
  await ended;
  expect(await socket.transport.form(command)).toMatchObject({ status: 200 });
  await anna.openedBy(trigger);
  await expect.poll(socket.open).toBe(1);
  expect(socket.connections()).toBe(3);
});

test('when Slack gives no new connection for a while, the operator reads it, and the bot is there again by itself', async () => {
  socket.refuse('internal_error');
  await expect.poll(() => stage.product().said()).toContain('Slack cannot be heard');
  await expect.poll(() => stage.readiness()).toMatchObject({ status: 503, parts: { slackSocket: false } });
  socket.refuse(null);
  await expect.poll(socket.connections).toBe(2);
  expect((await (await stage.person.anna.command()).modal())?.form).toBe('address');
  expect(await stage.readiness()).toMatchObject({ status: 200, parts: { slackSocket: true } });
});

test('what Slack delivers twice is done once', async () => {
  const { anna } = stage.person;
  const trigger = await stage.world.trigger('anna');
  const fields = anna.commandBody('', trigger, stage.world.otherChannel);
  await Promise.all([socket.transport.form(fields), socket.transport.form(fields)]);
  await anna.openedBy(trigger);
  expect(stage.world.door.calls.filter(({ method }) => method === 'views.open')).toHaveLength(1);
});

test('a start with a wrong token of the app ends with one line that names it', async () => {
  socket.refuse('invalid_auth');
  const { code, out, err } = await failToStart({
    ...{ ...loopback, DATA_DIR: await servers.folder(), SLACK_API_URL: stage.world.door.apiUrl },
    ...{ SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: 'xapp-wrong' },
  });
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^connect-email cannot start: SLACK_APP_TOKEN: [^\n]*invalid_auth[^\n]*\n$/u);
  expect(err).not.toContain('xapp-wrong');
});
