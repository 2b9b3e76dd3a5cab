/** A member of a platform. `id` is the platform's own. */
export type Person = { platform: string; id: string; name: string };
