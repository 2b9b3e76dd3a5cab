/** `now` in milliseconds since the epoch. */
export const olderThanTwelveMonths = (date: string, now: number): boolean => {
  const limit = new Date(date);
  limit.setUTCFullYear(limit.getUTCFullYear() + 1);
  return now > limit.getTime();
};
