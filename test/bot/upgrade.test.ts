/** Given a database, messages and links of the version before, then today's bot goes on with all of them. */
import { describe, expect, test } from 'vitest';
import type { Person } from '../../src/chat/port.ts';
import { type ButtonAction, buttonActions } from '../../src/chat/view.ts';
import { openEmbeddedStore } from '../../src/store/engine/embedded.ts';
import { createWording } from '../../src/wording/index.ts';
import { anna, blocked, gone, loginPossible, omar, servers } from '../conversation/fixtures.ts';
import { earlierDatabase } from '../store/earlier.ts';
import { after } from '../support/afterwards.ts';
import { botSettings, createRecorder, doing, found, startBot, until } from './stage.ts';

const who = (id: string, name: string): Person => ({ platform: 'recording', id, name });
const bea = who('U11', 'Bea Lang');
const cora = who('U13', 'Cora Abel');
const dora = who('U14', 'Dora Ohm');
const eva = who('U15', 'Eva Kern');
const finn = who('U16', 'Finn Moor');
const gina = who('U17', 'Gina Wolf');
const hana = who('U18', 'Hana Brandt');

const minute = 60_000;
const actionOf = (text: string): ButtonAction =>
  buttonActions.find((action) => action === text) ?? expect.fail(`no such button: ${text}`);

const upgraded = async () => {
  const earlier = await earlierDatabase('before-typed-jobs');
  const began = performance.now();
  let ahead = 0;
  const now = () => Math.round(earlier.at + performance.now() - began + ahead);
  const store = await openEmbeddedStore({ directory: earlier.directory, now });
  after('test', store.close);
  const recorder = createRecorder();
  for (const { ref, to, summary, buttons } of earlier.posts) {
    const drawn = buttons.map(({ action, value }) => {
      const style = 'plain' as const;
      return { action: actionOf(action), value, label: action, style };
    });
    const message = { summary, blocks: [], buttons: drawn };
    recorder.posts.push({
      ref: { platform: 'recording', id: ref },
      place: to === 'it-channel' ? { type: to } : { type: 'person', person: who(to, '') },
      message,
      versions: [],
    });
  }
  const looks: string[] = [];
  const bot = startBot(store, recorder, {
    clock: { now },
    wording: createWording({ itLocale: 'de', now, itChannel: true, loginPage: true }),
    settings: { ...botSettings, loginUrl: () => 'https://bot.example/login' },
    diagnose: async ({ address }, { question }) => {
      if (question) looks.push(address);
      if (question) return found(gone);
      return found(/^(?:dora|eva)@/u.test(address) ? loginPossible : blocked);
    },
  });
  const read = (person: Person): string[] =>
    recorder.posts
      .filter(({ place }) => place.type === 'person' && place.person.id === person.id)
      .map(({ message }) => message.summary);
  return {
    ...{ bot, store, recorder, earlier, looks, now, read },
    reads: (person: Person, words: RegExp) => until(() => expect(read(person).join('\n')).toMatch(words)),
    /** A message as the version before drew it. */
    drawn: (words: RegExp, to: string, action: string) =>
      earlier.posts.find(
        (post) =>
          words.test(post.summary) && post.to === to && post.buttons.some((one) => one.action === action),
      ) ?? expect.fail(`the version before drew no ${action}`),
    later: (ms: number): void => {
      ahead += ms;
    },
  };
};

