import { times } from '../limits.ts';

/** Rounds of the event loop without a new request before work goes on: a connection is taken, read and answered in three. */
const quietRounds = 4;

/**
 * Lets work that was only acknowledged wait while requests still come in, and then go on one piece at a time. The store
 * writes synchronously and a round of the event loop takes one new connection, so without this a crowd of commands would be
 * acknowledged only one write after the other, and Slack gives up after three seconds.
 */
export const createBackpressure = () => {
  const waiting: { since: number; go: () => void }[] = [];
  let arrivals = 0;
  let seen = 0;
  let quiet = 0;

  const round = (): void => {
    quiet = arrivals === seen ? quiet + 1 : 0;
    seen = arrivals;
    const [next] = waiting;
    if (next && (quiet >= quietRounds || performance.now() - next.since > times.patience)) {
      waiting.shift();
      quiet = 0;
      next.go();
    }
    if (waiting.length > 0) setImmediate(round);
  };

  return {
    /** A request has come in. */
    arrived: (): void => {
      arrivals += 1;
    },
    /** Resolves when it is this one's turn. */
    turn: (): Promise<void> =>
      new Promise((resolve) => {
        waiting.push({ since: performance.now(), go: resolve });
        if (waiting.length === 1) setImmediate(round);
      }),
  };
};
