/** Given a store that is gone or stands still, then Slack is answered in time and nobody's words are lost. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import deTexts from '../../locales/de/chat.json' with { type: 'json' };
import type { Reply } from '../adapters/slack-transport.ts';
import { type Postgres, startPostgres } from '../databases/postgres.ts';
import { closedPort, scope } from '../mail-servers/index.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';
import { type Product, startProduct } from './product.ts';
import { askForCheck, handOver, openStageOf, type Stage } from './slack-stage.ts';

/** Slack waits for three seconds; the way there and back is not ours. */
const promisedMs = 2500;

const outages = [
  {
    name: 'refuses connections',
    begin: (server: Postgres) => server.crash(),
    end: (server: Postgres) => server.restart(),
  },
  {
    name: 'stands still',
    begin: (server: Postgres) => server.freeze(),
    end: (server: Postgres) => server.thaw(),
  },
];

/** Until it is taken, under the name that it has; as Slack does, only sooner. */
const delivered = async (send: (retry: number) => Promise<Reply>): Promise<void> => {
  let retry = 1;
  await until(async () => expect((await send(retry++)).status).toBe(200), {
    timeout: 40_000,
    interval: 500,
  });
};

sideBySide(outages, 'given a PostgreSQL that $name', ({ begin, end }) => {
  const own = scope();
  let server: Postgres;
  let stage: Stage & { product(): Product };
  beforeAll(async () => {
    server = await own.start(startPostgres());
  });
  afterAll(() => own.stop());
  beforeEach(async () => {
    const env = { DATABASE_URL: await server.createDatabase(), LOG_LEVEL: 'silent' };
    stage = await openStageOf(startProduct, { env, locales: { anna: 'de-DE' } });
  });
  afterEach(() => stage.close());

  test('then commands and clicks are acknowledged at once, and forms answered in time with what was typed', async () => {
    const { anna } = stage.person;
    const modal = await (await anna.command()).modal();
    const welcome = await stage.repSees('Wir prüfen Ihre Mailserver');
    await begin(server);
    try {
      const [command, click] = [(await anna.command()).reply, (await anna.press(welcome, 'start')).reply];
      for (const { status, ms } of [command, click]) {
        expect(status).toBe(200);
        expect(ms).toBeLessThan(1000);
      }
      // The first may still meet a connection that breaks at once; those after it wait for one in vain.
      for (let times = 0; times < 3; times += 1) {
        const started = performance.now();
        const answer = await modal?.submit({ address: 'rep@example.test' });
        expect(performance.now() - started).toBeLessThan(promisedMs);
        expect(answer).toEqual({ type: 'errors', errors: { address: deTexts['form-not-taken'] } });
      }
    } finally {
      await end(server);
    }
  });

  test("then her answer to IT is refused until it is kept, and stands in IT's thread once", async () => {
    const { anna, jonas } = stage.person;
    const port = String((await closedPort()).port);
    await askForCheck(stage, {
      imapHost: '127.0.0.1',
      imapPort: port,
      smtpHost: '127.0.0.1',
      smtpPort: port,
    });
    await handOver(stage, await stage.repSees('So lässt sich das Konto nicht verbinden'), '');
    const root = await stage.itSees('Anna Beck kann ein E-Mail-Konto nicht mit HubSpot verbinden');
    await jonas.mention('Seit wann?', root.ts);
    await stage.repSees('Seit wann?');
    await begin(server);
    try {
      for (const retry of [0, 1]) {
        const { status, ms } = await anna.say('Seit Montag.', 'Ev1', retry);
        expect(status).toBe(503);
        expect(ms).toBeLessThan(2900);
      }
    } finally {
      await end(server);
    }
    await delivered((retry) => anna.say('Seit Montag.', 'Ev1', retry));
    await stage.threadSees(root, 'Seit Montag.');
    expect((await anna.say('Seit Montag.', 'Ev1', 3)).status).toBe(200);
    const thread = await stage.world.seenInThread(root.ts);
    expect(thread.filter(({ text }) => text.includes('Seit Montag.'))).toHaveLength(1);
  });
});
