/** What is done at one address, by method. */
export type Route<Handler> = Readonly<Partial<Record<'GET' | 'POST', Handler>>>;

/**
 * The one form of a path: decoded, in lower case, without slashes at its end. Whoever compares paths compares this, so
 * that no spelling reaches a route past what guards it. Null: it cannot be decoded.
 */
const canonicalPath = (path: string): string | null => {
  try {
    return decodeURIComponent(path).toLowerCase().replace(/\/+$/u, '');
  } catch {
    return null;
  }
};

/** `HEAD` is `GET` without its body. `handler` null: the address knows other methods only. */
export const findRoute = <Handler>(
  routes: Readonly<Record<string, Route<Handler>>>,
  { method, path }: { method: string; path: string },
): { handler: Handler | null; allow: string } | null => {
  const place = canonicalPath(path) ?? '';
  const route = Object.hasOwn(routes, place) ? routes[place] : undefined;
  if (!route) return null;
  const allow = Object.keys(route)
    .map((known) => (known === 'GET' ? 'GET, HEAD' : known))
    .join(', ');
  const own = method === 'HEAD' ? 'GET' : method;
  return { handler: own === 'GET' || own === 'POST' ? (route[own] ?? null) : null, allow };
};
