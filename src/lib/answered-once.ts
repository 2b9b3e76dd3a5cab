export type AnsweredOnce<T> = {
  answer: Promise<T>;
  /** False: it has been answered already, or has failed, and this changes nothing. */
  give(answer: T): boolean;
  fail(error: unknown): boolean;
};

/** One answer for one request: the first that is given, or what `late` says after `ms` milliseconds; `late` may throw. */
export const createAnsweredOnce = <T>({ ms, late }: { ms: number; late: () => T }): AnsweredOnce<T> => {
  const { promise: answer, resolve, reject } = Promise.withResolvers<T>();
  let isOpen = true;
  const close = (settle: () => void): boolean => {
    if (!isOpen) return false;
    isOpen = false;
    clearTimeout(timer);
    settle();
    return true;
  };
  const give = (value: T): boolean => close(() => resolve(value));
  const fail = (error: unknown): boolean => close(() => reject(error));
  const timer = setTimeout(() => {
    try {
      give(late());
    } catch (error) {
      fail(error);
    }
  }, ms);
  return { answer, give, fail };
};

/** For what is handed out to be called once: a second call throws `again`, since whoever calls twice is at fault. */
export const exactlyOnce = <Given extends object, Result>(
  act: (given: Given) => Result,
  again: () => Error,
) => {
  let called: Given | null = null;
  return {
    call: (given: Given): Result => {
      if (called) throw again();
      called = given;
      return act(given);
    },
    /** What it was called with; null: it has not been called. */
    given: (): Given | null => called,
  };
};
