/** Whoever is forgotten is in no file and no table any more, whatever she had in common with others; for them it goes on. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Person } from '../../src/chat/port.ts';
import type { Message } from '../../src/chat/view.ts';
import { anna, blocked, ines, omar, servers } from '../conversation/fixtures.ts';
import { type Database, embedded, engines } from '../store/engines.ts';
import { bea, carl, createStage } from './cases-stage.ts';
import { found, until } from './stage.ts';

const handedOver = /^Der Fall ist bei Ihrer IT angekommen/u;
const forgotten = /^Ihre Daten sind gelöscht|^Gelöscht|gelöscht/u;

const first = ({ name }: Person): string => name.split(' ')[0]?.toLowerCase() ?? '';
/** What only she has brought along. */
const hers = (person: Person) => ({
  name: person.name,
  id: JSON.stringify(person.id),
  address: `${first(person)}@firma.example`,
  username: `login-${first(person)}`,
  host: `smtp-${first(person)}.firma.example`,
  certificate: `cert-${first(person)}.firma.example`,
  comment: `Kommentar von ${first(person)}`,
});

/** Every byte that is kept: of all files, or of all rows of all tables. */
const everything = async ({ address, sql }: Database): Promise<string> => {
  if (!address.startsWith('postgres')) {
    const names = await readdir(address);
    return (await Promise.all(names.map((name) => readFile(join(address, name), 'utf8')))).join('\n');
  }
  const tables = await sql("select table_name from information_schema.tables where table_schema = 'public'");
  const rows = await Promise.all(tables.map(({ table_name }) => sql(`select * from "${table_name}"`)));
  return JSON.stringify(rows).replaceAll('\\', '');
};

const traces = async (database: Database, person: Person): Promise<string[]> => {
  const kept = await everything(database);
  return Object.entries(hers(person)).flatMap(([what, text]) => (kept.includes(text) ? [what] : []));
};

const openStage = async (newDatabase: () => Promise<Database>) => {
  const database = await newDatabase();
  const stage = await createStage({
    store: await database.open(),
    diagnose: async ({ address }) =>
      found({
        ...blocked,
        findings: blocked.findings.map((one) => ({
          ...one,
          evidence: { ...one.evidence, names: [`cert-${address.replace(/@.*/u, '')}.firma.example`] },
        })),
      }),
  });

  const escalate = async (person: Person): Promise<void> => {
    const { address, username, host, comment } = hers(person);
    const form = await stage.rep(person).command('');
    const next = await stage.rep(person).submit('address', form?.context ?? '', { address });
    const context = next?.type === 'form' ? next.form.context : '';
    await stage
      .rep(person)
      .submit('servers', context, { ...servers, username, smtpHost: host } as Record<string, string>);
    await stage.handOver(person, comment);
    await stage.message(person, handedOver);
  };

  const forget = async (person: Person): Promise<void> => {
    await stage.rep(person).say('vergessen');
    await until(async () => expect(await stage.store.latestOf(person)).toBeNull());
    await stage.message(person, forgotten);
    await stage.idle();
    expect(await traces(database, person)).toEqual([]);
  };

  const root = async (): Promise<Message> => (await stage.root()).message;
  return { ...stage, database, escalate, forget, rootNow: root, stage };
};

