/** What PostgreSQL and the way to it say when they refuse, in our own words: theirs name users, hosts and values. */

import { codeOf, findCode } from '../../lib/error-code.ts';

/** pg gives these errors of its own no code. */
const unnamed = [
  { says: /timeout/iu, code: 'ETIMEDOUT' },
  { says: /terminated/iu, code: 'ECONNRESET' },
] as const;

/** Gives an error of pg the code that says what happened, where it has none: a log must not quote the words. */
export const named = (error: unknown): unknown => {
  if (!(error instanceof Error) || 'code' in error) return error;
  const known = unnamed.find(({ says }) => says.test(error.message));
  return known ? Object.assign(error, { code: known.code }) : error;
};

/** https://www.postgresql.org/docs/15/errcodes-appendix.html, and Node's own. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address',
  ENOTFOUND: 'its host name is unknown',
  EAI_AGAIN: "its host name couldn't be looked up",
  ENOENT: 'there is no such socket',
  EHOSTUNREACH: "its host can't be reached",
  ENETUNREACH: "its network can't be reached",
  ETIMEDOUT: "it didn't answer in time",
  ECONNRESET: 'the connection was cut',
  '28P01': 'it rejects the user name or password',
  '28000': "it doesn't let this user in from this machine",
  '3D000': 'there is no database of that name',
  '42501': "the user isn't allowed to create tables in it",
  '53300': 'it has too many connections',
  '53100': 'its disk is full',
  '57P03': 'it is starting up or shutting down',
};

export const reasonOf = (error: unknown): string => {
  const code = findCode(named(error));
  const known = reasons[code ?? ''];
  if (known !== undefined) return known;
  if (code !== null) return `it answered with the error ${code}`;
  if (!(error instanceof Error)) return 'the reason is not known';
  if (/does not support SSL/iu.test(error.message))
    return 'it does not support TLS, which the address asks for';
  if (/password/iu.test(error.message)) return 'it asks for a password, and the address has none';
  return `of an error of kind ${error.name}`;
};

/** Refused because the server is just restarting, or for want of a connection, where one of the pool's own may soon be free. */
export const willPass = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', '57P03', '57P01', '53300'].includes(codeOf(named(error)));
