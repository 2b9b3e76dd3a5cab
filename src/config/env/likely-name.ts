/** Optimal string alignment: insertions, deletions, substitutions and swapped neighbours each count one. */
const distance = (one: string, other: string): number => {
  let [before, row] = [[] as number[], Array.from({ length: other.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const differs = one[i - 1] === other[j - 1] ? 0 : 1;
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + differs,
          isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [before, row] = [row, next];
  }
  return row[other.length] ?? 0;
};

/** `MicrosoftAppId`, as Microsoft's samples have it, and `SLACK_ITCHANNEL` differ from ours in nothing else. */
const bare = (name: string): string => name.toUpperCase().replaceAll(/[^A-Z0-9]/gu, '');

/** One slip in four letters; more would make one short name of another. */
const mostSlips = (name: string): number => Math.floor(name.length / 4);

/** Which of `names` somebody has likely meant who wrote `given`; null: none is near. */
export const likelyName = (given: string, names: readonly string[]): string | null => {
  const [nearest] = names
    .map((name) => ({ name, slips: distance(bare(given), bare(name)) }))
    .filter(({ name, slips }) => slips <= mostSlips(bare(name)))
    .toSorted((one, other) => one.slips - other.slips);
  return nearest?.name ?? null;
};
