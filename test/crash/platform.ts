/** A chat platform whose bot dies now and then: it remembers every message, and delivers again what was not taken. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Delivery, MessageRef, Place } from '../../src/chat/port.ts';
import type { Form, Message } from '../../src/chat/view.ts';
import type { FromBot, Said, ToBot } from './wire.ts';

const program = fileURLToPath(new URL('bot.ts', import.meta.url));

export type Posted = { ref: MessageRef; place: Place; message: Message; delivery: Delivery | null };
type Process = { child: ChildProcess; ready: Promise<void>; answers: Map<number, (done: Done) => void> };
type Done = { taken: boolean; form: Form | null };

/** The way from the bot to the platform and back takes this long at most, each; a kill may fall into either. Milliseconds. */
const wayMs = 15;
const againMs = 150;
/** A process lives for half of this in the middle; much less, and leases hardly end between two kills. */
const lifeMs = 2500;

export const startPlatform = (address: string, count: number) => {
  const posts: Posted[] = [];
  const processes: Process[] = [];
  let asked = 0;
  let stopped = false;

  const record = async (message: FromBot): Promise<MessageRef | null> => {
    await pause(Math.random() * wayMs);
    if (message.type === 'post') {
      const { place, message: content, delivery } = message;
      const ref = { platform: 'recording', id: `m${posts.length}` };
      posts.push({ ref, place, message: content, delivery });
      await pause(Math.random() * wayMs);
      return ref;
    }
    if (message.type === 'update') {
      const post = posts.find(({ ref }) => ref.id === message.ref.id);
      if (post) post.message = message.message;
    }
    return null;
  };

  const launch = (): Process => {
    const child = fork(program, [address], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const answers = new Map<number, (done: Done) => void>();
    const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();
    child.on('message', async (message: FromBot) => {
      if (message.type === 'ready') return isReady();
      if (message.type === 'done') return answers.get(message.id)?.(message);
      const answer: ToBot = { type: 'answer', id: message.id, ref: await record(message) };
      if (child.connected) child.send(answer, () => {});
    });
    const process = { child, ready, answers };
    child.on('exit', () => {
      isReady();
      for (const answer of answers.values()) answer({ taken: false, form: null });
      processes.splice(processes.indexOf(process), 1);
      if (!stopped) processes.push(launch());
    });
    return process;
  };
  while (processes.length < count) processes.push(launch());

  /** The proxy: any process that lives may get it. */
  const deliver = async (key: string, said: Said): Promise<Done> => {
    const process = processes[Math.floor(Math.random() * processes.length)];
    await process?.ready;
    if (!process?.child.connected) return { taken: false, form: null };
    asked += 1;
    const id = asked;
    const { promise, resolve } = Promise.withResolvers<Done>();
    process.answers.set(id, resolve);
    process.child.send({ type: 'incoming', id, key, said } satisfies ToBot, (error) => {
      if (error) resolve({ taken: false, form: null });
    });
    const done = await promise;
    process.answers.delete(id);
    return done;
  };

  return {
    posts,
    /** Delivers until it is taken. `key` null: a person who tries again, which is a new event each time. */
    say: async (said: Said, key: string | null = crypto.randomUUID()): Promise<Form | null> => {
      for (;;) {
        const { taken, form } = await deliver(key ?? crypto.randomUUID(), said);
        if (taken) return form;
        await pause(againMs);
      }
    },
    /** Kills one process without a word; another takes its place. */
    kill: async (): Promise<void> => {
      const victim = processes[Math.floor(Math.random() * processes.length)];
      if (!victim) return;
      await victim.ready;
      await pause(Math.random() * lifeMs);
      victim.child.kill('SIGKILL');
    },
    stop: async (): Promise<void> => {
      stopped = true;
      await Promise.all(
        [...processes].map(async ({ child }) => {
          child.kill('SIGKILL');
          if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        }),
      );
    },
  };
};
export type Platform = ReturnType<typeof startPlatform>;
