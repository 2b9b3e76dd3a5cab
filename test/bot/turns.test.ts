/** What has to wait for its turn on a platform, and what must not wait behind it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Diagnose } from '../../src/bot/ports.ts';
import { type ChatAdapter, type Delivery, DeliveryError, type Priority } from '../../src/chat/port.ts';
import type { Message } from '../../src/chat/view.ts';
import { blocked, omar } from '../conversation/fixtures.ts';
import {
  createRecorder,
  doing,
  found,
  handOver,
  openStore,
  report,
  startBot,
  startCheck,
  until,
} from './stage.ts';

type Update = { summary: string; priority: Priority | undefined };

/** A platform on which some things have to wait, or take for ever. */
const createCrowded = () => {
  const recorder = createRecorder();
  const updates: Update[] = [];
  const posts: { summary: string; delivery: Delivery | undefined }[] = [];
  let update: (message: Message) => Promise<void> = async () => {};
  let post: (message: Message) => Promise<void> = async () => {};
  const adapter: ChatAdapter = {
    ...recorder.adapter,
    post: async (place, message, delivery) => {
      posts.push({ summary: message.summary, delivery });
      await post(message);
      return recorder.adapter.post(place, message, delivery);
    },
    update: async (ref, message, priority) => {
      updates.push({ summary: message.summary, priority });
      await update(message);
      await recorder.adapter.update(ref, message, priority);
    },
  };
  return {
    recorder: { ...recorder, adapter },
    updates,
    posts,
    onUpdate: (rule: typeof update): void => {
      update = rule;
    },
    onPost: (rule: typeof post): void => {
      post = rule;
    },
  };
};

const later = (ms: number) => new DeliveryError('throttled', 'waits for its turn', { retryAfterMs: ms });
const withProgress: Diagnose = async (_, { onProgress }) => {
  onProgress([]);
  await sleep(100);
  onProgress([]);
  await sleep(100);
  return found(blocked);
};
const isLive = (summary: string): boolean => summary.startsWith('Wir prüfen');
const isDone = (summary: string): boolean => summary.startsWith('Prüfung beendet');

describe('given a platform that has no room for what is only cosmetic', () => {
  test('then the report comes all the same, and the last state of the checklist when there is room', async () => {
    const { recorder, onUpdate, updates } = createCrowded();
    let isCrowded = true;
    onUpdate(async () => {
      if (isCrowded) throw later(50);
    });
    const bot = startBot(await openStore(), recorder, { diagnose: withProgress });
    await startCheck(bot);
    await report(recorder);
    expect(updates.filter(({ summary }) => isLive(summary)).map(({ priority }) => priority)).toContain('low');
    await until(() => expect(updates.filter(({ summary }) => isDone(summary)).length).toBeGreaterThan(8));
    isCrowded = false;
    await until(() => expect(recorder.words('person').some(isDone)).toBe(true));
  });

  test('then the report does not wait for an update that never comes back', async () => {
    const { recorder, onUpdate } = createCrowded();
    onUpdate(async (message) => {
      if (isLive(message.summary)) await sleep(20_000, undefined, { ref: false });
    });
    const bot = startBot(await openStore(), recorder, { diagnose: withProgress });
    const began = performance.now();
    await startCheck(bot);
    await report(recorder);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test('then what IT sees of a case goes before what only catches up', async () => {
    const { recorder, updates } = createCrowded();
    const bot = startBot(await openStore(), recorder);
    await startCheck(bot);
    await handOver(bot, recorder);
    await until(() => expect(recorder.at('thread')).toHaveLength(2));
    const root = recorder.at('it-channel')[0]?.message ?? expect.fail('no case');
    await doing(bot, omar, true).press(root, 'claim');
    const claimed = () => updates.filter(({ summary }) => summary.includes('Omar Haddad hat den Fall'));
    await until(() => expect(claimed()).toMatchObject([{ priority: 'high' }]));
    const done = updates.filter(({ summary }) => isDone(summary));
    expect(new Set(done.map(({ priority }) => priority))).toEqual(new Set(['normal']));
  });
});

test('what waits for its turn is neither given up, nor taken for something that may have been posted', async () => {
  const { recorder, onPost, posts } = createCrowded();
  let turns = 0;
  onPost(async ({ summary }) => {
    if (!summary.startsWith('So lässt sich')) return;
    turns += 1;
    // More often than a message is tried.
    if (turns < 9) throw later(20);
  });
  const bot = startBot(await openStore(), recorder);
  await startCheck(bot);
  await report(recorder);
  const tries = posts.filter(({ summary }) => summary.startsWith('So lässt sich'));
  expect(tries).toHaveLength(9);
  expect(tries.map(({ delivery }) => delivery?.mayBeRepeat)).toEqual(Array(9).fill(false));
});
