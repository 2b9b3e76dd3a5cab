import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Fault, refusal } from '../adapters/slack-door.ts';
import { closedPort, scope } from '../mail-servers/index.ts';
import { beside } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';
import { failToStart } from './product.ts';
import { type Account, askForCheck, handOver, openStage, type Stage } from './slack-stage.ts';

const blocked = 'So lässt sich das Konto nicht verbinden';
const rootHeading = 'Anna Beck kann ein E-Mail-Konto nicht mit HubSpot verbinden';
const notArrived = 'Der Fall ist nicht angekommen';
const arrived = 'Der Fall ist bei Ihrer IT angekommen.';

/** Each test has a Slack of its own, and an account whose servers refuse. */
const openOwn = async (): Promise<[Stage, Account]> => {
  const stage = await openStage({ locales: { anna: 'de-DE' } });
  const { port } = await closedPort();
  const at = { imapHost: '127.0.0.1', imapPort: String(port), smtpHost: '127.0.0.1', smtpPort: String(port) };
  return [stage, at];
};

beside('given an IT channel that cannot be reached', () => {
  let stage: Stage;
  let account: Account;
  beforeEach(async () => {
    [stage, account] = await openOwn();
  });
  afterEach(() => stage.close());

  const isToIt = (method: string, body: Record<string, unknown>): boolean =>
    ['chat.postMessage', 'conversations.info'].includes(method) && body.channel === stage.world.itChannel;

  test.each(['not_in_channel', 'is_archived', 'channel_not_found'])(
    'because of %s, the rep learns that the case did not arrive, the operator too, and it can be handed over later',
    async (error) => {
      stage.world.door.failIf((method, body) => (isToIt(method, body) ? refusal(error) : null));
      await stage.restart();
      expect(await stage.readiness()).toMatchObject({
        status: 503,
        parts: { store: true, slack: true, slackItChannel: false },
      });
      await askForCheck(stage, account);
      await handOver(stage, await stage.repSees(blocked), 'Bitte schnell.');
      const failed = await stage.repSees(notArrived);
      expect(await stage.world.seenByIt()).toEqual([]);

      stage.world.door.failIf(() => null);
      const form = await (await stage.person.anna.press(failed, 'escalate')).modal();
      expect(form?.fields).toEqual({ comment: 'Bitte schnell.' });
      expect(await form?.submit()).toEqual({ type: 'closed' });
      await stage.repSees(arrived);
      await stage.itSees(rootHeading, 'Bitte schnell.');
    },
  );
});

beside('given Slack on a bad day', () => {
  let stage: Stage;
  let account: Account;
  beforeEach(async () => {
    [stage, account] = await openOwn();
  });
  afterEach(() => stage.close());

  const once = (fault: Fault) => {
    const failedFor = new Set<string>();
    return (method: string, body: Record<string, unknown>): Fault | null => {
      const key = `${method} ${String(body.channel)} ${String(body.ts ?? '')}`;
      if (!/^(?:chat|conversations\.open)/u.test(method) || failedFor.has(key)) return null;
      failedFor.add(key);
      return fault;
    };
  };

  test.each<[string, Fault]>([
    ['refuses for haste', { status: 429, headers: { 'Retry-After': '1' } }],
    ['fails', { status: 500 }],
    ['names an error of its own', refusal('internal_error')],
  ])('which %s at first, every message arrives', async (_, fault) => {
    stage.world.door.failIf(once(fault));
    await askForCheck(stage, account);
    await handOver(stage, await stage.repSees(blocked), '');
    await stage.repSees(arrived);
    const root = await stage.itSees(rootHeading);
    await stage.threadSees(root, 'openssl s_client');
  });

  test('which does not answer about people, the form opens at once all the same', async () => {
    stage.world.door.failIf((method) => (method === 'users.info' ? 'hang' : null));
    const start = performance.now();
    const modal = await (await stage.person.anna.command()).modal();
    expect(modal?.form).toBe('address');
    expect(performance.now() - start).toBeLessThan(1500);
  });

  test('which opens no form, she is told in private and finds a button in her messages', async () => {
    stage.world.door.failIf((method) => (method === 'views.open' ? refusal('expired_trigger_id') : null));
    const { reply } = await stage.person.anna.command();
    expect(reply).toMatchObject({ status: 200, body: '' });
    await until(() =>
      expect(stage.person.anna.whispers()).toEqual([expect.stringContaining('nicht öffnen')]),
    );
    expect((await stage.repSees('Wir prüfen Ihre Mailserver')).buttons[0]?.action).toBe('start');
  });
});

beside('a start', () => {
  let stage: Stage;
  beforeEach(async () => {
    [stage] = await openOwn();
  });
  afterEach(() => stage.close());

  test('with a wrong token ends with one line that names it', async () => {
    const own = scope();
    const env = {
      SLACK_BOT_TOKEN: 'xoxb-wrong',
      SLACK_SIGNING_SECRET: 'x',
      SLACK_API_URL: stage.world.door.apiUrl,
      DATA_DIR: await own.folder(),
    };
    stage.world.door.failIf((method) => (method === 'auth.test' ? refusal('invalid_auth') : null));
    const { code, out, err } = await failToStart(env);
    await own.stop();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^connect-email cannot start: SLACK_BOT_TOKEN: [^\n]*invalid_auth[^\n]*\n$/u);
    expect(err).not.toContain('xoxb-wrong');
  });
});
