/** Teams in front, a real PostgreSQL behind that stands still or is gone: nothing is lost, and nothing looks done that is not. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import deLines from '../../locales/de/dialogs.json' with { type: 'json' };
import de from '../../locales/de/views.json' with { type: 'json' };
import enLines from '../../locales/en/dialogs.json' with { type: 'json' };
import en from '../../locales/en/views.json' with { type: 'json' };
import { textsOf } from '../adapters/teams-simulator/cards.ts';
import { type SimulatedPerson, type Simulator, startSimulator } from '../adapters/teams-simulator/index.ts';
import { type Postgres, startPostgres } from '../databases/postgres.ts';
import { scope } from '../mail-servers/index.ts';
import { loopback, type Product, startProduct } from './product.ts';
import { dialogIn, giveAddress, standing } from './teams-stage.ts';

const own = scope();
let postgres: Postgres;
beforeAll(async () => {
  postgres = await own.start(startPostgres());
});
afterAll(() => own.stop());

const typed = {
  imapHost: 'imap.firma.example',
  imapPort: '993',
  smtpHost: 'smtp.firma.example',
  smtpPort: '465',
  username: 'a.beck',
};
/** In which a form must have its answer, in milliseconds; Teams itself waits a little longer. */
const formMs = 2500;

describe.each([
  { tag: 'de-DE', language: 'de', lines: deLines, views: de },
  { tag: 'en-GB', language: 'en', lines: enLines, views: en },
] as const)('in $language, while the database', ({ tag, language, lines, views }) => {
  let product: Product;
  let teams: Simulator;
  let anna: SimulatedPerson;
  beforeEach(async () => {
    product = await startProduct({
      ...loopback,
      LOG_LEVEL: 'silent',
      DATABASE_URL: await postgres.createDatabase(),
      TEAMS_ANONYMOUS: '1',
      DEFAULT_LOCALE: language === 'de' ? 'en' : 'de',
    });
    teams = await startSimulator({ bot: () => product.url });
    anna = teams.person({ id: '29:anna', name: 'Anna Beck', locale: tag });
  });
  afterEach(async () => {
    await product.stop();
    await teams.stop();
  });

  const frozen = async () => {
    await postgres.freeze();
    return postgres.thaw;
  };
  const gone = async () => {
    await postgres.crash();
    return postgres.restart;
  };

  test.each([
    ['stands still', frozen],
    ['refuses connections', gone],
  ])(
    '%s: a form keeps what she typed and says whose fault it is; a message is not taken for read',
    async (_name, breakIt) => {
      const form = await giveAddress(anna, views.welcome.heading);
      let mending: Promise<void> | null = null;
      const heal = await breakIt();
      const mend = (): Promise<void> => {
        mending ??= heal();
        return mending;
      };
      try {
        const began = performance.now();
        const refused = dialogIn(await anna.submit(form, 'servers', typed));
        expect(performance.now() - began).toBeLessThan(formMs);
        expect(textsOf(refused)).toContain(lines.failed);
        expect(standing(refused)).toMatchObject(typed);

        const said = { ...anna.base(), type: 'message', text: 'status' };
        const { status } = await anna.deliver(said);
        expect(status).toBeGreaterThanOrEqual(500);
        await anna.reads(lines.failed);
        // What Teams delivers again tells her nothing twice.
        await anna.deliver(said);
        expect(anna.chat().filter(({ card }) => textsOf(card).includes(lines.failed))).toHaveLength(1);
        await mend();
        await expect
          .poll(async () => (await anna.deliver(said)).status, { timeout: 20_000, interval: 500 })
          .toBe(200);

        // The same dialog, sent once more, goes on as if nothing had been.
        expect(await anna.submit(refused, 'servers', typed)).toMatchObject({ type: 'nothing' });
      } finally {
        await mend();
      }
    },
  );
});
