type Patience = { timeout?: number; interval?: number };

/**
 * Looks until it is there. How long this takes is no promise, and a machine may be busy. In tests that run side by side
 * it takes the place of `expect.poll`, which belongs to the one test that runs.
 */
export const until = async <T>(
  look: () => T | Promise<T>,
  { timeout = 30_000, interval = 50 }: Patience = {},
): Promise<T> => {
  const deadline = Date.now() + timeout;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, interval));
    }
  }
};
