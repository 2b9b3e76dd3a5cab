type Bounds = {
  firstMs: number;
  longestMs: number;
  /** Between 0 and 1: spreads the delays over their upper half, so that many do not come back at the same moment. */
  random?: number;
};

/** How long to wait after so many failures (from 1 on), in milliseconds: twice as long each time, up to the longest. */
export const backoffMs = (failures: number, { firstMs, longestMs, random = 1 }: Bounds): number =>
  Math.min(firstMs * 2 ** (failures - 1), longestMs) * (0.5 + random / 2);
