/** Given a product that is killed right after Slack has delivered something, then nothing that was said is lost or counts twice. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, type TestContext, test } from 'vitest';
import { createPerson } from '../adapters/slack-person.ts';
import { openSocketSide } from '../adapters/slack-socket.ts';
import { redelivering } from '../adapters/slack-transport.ts';
import { startProduct } from '../journeys/product.ts';
import { askForCheck, handOver, openStageOf } from '../journeys/slack-stage.ts';
import { closedPort } from '../mail-servers/index.ts';

const kills = 4;
/** From the moment at which the event is on its way until the kill, at random, in milliseconds. */
const longestLifeMs = 40;

const openStage = async (over: 'HTTP' | 'Socket Mode', { onTestFinished }: TestContext) => {
  const socket = over === 'HTTP' ? null : await openSocketSide();
  const stage = await openStageOf(startProduct, { locales: { anna: 'de-DE' }, ...(socket && { socket }) });
  onTestFinished(async () => {
    await stage.close();
    await socket?.close();
  });
  const transport = redelivering(stage.transport);
  const who = (name: 'anna' | 'jonas') => createPerson({ world: stage.world, transport, name });
  return { ...stage, anna: who('anna'), jonas: who('jonas') };
};

const askedBy = (round: number): string => `Seit wann, Nummer ${round}?`;
const saidBy = (round: number): string => `Seit Montag, Nummer ${round}.`;

// After each kill they wait for a lease to run out.
test.concurrent.for(['HTTP', 'Socket Mode'] as const)(
  'over %s',
  { timeout: 180_000, retry: 0 },
  async (over, context) => {
    const stage = await openStage(over, context);
    const { anna, jonas, world } = stage;
    const { port } = await closedPort();
    const closed = String(port);
    await askForCheck(stage, {
      ...{ imapHost: '127.0.0.1', imapPort: closed },
      ...{ smtpHost: '127.0.0.1', smtpPort: closed },
    });
    await handOver(stage, await stage.repSees('So lässt sich das Konto nicht verbinden'), '');
    const root = await stage.itSees('Anna Beck kann ein E-Mail-Konto nicht mit HubSpot verbinden');

    const killedDuring = async (delivery: Promise<unknown>): Promise<void> => {
      await pause(Math.random() * longestLifeMs);
      await stage.restart();
      await delivery;
    };
    for (let round = 1; round <= kills; round += 1) {
      await killedDuring(jonas.mention(askedBy(round), root.ts));
      await stage.repSees(askedBy(round));
      await killedDuring(anna.say(saidBy(round)));
      await stage.threadSees(root, saidBy(round));
    }

    const [thread, own] = [await world.seenInThread(root.ts), await world.seenBy('anna')];
    const times = (messages: typeof own, words: string) =>
      messages.filter(({ text }) => text.includes(words)).length;
    for (let round = 1; round <= kills; round += 1) {
      expect(times(own, askedBy(round)), askedBy(round)).toBe(1);
      expect(times(thread, saidBy(round)), saidBy(round)).toBe(1);
    }
    expect(times(own, 'So geht es'), 'an answer that came twice was taken for something else').toBe(0);
  },
);
