type Waiting = PromiseWithResolvers<void> & { task: () => Promise<void> };
type Line = {
  next: Waiting | null;
  freeAt: number;
  timer: NodeJS.Timeout | null;
  running: Promise<void> | null;
};

export type LatestOnly = {
  /** Resolves, or rejects, with what became of the newest task that was run in the place of this one. */
  run(key: string, task: () => Promise<void>): Promise<void>;
  /** Drops what waits, whose promises then resolve, and waits for what runs. */
  end(key: string): Promise<void>;
};

/**
 * A throttle whose last call wins: tasks of one key run one after the other, the next not before `gapMs` (milliseconds)
 * after the last has come back, and of those that wait only the newest is run, for all of them. So each has to say
 * everything. `firstMs`: how long the first of a key waits.
 */
export const createLatestOnly = ({ gapMs, firstMs = 0 }: { gapMs: number; firstMs?: number }): LatestOnly => {
  const lines = new Map<string, Line>();

  const plan = (key: string, line: Line): void => {
    line.timer ??= setTimeout(
      () => {
        line.timer = null;
        if (line.next) void advance(key, line, line.next);
        else if (lines.get(key) === line) lines.delete(key);
      },
      Math.max(0, line.freeAt - performance.now()),
    );
    // Where nothing waits it only forgets, and nobody has to live for that.
    if (line.next) line.timer.ref();
    else line.timer.unref();
  };

  const advance = async (key: string, line: Line, { task, resolve, reject }: Waiting): Promise<void> => {
    line.next = null;
    line.running = task().then(resolve, reject);
    await line.running;
    line.running = null;
    // What was long on its way has arrived at the end of it.
    line.freeAt = performance.now() + gapMs;
    plan(key, line);
  };

  return {
    run: (key, task) => {
      const fresh = (): Line => ({
        next: null,
        freeAt: performance.now() + firstMs,
        timer: null,
        running: null,
      });
      const line = lines.get(key) ?? fresh();
      lines.set(key, line);
      line.next = { ...(line.next ?? Promise.withResolvers<void>()), task };
      const { promise } = line.next;
      if (!line.running) plan(key, line);
      return promise;
    },
    end: async (key) => {
      const line = lines.get(key);
      if (!line) return;
      if (line.timer) clearTimeout(line.timer);
      line.timer = null;
      line.next?.resolve();
      line.next = null;
      await line.running;
      if (lines.get(key) === line && !line.next) lines.delete(key);
    },
  };
};
