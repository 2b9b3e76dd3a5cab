import { describe, expect, test } from 'vitest';
import { limits } from '../../src/adapters/preview/limits.ts';
import { createMemory } from './memory.ts';
import { call, openEvents, postJson, stateOf } from './preview-doors.ts';
import { openPreview } from './preview-rig.ts';
import { button, said, toRep, withButtons } from './script.ts';

describe('what the page sends', () => {
  test('a comment of 10,000 signs reaches the bot, which says that it is too long', async () => {
    await using rig = await openPreview();
    const comment = 'ü'.repeat(10_000);
    const body = { form: 'escalate', context: 'c/e', pane: 'rep', values: { comment } };
    expect((await postJson(rig.web.url, 'form', body)).text).toBe('{"type":"close"}');
    expect(rig.received).toMatchObject([{ values: { comment } }]);
  });

  test('a typed slash command is a command and is shown in the chat before its answer', async () => {
    await using rig = await openPreview({
      script: {
        command: async (_incoming, adapter) => {
          await toRep(adapter, said('Status', { type: 'text', text: 'Status' }));
        },
      },
    });
    await postJson(rig.web.url, 'message', { text: '/connect-email status', thread: null });
    expect(rig.received).toMatchObject([{ type: 'command', text: 'status' }]);
    expect((await stateOf(rig.web.url)).posts.map(({ author }) => author)).toEqual(['rep', 'bot']);
  });

  test('a reply in a thread reaches the bot only when it mentions it', async () => {
    await using rig = await openPreview();
    const root = await rig.adapter.post({ type: 'it-channel' }, said('case', { type: 'text', text: 'case' }));
    await postJson(rig.web.url, 'message', { text: 'I am on it', thread: root.id });
    expect(rig.received).toEqual([]);
    await postJson(rig.web.url, 'message', { text: '@connect-email Which provider?', thread: root.id });
    expect(rig.received).toMatchObject([
      { type: 'message', text: 'Which provider?', thread: root, person: { id: 'it' } },
    ]);
    const { posts } = await stateOf(rig.web.url);
    expect(posts.filter((post) => post.root === root.id).map(({ author }) => author)).toEqual(['it', 'it']);
  });

  test('a reply that the bot could not take is not shown, since it still stands where it was typed', async () => {
    await using rig = await openPreview({ script: { message: () => Promise.reject(new Error('failed')) } });
    const root = await rig.adapter.post({ type: 'it-channel' }, said('case', { type: 'text', text: 'case' }));
    const reply = await postJson(rig.web.url, 'message', { text: '@connect-email When?', thread: root.id });
    expect(reply.status).toBe(500);
    expect((await stateOf(rig.web.url)).posts).toHaveLength(1);
  });

  test('a link is shown whole, and written down without its secret', async () => {
    const memory = createMemory();
    await using rig = await openPreview({ memory });
    const url = 'http://127.0.0.1:3978/login#kolibri-41';
    await toRep(rig.adapter, said('link', { type: 'link', url }));
    expect(JSON.stringify(await stateOf(rig.web.url))).toContain(url);
    expect(JSON.stringify(await memory.list(''))).toContain('127.0.0.1:3978/login');
    expect(JSON.stringify(await memory.list(''))).not.toContain('kolibri-41');
  });

  test('a form from the IT channel comes from one of its members', async () => {
    await using rig = await openPreview();
    await postJson(rig.web.url, 'form', {
      form: 'ask-rep',
      context: 'c/e',
      pane: 'it',
      values: { question: 'When?' },
    });
    expect(rig.received).toMatchObject([{ person: { id: 'it' }, inItChannel: true }]);
  });
});

describe('when the bot does not answer', () => {
  const form = { form: 'address', context: 'c/', pane: 'rep', values: { address: 'a@b.example' } };

  test('in time, the page hears 504 within the limit', async () => {
    await using rig = await openPreview({ script: { form: () => new Promise(() => {}) } });
    const began = performance.now();
    expect((await postJson(rig.web.url, 'form', form)).status).toBe(504);
    expect(performance.now() - began).toBeLessThan(limits.answerMs + 1000);
  });

  test('at all, the page hears 500, without the reason, and the operator hears the reason', async () => {
    await using rig = await openPreview({ script: { form: () => {} } });
    expect((await postJson(rig.web.url, 'form', form)).status).toBe(500);
    rig.script = {
      form: () => {
        throw new Error('database is gone at a@b.example');
      },
    };
    const reply = await postJson(rig.web.url, 'form', form);
    expect(reply).toMatchObject({ status: 500, text: '{"error":"failed"}' });
    expect(rig.errors).toHaveLength(2);
  });

  test('a message that failed is not shown in the chat', async () => {
    await using rig = await openPreview({
      script: {
        message: () => {
          throw new Error('failed');
        },
      },
    });
    expect((await postJson(rig.web.url, 'message', { text: 'hello', thread: null })).status).toBe(500);
    expect((await stateOf(rig.web.url)).posts).toEqual([]);
  });
});

