/** Why a request was not let in; counted and logged, so that neither an attack nor a wrong setting stays unseen. */
export const refusalReasons = [
  'bad-signature',
  'stale-timestamp',
  'bad-token',
  'foreign-tenant',
  'foreign-team',
  'foreign-channel',
  'guest',
  'not-a-member',
  'cross-site',
  'bad-session',
  'unknown-link',
  'too-many',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Hears of a refused request: which door (a platform's name, `login`, `metrics`, `preview`) and why. Ids only, never what was sent. */
export type OnRefused = (door: string, reason: RefusalReason) => void;