describe('jobs that wait', () => {
  test('are all done, whatever the version before called them', async () => {
    const { store, earlier, reads, read, recorder, now, later, looks } = await upgraded();
    const waited = earlier.rows.jobs ?? [];
    expect([...new Set(waited.map(({ kind }) => kind))].sort()).toEqual(
      ['diagnose', 'erase', 'hand-over', 'relay', 'show', 'watch'].sort(),
    );
    expect(waited.filter(({ payload }) => String(payload).includes('withLogin'))).toHaveLength(1);

    for (const rep of [anna, bea]) await reads(rep, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
    await until(() =>
      expect(recorder.words('thread').join('\n')).toMatch(/Carl Renz hat den Fall für sich zurückgezogen/u),
    );
    await reads(cora, /So lässt sich das Konto nicht verbinden/u);
    await reads(gina, /Alles über Sie ist gelöscht/u);
    expect(await store.latestOf(gina)).toBeNull();

    // By then nobody has given a sign that the password is still there.
    later(10_000);
    await reads(dora, /an einem Fehler bei uns gescheitert/u);
    expect(read(dora).join('\n')).not.toMatch(/angemeldet|Anmeldung hat geklappt/u);

    later(2 * minute);
    await reads(finn, /Der Fall ist bei Ihrer IT angekommen/u);
    later(20 * minute);
    await until(() => expect(looks).toContain('anna@firma.example'));
    await until(async () => {
      const { waiting, givenUp } = await store.counts(now());
      expect(Object.keys(waiting).filter((kind) => kind !== 'watch')).toEqual([]);
      expect(givenUp, 'what had been given up before').toEqual({ show: 1 });
    });
  });
});

describe('buttons and forms that stand there', () => {
  test('lead on: those of IT, those of reps, and forms that were open', async () => {
    const { bot, earlier, reads, recorder, drawn, read } = await upgraded();
    await reads(anna, /Omar Haddad aus Ihrer IT hat den Fall übernommen/u);
    const it = doing(bot, omar, true);
    const press = async (person: Person, post: ReturnType<typeof drawn>, action: string) => {
      const button = post.buttons.find((one) => one.action === action);
      const message = { summary: '', blocks: [], buttons: [] };
      const value = button?.value ?? '';
      const drawnAs = { action: actionOf(action), value, label: '', style: 'plain' as const };
      const by = post.to === 'it-channel' ? it : doing(bot, person);
      return by.press({ ...message, buttons: [drawnAs] }, drawnAs.action);
    };

    const asked = { recipient: 'all', question: 'Seit wann?' };
    await it.submit('ask-rep', earlier.forms.askRep, asked);
    await reads(bea, /Frage an Sie/u);
    await press(bea, drawn(/So lässt sich/u, bea.id, 'withdraw'), 'withdraw');
    await until(() =>
      expect(recorder.words('thread').join('\n')).toMatch(/Bea Lang hat den Fall für sich zurückgezogen/u),
    );

    const checks = (rep: Person) =>
      read(rep).filter((summary) => summary.startsWith('Prüfung beendet')).length;
    await press(anna, drawn(/So lässt sich/u, anna.id, 'check-again'), 'check-again');
    await until(() => expect(checks(anna)).toBe(2));
    const edited = await press(anna, drawn(/So lässt sich/u, anna.id, 'edit'), 'edit');
    expect(edited?.name).toBe('servers');
    expect(await press(anna, drawn(/verbinden$/u, anna.id, 'start'), 'start')).toBeDefined();

    await doing(bot, hana).submit('servers', earlier.forms.servers, { ...servers } as Record<string, string>);
    await reads(hana, /So lässt sich das Konto nicht verbinden/u);

    await press(omar, drawn(/können ein E-Mail-Konto/u, 'it-channel', 'resolve'), 'resolve');
    await reads(anna, /als erledigt gemeldet/u);
  });
});

describe('a link to the login page', () => {
  test('is worth nothing any more, says so in the right language, and makes way for a new one', async () => {
    const { bot, earlier, read, recorder } = await upgraded();
    expect(await bot.login.open(earlier.links.eva, null)).toEqual({
      type: 'gone',
      locale: 'de',
      canRenew: true,
    });
    const before = read(eva).length;
    expect(await bot.login.renew(earlier.links.eva, 'browser')).toBe(true);
    await until(() => expect(read(eva).length).toBeGreaterThan(before));
    const token = /login#(?<token>[\w-]{43})/u.exec(JSON.stringify(recorder.posts))?.groups?.token ?? '';
    expect(await bot.login.open(token, null)).toMatchObject({ type: 'open', asker: { id: eva.id } });
  });
});
