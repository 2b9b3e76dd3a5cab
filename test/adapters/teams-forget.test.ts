import { afterAll, expect, test } from 'vitest';
import { createPeople } from '../../src/adapters/teams/people.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { scope } from '../mail-servers/index.ts';

const own = scope();
afterAll(() => own.stop());

test('given a person in Teams whose data is erased, then what the adapter kept of her is gone, and comes back with her', async () => {
  const store = await openEmbeddedStore({ directory: await own.folder() });
  const memory = store.memory('teams');
  let now = 0;
  const people = createPeople(memory, () => now);
  const service = { serviceUrl: 'https://smba.example', channelId: 'msteams', bot: { id: 'b', name: '' } };
  const anna = { name: 'Anna Beck', chat: 'a:1', locale: 'de-DE', service: { ...service, tenantId: null } };
  await people.meet('29:anna', anna);
  expect(await memory.list('person/')).toHaveLength(1);
  await store.erase({ platform: 'teams', id: '29:anna' });
  expect(await memory.list('person/')).toEqual([]);
  now += 61_000;
  await people.meet('29:anna', anna);
  expect(await memory.get('person/29:anna')).toMatchObject({ name: 'Anna Beck' });
  await store.close();
});
