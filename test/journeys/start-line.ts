/** Where the product is to be found, once the log says so; undefined: it has not started yet. */
export const startedAt = (said: string): string | undefined =>
  /^\{.*"url":"(http[^"]+)".*"msg":"connect-email: /mu.exec(said)?.[1];
