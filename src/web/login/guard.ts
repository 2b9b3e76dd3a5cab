import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';

/** Where people reach the page. `isSecure`: over https; else it is plain http on loopback. */
export type Site = { origin: string; isSecure: boolean };

/** A cookie with this prefix can be set by this very host over https only (RFC 6265bis §4.1.3.2). */
const cookieName = ({ isSecure }: Site): string => (isSecure ? '__Host-login' : 'login');
const cookieForm = /^[\w-]{43}$/u;
/** As long as what came of a link is remembered, and the link before. */
const cookieSeconds = 70 * 60;

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

/** Says to the browser what the page may do. Gives the nonce of its script and style. */
export const protect = (response: Response, { isSecure }: Site): string => {
  const nonce = randomBytes(16).toString('base64url');
  response.set({
    'Content-Security-Policy': contentSecurityPolicy(nonce),
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    ...(isSecure ? { 'Strict-Transport-Security': 'max-age=63072000' } : {}),
  });
  return nonce;
};

/** `other-address`: our own page, but opened under another address than the one that is set. */
export type Sender = 'our-page' | 'other-address' | 'other-site';

const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : '');

/**
 * A browser names the page that posts, in Origin with every POST and in Sec-Fetch-Site where it knows it; a foreign page
 * can change neither. What sends neither is no browser, and rides on nobody's session.
 */
export const senderOf = (request: Request, { origin }: Site): Sender => {
  const { origin: sender, 'sec-fetch-site': where, host = '' } = request.headers;
  if (where !== undefined && where !== 'same-origin') return 'other-site';
  if (sender === undefined) return where === undefined ? 'our-page' : 'other-site';
  if (sender === origin) return 'our-page';
  const isFromHere = sender !== '' && (where === 'same-origin' || hostOf(sender) === host);
  return isFromHere ? 'other-address' : 'other-site';
};

const cookieOf = (request: Request, site: Site): string | null => {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([name]) => name === cookieName(site))?.[1] ?? '';
  return cookieForm.test(value) ? value : null;
};

/** Follows from the cookie, which no script and no foreign page can read, so that no instance has to remember it. */
const derive = (purpose: 'csrf' | 'session', cookie: string, token: string): string =>
  createHash('sha256').update(`${purpose}.${cookie}.${token}`).digest('base64url');

/** `csrf`: must come back with every later request. `session`: stands for this browser and this link, and says neither. */
export type Session = { csrf: string; session: string };

/** Sets the cookie where there is none. `isNew`: this browser had none, so it has done nothing here before. */
export const beginSession = (
  { request, response, site }: { request: Request; response: Response; site: Site },
  token: string,
): Session & { isNew: boolean } => {
  const brought = cookieOf(request, site);
  const cookie = brought ?? randomBytes(32).toString('base64url');
  response.cookie(cookieName(site), cookie, {
    httpOnly: true,
    sameSite: 'strict',
    secure: site.isSecure,
    path: '/',
    maxAge: cookieSeconds * 1000,
  });
  return {
    csrf: derive('csrf', cookie, token),
    session: derive('session', cookie, token),
    isNew: brought === null,
  };
};

/** Who sends this request; null: none of the pages that we have opened. */
export const sessionOf = (
  request: Request,
  site: Site,
  { token, csrf }: { token: string; csrf: string },
): string | null => {
  const cookie = cookieOf(request, site);
  if (cookie === null) return null;
  const expected = Buffer.from(derive('csrf', cookie, token));
  const given = Buffer.from(csrf);
  const isSame = expected.length === given.length && timingSafeEqual(expected, given);
  return isSame ? derive('session', cookie, token) : null;
};
