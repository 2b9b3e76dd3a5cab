import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type ChatAdapter, DeliveryError, type Incoming } from '../../chat/port.ts';
import { backoffMs } from '../../lib/backoff.ts';
import { codeOf } from '../../lib/error-code.ts';
import type { Store } from '../../store/ports.ts';
import type { TestCaseState, Wording } from '../../wording/wording.ts';
import type { Adapters } from '../adapters.ts';
import type { Log } from '../ports.ts';
import { splitPath } from '../turn/threads.ts';

export type TestCasesParts = {
  store: Pick<Store, 'memory'>;
  adapters: Adapters;
  wording: Wording;
  newId(): string;
  log: Log;
};

/** Where the newest test case of a platform stands; null: it has been cleared. */
const keptSchema = z
  .object({
    id: z.string(),
    root: z.object({ platform: z.string(), id: z.string() }),
    thread: z.array(z.object({ platform: z.string(), id: z.string() })),
  })
  .nullable();
type Kept = NonNullable<z.infer<typeof keptSchema>>;

/** What the buttons of a test case belong to, where those of a case name a conversation. */
const testCasePath = 'test-case';

const tries = 5;
const pauses = { firstMs: 500, longestMs: 4000 };

/** Somebody watches, so it is tried again soon, and not for long. @throws DeliveryError */
const insist = async <T>(task: () => Promise<T>, done = 1): Promise<T> => {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof DeliveryError) || error.code !== 'temporary' || done >= tries) throw error;
    await sleep(Math.max(backoffMs(done, pauses), Math.min(error.retryAfterMs ?? 0, 30_000)));
    return insist(task, done + 1);
  }
};

const isForTestCase = (
  incoming: Incoming,
): incoming is Extract<Incoming, { type: 'button' }> & { inItChannel: true } =>
  incoming.type === 'button' &&
  incoming.inItChannel &&
  (incoming.action === 'test-case' || splitPath(incoming.value).conversationId === testCasePath);

/**
 * A case that nobody has, so that IT sees what one looks like and that one arrives. It is no conversation: nothing is counted
 * or watched, no rep hears of it, and what is kept is where it stands.
 */
export const createTestCases = ({ store, adapters, wording, newId, log }: TestCasesParts) => {
  const memory = store.memory('test-cases');
  const lines = new Map<string, Promise<void>>();

  const standing = async (platform: string): Promise<Kept | null> =>
    keptSchema.safeParse(await memory.get(platform)).data ?? null;

  const show = async (adapter: ChatAdapter, kept: Kept, state: TestCaseState): Promise<void> => {
    const { root, thread } = wording.testCase(kept.id, state);
    await insist(() => adapter.update(kept.root, root));
    if (state.type !== 'cleared') return;
    for (const [index, ref] of kept.thread.entries()) {
      const message = thread[index];
      if (message) await insist(() => adapter.update(ref, message));
    }
  };

  const clear = async (adapter: ChatAdapter, kept: Kept, by: string): Promise<void> => {
    await memory.put(adapter.platform, null);
    await show(adapter, kept, { type: 'cleared', by });
  };

  const send = async (adapter: ChatAdapter): Promise<void> => {
    const id = newId();
    const { root, thread } = wording.testCase(id, { type: 'open' });
    const at = await insist(() => adapter.post({ type: 'it-channel' }, root));
    const kept: Kept = { id, root: at, thread: [] };
    await memory.put(adapter.platform, kept);
    for (const message of thread) {
      kept.thread.push(await insist(() => adapter.post({ type: 'thread', root: at }, message)));
      await memory.put(adapter.platform, kept);
    }
  };

  const act = async ({ action, value, person }: Extract<Incoming, { type: 'button' }>): Promise<void> => {
    const adapter = adapters.byPlatform(person.platform);
    if (!adapter) return;
    const before = await standing(person.platform);
    if (action === 'test-case') {
      // One at a time, so that trying it out fills no channel.
      if (before) await clear(adapter, before, person.name).catch(failed);
      return await send(adapter);
    }
    if (before?.id !== splitPath(value).about) return;
    if (action === 'claim') await show(adapter, before, { type: 'claimed', by: person.name });
    if (action === 'resolve') await clear(adapter, before, person.name);
  };

  const failed = (error: unknown): void =>
    log.warn({ code: codeOf(error) }, 'a test case could not be shown');

  return {
    isForTestCase,
    /** Done beside the request, which has its answer at once; one after the other for each platform. */
    take: (incoming: Extract<Incoming, { type: 'button' }>): void => {
      const { platform } = incoming.person;
      const turn = (lines.get(platform) ?? Promise.resolve()).then(() => act(incoming)).catch(failed);
      lines.set(platform, turn);
    },
    stop: async (): Promise<void> => {
      await Promise.race([Promise.all(lines.values()), sleep(1000, undefined, { ref: false })]);
    },
  };
};
export type TestCases = ReturnType<typeof createTestCases>;