describe('the language of the page', () => {
  test.each([
    ['de-AT,de;q=0.9,en;q=0.8', 'de', 'de-AT'],
    ['en-GB', 'en', 'en-GB'],
    ['fr-FR,de;q=0.5,en;q=0.7', 'en', 'en'],
    ['fr', 'en', 'fr'],
    ['*', 'en', null],
  ])('for %s is %s, and the bot is told %s', async (accepted, locale, tag) => {
    await using rig = await openPreview();
    const headers = { 'Accept-Language': accepted };
    expect((await call(rig.web.url, 'GET', { headers })).text).toContain(`<html lang="${locale}">`);
    expect((await stateOf(rig.web.url, headers)).page.locale).toBe(locale);
    await postJson(rig.web.url, 'command', { text: '', typed: false }, headers);
    expect(rig.received).toMatchObject([{ platformLocale: tag }]);
  });

  test('can be chosen, is told to every open page and kept over a restart', async () => {
    const memory = createMemory();
    const headers = { 'Accept-Language': 'de' };
    {
      await using rig = await openPreview({ memory });
      const other = await openEvents(rig.web.url, headers);
      await other.next('state');
      await postJson(rig.web.url, 'command', { text: 'language en', typed: false }, headers);
      expect(await other.next('page')).toMatchObject({ locale: 'en', texts: { send: 'Send' } });
      other.close();
      expect(rig.received).toMatchObject([{ type: 'command', text: 'language en' }]);
    }
    await using again = await openPreview({ memory });
    expect((await stateOf(again.web.url, headers)).page.locale).toBe('en');
  });
});

describe('what is kept', () => {
  test('messages are sent to an open page as they come', async () => {
    await using rig = await openPreview();
    const events = await openEvents(rig.web.url);
    await events.next('state');
    const ref = await toRep(rig.adapter, said('one', { type: 'text', text: 'one' }));
    await rig.adapter.update(
      ref,
      withButtons(said('two', { type: 'text', text: 'two' }), button('edit', 'Edit')),
    );
    expect(await events.next('post')).toMatchObject({ id: ref.id, content: { message: { summary: 'one' } } });
    expect(await events.next('post')).toMatchObject({ id: ref.id, content: { message: { summary: 'two' } } });
    events.close();
  });

  test('the oldest messages give way, the newest survive a restart', async () => {
    const memory = createMemory();
    {
      await using rig = await openPreview({ memory });
      for (let i = 1; i <= limits.keptPosts + 3; i += 1)
        await toRep(rig.adapter, said(`${i}`, { type: 'text', text: `${i}` }));
    }
    await using again = await openPreview({ memory });
    const { posts } = await stateOf(again.web.url);
    expect(posts).toHaveLength(limits.keptPosts);
    expect(posts[0]?.order).toBe(4);
    expect((await toRep(again.adapter, said('next', { type: 'text', text: 'next' }))).id).toBe(
      `m${limits.keptPosts + 4}`,
    );
  });

  test('a damaged entry costs nothing but itself', async () => {
    const memory = createMemory();
    await memory.put('post/1', { id: 'm1', order: 'first' });
    await using rig = await openPreview({ memory });
    await toRep(rig.adapter, said('fine', { type: 'text', text: 'fine' }));
    expect((await stateOf(rig.web.url)).posts).toHaveLength(1);
  });

  test('a memory that cannot be written is a delivery to try again', async () => {
    const memory = { ...createMemory(), put: () => Promise.reject(new Error('disk full')) };
    await using rig = await openPreview({ memory });
    await expect(toRep(rig.adapter, said('x'))).rejects.toMatchObject({ code: 'temporary' });
  });
});
