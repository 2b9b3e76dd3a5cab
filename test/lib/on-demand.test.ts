import { describe, expect, test } from 'vitest';
import { createOnDemand } from '../../src/lib/on-demand.ts';

describe('what is made on demand', () => {
  test('is made once, with the first question, for all who ask', async () => {
    let made = 0;
    const onDemand = createOnDemand(async () => {
      made += 1;
      return { made };
    });
    expect(onDemand.made()).toBeNull();
    expect(made).toBe(0);
    const [first, second] = await Promise.all([onDemand.get(), onDemand.get()]);
    expect(first).toBe(second);
    expect(await onDemand.made()).toBe(first);
    expect(made).toBe(1);
  });

  test('lends its functions before it is made, and runs calls in their order', async () => {
    const { promise, resolve } = Promise.withResolvers<string[]>();
    const onDemand = createOnDemand(async () => {
      const heard = await promise;
      return { hear: (word: string): number => heard.push(word), heard };
    });
    const hear = onDemand.call(({ hear: own }) => own);
    const counts = Promise.all([hear('one'), hear('two')]);
    resolve([]);
    expect(await counts).toEqual([1, 2]);
    await hear('three');
    expect((await onDemand.get()).heard).toEqual(['one', 'two', 'three']);
  });

  test('is tried again after a failure, which everybody who waited is told of', async () => {
    let tries = 0;
    const onDemand = createOnDemand(async () => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return tries;
    });
    const asked = await Promise.allSettled([onDemand.get(), onDemand.get()]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(onDemand.made()).toBeNull();
    expect(await onDemand.get()).toBe(2);
  });
});
