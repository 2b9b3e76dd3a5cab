/** Teams asks for quiet in many conversations at once, more than the bot has hands. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import de from '../../locales/de/views.json' with { type: 'json' };
import { scope } from '../mail-servers/index.ts';
import { type Company, openCompany } from './teams-stage.ts';

const own = scope();
let company: Company;
beforeEach(async () => {
  company = await openCompany({ DATA_DIR: await own.folder(), DEFAULT_LOCALE: 'de' }, { tag: 'de-DE' });
});
afterEach(async () => {
  await company.stop();
  await own.stop();
  expect(company.teams.faults).toEqual([]);
});

test('others get their answers meanwhile, and those conversations theirs afterwards', async () => {
  const { teams, jonas } = company;
  const many = Array.from({ length: 12 }, (_, index) =>
    teams.person({ id: `29:many-${index}`, name: `Rep ${index}`, locale: 'de-DE' }),
  );
  await Promise.all(many.map((one) => one.installs()));
  await jonas.installs();
  for (const one of [...many, jonas]) await one.reads(de.welcome.heading);

  teams.connector.refuse(429, /^POST .*many-/u, 12, 6);
  await Promise.all(many.map((one) => one.says('hilfe')));
  await jonas.says('hilfe');
  // Half of what the others are asked to wait.
  await jonas.reads(de.notice['help-words'], 3000);
  await Promise.all(many.map((one) => one.reads(de.notice['help-words'])));
});
