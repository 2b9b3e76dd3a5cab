/** IT's queue as the store knows it, without reading whole conversations. */
import { describe, expect, it } from 'vitest';
import { queueOf } from '../../src/conversation/home/queued.ts';
import type { Conversation } from '../../src/conversation/state/conversation.ts';
import { handedOver, start } from '../conversation/fixtures.ts';
import { engines } from './engines.ts';

const named = (conversation: Conversation, id: string): Conversation => ({ ...conversation, id });

describe.each(engines)('$name', ({ newDatabase }) => {
  it('has the open cases of all conversations, and forgets them when they are settled or erased', async () => {
    const store = await (await newDatabase()).open();
    const tale = handedOver();
    const revision = await store.save(named(tale.now, 'c1'), null, []);
    await store.save(named(handedOver().now, 'c2'), null, []);
    const found = await store.openEscalations();
    expect(found.map(({ thread }) => thread.conversationId).sort()).toEqual(['c1', 'c2']);
    expect(found[0]).toMatchObject({
      platform: 'recording',
      openedAt: start,
      address: 'anna@firma.example',
      hosts: ['imap.firma.example', 'smtp.firma.example'],
    });

    tale.pressAsIt('resolve', tale.newestCaseId());
    await store.save(named(tale.now, 'c1'), revision, []);
    expect((await store.openEscalations()).map(({ thread }) => thread.conversationId)).toEqual(['c2']);
    await store.erase(tale.now.person);
    expect(await store.openEscalations()).toEqual([]);
  });

  it('asks the state where an earlier version has written the row', async () => {
    const database = await newDatabase();
    const store = await database.open();
    await store.save(named(handedOver().now, 'c1'), null, []);
    await store.save(named(handedOver().now, 'c2'), null, []);
    const present = await store.openEscalations();
    await database.sql("update conversations set queue = null, queue_revision = null where id = 'c1'");
    await database.sql("update conversations set queue = '[]', revision = 7 where id = 'c2'");
    expect(await store.openEscalations()).toEqual(present);
    await database.sql("update conversations set queue_revision = null, version = 99 where id = 'c2'");
    expect((await store.openEscalations()).map(({ thread }) => thread.conversationId)).toEqual(['c1']);
  });

  it('reads no whole conversation for it: these are large, and IT may have many', async () => {
    const database = await newDatabase();
    const store = await database.open();
    const { now } = handedOver();
    for (let count = 0; count < 30; count += 1) await store.save(named(now, `c${count}`), null, []);
    await database.sql("update conversations set state = 'nobody reads this'");
    const found = queueOf(await store.openEscalations(), {
      platform: 'recording',
      query: 'anna@firma.example',
    });
    expect(found).toHaveLength(30);
  });
});
