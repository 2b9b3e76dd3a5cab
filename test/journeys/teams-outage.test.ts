/** Teams in front, a real PostgreSQL behind that stands still or is gone: nothing is lost, and nothing looks done that is not. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import deLines from '../../locales/de/dialogs.json' with { type: 'json' };
import de from '../../locales/de/views.json' with { type: 'json' };
import enLines from '../../locales/en/dialogs.json' with { type: 'json' };
import en from '../../locales/en/views.json' with { type: 'json' };
import { textsOf } from '../adapters/teams-simulator/cards.ts';
import { type SimulatedPerson, type Simulator, startSimulator } from '../adapters/teams-simulator/index.ts';
import { type Postgres, startPostgres } from '../databases/postgres.ts';
import { scope } from '../mail-servers/index.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { until } from '../support/until.ts';
import { loopback, type Product, startProduct } from './product.ts';
import { dialogIn, giveAddress, standing } from './teams-stage.ts';

const typed = {
  imapHost: 'imap.firma.example',
  imapPort: '993',
  smtpHost: 'smtp.firma.example',
  smtpPort: '465',
  username: 'a.beck',
};
/** In which a form must have its answer, in milliseconds; Teams itself waits a little longer. */
const formMs = 2500;

/** Each language meets each trouble; a cluster each, since all that is in it stands still. */
const languages = [
  { tag: 'de-DE', language: 'de', lines: deLines, views: de },
  { tag: 'en-GB', language: 'en', lines: enLines, views: en },
] as const;
const troubles = [
  {
    trouble: 'stands still',
    begin: async (postgres: Postgres) => {
      await postgres.freeze();
      return postgres.thaw;
    },
  },
  {
    trouble: 'refuses connections',
    begin: async (postgres: Postgres) => {
      await postgres.crash();
      return postgres.restart;
    },
  },
] as const;
const cases = languages.flatMap((one) => troubles.map((other) => ({ ...one, ...other })));

sideBySide(cases, 'in $language, while the database $trouble', ({ tag, language, lines, views, begin }) => {
  let own: ReturnType<typeof scope>;
  let product: Product;
  let teams: Simulator;
  let anna: SimulatedPerson;
  let postgres: Postgres;
  beforeEach(async () => {
    own = scope();
    postgres = await own.start(startPostgres());
    product = await own.start(
      startProduct({
        ...loopback,
        LOG_LEVEL: 'silent',
        DATABASE_URL: await postgres.createDatabase(),
        TEAMS_ANONYMOUS: '1',
        DEFAULT_LOCALE: language === 'de' ? 'en' : 'de',
      }),
    );
    teams = await own.start(startSimulator({ bot: () => product.url }));
    anna = teams.person({ id: '29:anna', name: 'Anna Beck', locale: tag });
  });
  afterEach(() => own.stop());

  test('a form keeps what she typed and says whose fault it is; a message is not taken for read', async () => {
    const form = await giveAddress(anna, views.welcome.heading);
    let mending: Promise<void> | null = null;
    const heal = await begin(postgres);
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
      await until(async () => expect((await anna.deliver(said)).status).toBe(200));

      // The same dialog, sent once more, goes on as if nothing had been.
      expect(await anna.submit(refused, 'servers', typed)).toMatchObject({ type: 'nothing' });
    } finally {
      await mend();
    }
  });
});
