import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';

/** Where people reach the page. `isSecure`: over https; else it is plain http on loopback. */
export type Site = { origin: string; isSecure: boolean };

/** A cookie with this prefix can be set by this very host over https only (RFC 6265bis §4.1.3.2). */
const cookieName = ({ isSecure }: Site): string => (isSecure ? '__Host-login' : 'login');
const cookieForm = /^[\w-]{43}$/u;
const cookieSeconds = 15 * 60;

/** One page, its own script and style, and nothing else: no frame around it, no word to another host. */
const contentSecurityPolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

export const protect =
  (site: () => Site): RequestHandler =>
  (_request, response, next) => {
    const nonce = randomBytes(16).toString('base64url');
    response.locals.nonce = nonce;
    response.set({
      'Content-Security-Policy': contentSecurityPolicy(nonce),
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Robots-Tag': 'noindex',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      ...(site().isSecure ? { 'Strict-Transport-Security': 'max-age=63072000' } : {}),
    });
    next();
  };

/**
 * A browser names the page that posts, in Origin with every POST and in Sec-Fetch-Site where it knows it; a foreign page
 * can change neither. What sends neither is no browser, and rides on nobody's session.
 */
export const comesFromOurPage = (request: Request, { origin }: Site): boolean => {
  const { origin: sender, 'sec-fetch-site': where } = request.headers;
  if (where !== undefined && where !== 'same-origin') return false;
  return sender === undefined ? where === undefined : sender === origin;
};

const cookieOf = (request: Request, site: Site): string | null => {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([name]) => name === cookieName(site))?.[1] ?? '';
  return cookieForm.test(value) ? value : null;
};

/** Follows from the cookie, which no script and no foreign page can read, so that no instance has to remember it. */
const csrfOf = (cookie: string, token: string): string =>
  createHash('sha256').update(`${cookie}.${token}`).digest('base64url');

/** Sets the cookie where there is none, and gives what must come back with every later request. */
export const beginSession = (
  { request, response, site }: { request: Request; response: Response; site: Site },
  token: string,
): string => {
  const cookie = cookieOf(request, site) ?? randomBytes(32).toString('base64url');
  response.cookie(cookieName(site), cookie, {
    httpOnly: true,
    sameSite: 'strict',
    secure: site.isSecure,
    path: '/',
    maxAge: cookieSeconds * 1000,
  });
  return csrfOf(cookie, token);
};

export const isInSession = (
  request: Request,
  site: Site,
  { token, csrf }: { token: string; csrf: string },
): boolean => {
  const cookie = cookieOf(request, site);
  if (cookie === null) return false;
  const expected = Buffer.from(csrfOf(cookie, token));
  const given = Buffer.from(csrf);
  return expected.length === given.length && timingSafeEqual(expected, given);
};
