import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { isLoopback } from '../lib/loopback.ts';

/** What proxies add, each in its own way. */
const proxyHeaders =
  /^(?:forwarded|via|x-forwarded-.+|x-real-ip|x-client-ip|x-cluster-client-ip|x-original-.+|true-client-ip|cf-.+|cdn-loop)$/u;

/**
 * Whether a request began on this machine. A proxy on the same machine gives itself away by a header, by the name that it was
 * asked for, or by HTTP/1.0, which nginx speaks unless told otherwise; one that does none of it cannot be told apart, so
 * what must not get out needs more than this.
 */
export const isDirect = ({ socket, headers, hostname = '', httpVersion }: Request): boolean =>
  isLoopback(socket.remoteAddress ?? '') &&
  isLoopback(hostname) &&
  httpVersion !== '1.0' &&
  !Object.keys(headers).some((name) => proxyHeaders.test(name));

const sameText = (one: string, other: string): boolean => {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** `null`: it brings none. */
const broughtBy = ({ headers }: Request): string | null =>
  headers.authorization === undefined ? null : headers.authorization.replace(/^Bearer /iu, '');

/** `none`: nothing was shown that could be judged. Without a token set, every one is wrong. */
export const judgeToken = (request: Request, token: string | null): 'none' | 'right' | 'wrong' => {
  const brought = broughtBy(request);
  if (brought === null) return 'none';
  return token !== null && sameText(brought, token) ? 'right' : 'wrong';
};
