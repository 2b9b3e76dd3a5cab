/**
 * Whether a page is still open. One that is loaded again says goodbye like one that is closed, and is back in a moment:
 * only who stays away for `graceMs` has left. That nothing is heard means nothing: a phone that is put away is silent, too.
 */
export const createPresence = (graceMs: number, left: () => void) => {
  let timer: NodeJS.Timeout | null = null;
  const stay = (): void => {
    if (timer) clearTimeout(timer);
    timer = null;
  };
  return {
    stay,
    leave: (): void => {
      stay();
      timer = setTimeout(left, graceMs);
    },
  };
};
export type Presence = ReturnType<typeof createPresence>;
