/** An adapter finds again what it has put away, and nobody else does. */
import { describe, expect, it } from 'vitest';
import { engines } from './engines.ts';

describe.each(engines)('$name', ({ newDatabase }) => {
  it('keeps the newest value of each key, each owner for itself, across a restart', async () => {
    const database = await newDatabase();
    const store = await database.open();
    const value = { url: 'https://example.test/ä', list: [1, null, 'x'] };
    await store.memory('teams').put('service-url', 'old');
    await store.memory('teams').put('service-url', value);
    await store.memory('slack').put('service-url', 'other');
    await store.close();
    const again = await database.open();
    expect(await again.memory('teams').get('service-url')).toEqual(value);
    expect(await again.memory('slack').get('service-url')).toBe('other');
    expect(await again.memory('teams').get('nothing')).toBeUndefined();
  });

  it('lists by the exact start of the key', async () => {
    const { memory } = await (await newDatabase()).open();
    const keys = ['a:2', 'a:1', 'A:1', 'a_1', 'a%', 'b', '😀:1', '😀:2'];
    for (const key of keys) await memory('teams').put(key, key);
    await memory('slack').put('a:3', 0);
    const list = async (prefix: string) => (await memory('teams').list(prefix)).map((entry) => entry.key);
    expect(await list('a:')).toEqual(['a:1', 'a:2']);
    expect(await list('a_')).toEqual(['a_1']);
    expect(await list('😀:')).toEqual(['😀:1', '😀:2']);
    expect(await list('')).toHaveLength(keys.length);
    expect(await memory('teams').list('b')).toEqual([{ key: 'b', value: 'b' }]);
  });

  it('refuses what JSON cannot hold', async () => {
    const { memory } = await (await newDatabase()).open();
    await expect(memory('teams').put('key', undefined)).rejects.toThrow('got undefined');
    expect(await memory('teams').get('key')).toBeUndefined();
  });

  it('lets one of several take a key, tells the others who has it, and passes it on only from the one named', async () => {
    const database = await newDatabase();
    const stores = await Promise.all([database.open(), database.open()]);
    const takers = ['a', 'b', 'c', 'd'];
    const said = await Promise.all(
      takers.map((taker, index) => stores[index % 2]?.memory('causes').take('key', taker, null)),
    );
    const [holder = ''] = said;
    expect(new Set(said)).toEqual(new Set([holder]));
    expect(takers).toContain(holder);
    const memory = stores[0]?.memory('causes');
    expect(await memory?.take('key', 'e', 'nobody')).toBe(holder);
    expect(await memory?.take('key', 'e', holder ?? null)).toBe('e');
    expect(await memory?.take('key', 'e', null)).toBe('e');
  });
});
