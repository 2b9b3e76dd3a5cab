/** What was deleted is in no file of the embedded engine either; PostgreSQL clears away by itself. */
import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { newConversation } from '../../src/conversation/state/conversation.ts';
import type { Store } from '../../src/store/ports.ts';
import { show } from './conversations-and-jobs.ts';
import { fileIn, openStore, temporaryDirectory } from './scratch.ts';

const erika = 'erika.mustermann@firma.example';
const otto = 'otto.normal@firma.example';

/** Long enough for pages of its own, so that deleting them frees whole pages too. */
const conversationOf = (person: string, number: number, address: string) =>
  newConversation(`${person}-${number}`, {
    person: { platform: 'slack', id: person, name: address.repeat(100 * (number % 4) + 1) },
    locale: 'de',
    at: 1000 + number,
    address,
  });

const fillWith = async (store: Store): Promise<void> => {
  for (let number = 0; number < 40; number += 1)
    for (const [person, address] of [
      ['U1', erika],
      ['U2', otto],
    ] as const) {
      const conversation = conversationOf(person, number, address);
      await store.save(conversation, null, [show('a', { queue: conversation.id })]);
      await store.save({ ...conversation, updatedAt: 2000 }, 1, []);
      const key = `reference-${person}-${number}`;
      await store.memory('teams').put(key, address, { person: { platform: 'slack', id: person } });
    }
};

const holding = async (directory: string, address: string): Promise<string[]> => {
  const files = [fileIn(directory), `${fileIn(directory)}-wal`];
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1')));
  return files.filter((_file, index) => contents[index]?.includes(address)).map((file) => file.slice(-4));
};

const person = { platform: 'slack', id: 'U1' };

describe('Given much was stored of two people, when one of them is erased', () => {
  it('neither file holds her address any more, while another process has the store open too', async () => {
    const directory = await temporaryDirectory();
    const [store, other] = [await openStore(directory), await openStore(directory)];
    await fillWith(store);
    expect(await other.latestOf(person)).not.toBeNull();
    expect(await holding(directory, erika)).not.toEqual([]);
    expect(await store.erase(person)).toEqual({ conversations: 40, jobs: 40, memories: 40 });
    expect(await holding(directory, erika)).toEqual([]);
    expect(await holding(directory, otto)).toEqual(['lite']);
    expect(await other.latestOf(person)).toBeNull();
  });

  it('a backup that reads at that moment is not waited for; the hourly deletion makes up for it', async () => {
    const directory = await temporaryDirectory();
    const store = await openStore(directory);
    await fillWith(store);
    const backup = new DatabaseSync(fileIn(directory));
    backup.exec('begin; select count(*) from conversations');
    expect(await store.erase(person)).toMatchObject({ conversations: 40 });
    expect(await store.latestOf(person)).toBeNull();
    backup.close();
    await store.eraseClosedBefore(0);
    expect(await holding(directory, erika)).toEqual([]);
  });
});

it('what is deleted after its time is gone from the files as well', async () => {
  const directory = await temporaryDirectory();
  const store = await openStore(directory);
  await store.save(conversationOf('U1', 3, erika), null, []);
  expect(await store.eraseClosedBefore(9000)).toBe(1);
  expect(await holding(directory, erika)).toEqual([]);
});