describe.each(engines)('$name: given two reps in one thread', ({ newDatabase }) => {
  const together = async () => {
    const all = await openStage(newDatabase);
    for (const rep of [anna, bea]) await all.escalate(rep);
    await all.stage.idle();
    expect(await traces(all.database, anna)).toEqual(Object.keys(hers(anna)));
    expect(await traces(all.database, bea)).toEqual(Object.keys(hers(bea)));
    return all;
  };

  test('when the one who came second is forgotten, then the first goes on alone', async () => {
    const { stage, forget, rootNow, database } = await together();
    await forget(bea);
    expect((await rootNow()).summary).toMatch(/^Anna Vogt kann ein E-Mail-Konto nicht/u);
    await stage.it(omar).press(await rootNow(), 'claim');
    await stage.message(anna, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
    await stage.it(omar).press(await rootNow(), 'resolve');
    await stage.message(anna, /als erledigt gemeldet/u);
    await stage.idle();
    expect(await traces(database, bea)).toEqual([]);
  });

  test('when the one who came first is forgotten, then the thread is kept for the other', async () => {
    const { stage, forget, escalate, rootNow, database } = await together();
    const before = await rootNow();
    await stage.it(omar).press(before, 'claim');
    await stage.message(bea, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
    await forget(anna);
    expect((await rootNow()).summary).toBe(
      'Bea Lang kann ein E-Mail-Konto nicht mit HubSpot verbinden. Omar Haddad hat den Fall übernommen.',
    );
    const asked = await stage.it(omar).press(await rootNow(), 'ask-rep');
    await stage.it(omar).submit('ask-rep', asked?.context ?? '', { question: 'Seit wann?' });
    await stage.message(bea, /Frage an Sie/u);
    await stage.rep(bea).say('Seit Montag');
    await until(() => expect(stage.recorder.words('thread')).toContain('Bea Lang hat geantwortet.'));

    await escalate(carl);
    expect(stage.recorder.at('it-channel')).toHaveLength(1);
    await until(async () => expect((await rootNow()).summary).toMatch(/^Bea Lang und eine weitere Person/u));
    await stage.it(omar).press(await rootNow(), 'resolve');
    for (const rep of [bea, carl]) await stage.message(rep, /als erledigt gemeldet/u);
    await stage.rep(bea).press(await stage.withButton(bea, 'reopen'), 'reopen');
    await until(async () => expect((await rootNow()).summary).toMatch(/^Bea Lang kann .*Offen/u));
    await stage.idle();
    expect(await traces(database, anna)).toEqual([]);
  });

  test('when IT mentions the bot in the thread afterwards, then whoever is left is asked', async () => {
    const { stage, forget } = await together();
    const { ref } = await stage.root();
    await forget(anna);
    await stage.it(ines).say('Welches Programm nutzen Sie?', ref);
    await stage.message(bea, /Frage an Sie/u);
  });

  test('when one after the other is forgotten, then a button from the beginning still leads to whoever is left', async () => {
    const { stage, forget, escalate, rootNow, database } = await together();
    const fromTheBeginning = await rootNow();
    await escalate(carl);
    await stage.idle();
    await forget(anna);
    await forget(bea);
    await stage.it(omar).press(fromTheBeginning, 'claim');
    await stage.message(carl, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
    await until(async () => expect((await rootNow()).summary).toMatch(/^Carl Renz kann .*Omar Haddad/u));
    await forget(carl);
    expect((await rootNow()).buttons).toEqual([]);
    for (const rep of [anna, bea, carl]) expect(await traces(database, rep)).toEqual([]);
  });

  test('when a member of IT who has it in hand is forgotten, then it is open for others', async () => {
    const { stage, forget, rootNow } = await together();
    await stage.it(ines).press(await rootNow(), 'claim');
    for (const rep of [anna, bea])
      await stage.message(rep, /Ines Kraft aus Ihrer IT hat den Fall übernommen/u);
    await stage.rep(ines).say('Hilfe');
    await stage.idle();
    await forget(ines);
    await until(async () => expect((await rootNow()).summary).toMatch(/Offen. Noch hat niemand/u));
    await stage.it(omar).press(await rootNow(), 'claim');
    for (const rep of [anna, bea])
      await stage.message(rep, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
  });
});

describe('given a process that dies while the first of two is being forgotten', () => {
  // Each waits for a lease to run out.
  test.concurrent.each(Array.from({ length: 14 }, (_, index) => index + 1))(
    'before its write number %i, then the next one ends it',
    async (write) => {
      const { stage, escalate, rootNow, database } = await openStage(embedded.newDatabase);
      for (const rep of [anna, bea]) await escalate(rep);
      await stage.idle();
      const say = () => stage.rep(anna).say('vergessen');
      await stage.dieBefore(write, async () => {
        await say();
      });
      if (write === 1) await say();
      await until(async () => expect(await stage.store.latestOf(anna)).toBeNull());
      await stage.idle();
      expect(await traces(database, anna)).toEqual([]);
      await until(async () => expect((await rootNow()).summary).toMatch(/^Bea Lang kann/u));
      await stage.it(omar).press(await rootNow(), 'claim');
      await stage.message(bea, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
    },
  );
});
