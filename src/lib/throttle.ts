type Options<Event> = {
  ms: number;
  /** What is throttled together. Keys are few: each has a timer. */
  keyOf: (event: Event) => string;
  /** `count`: how many events this stands for. */
  tell: (event: Event, count: number) => void;
  /** Whether what was left out is told, as one number, when the time is over. */
  tellsRest: boolean;
};

/** Tells of the first event of a key at once, and then at most once in `ms` milliseconds. */
export const createThrottle = <Event = void>(options: Options<Event>): ((event: Event) => void) => {
  const { ms, keyOf, tell, tellsRest } = options;
  const leftOut = new Map<string, number>();
  const say = (event: Event, count: number): void => {
    const key = keyOf(event);
    leftOut.set(key, 0);
    tell(event, count);
    setTimeout(() => {
      const more = leftOut.get(key) ?? 0;
      leftOut.delete(key);
      if (more > 0 && tellsRest) say(event, more);
    }, ms).unref();
  };
  return (event) => {
    const key = keyOf(event);
    const unsaid = leftOut.get(key);
    if (unsaid === undefined) say(event, 1);
    else leftOut.set(key, unsaid + 1);
  };
};
