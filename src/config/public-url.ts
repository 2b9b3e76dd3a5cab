import { z } from 'zod';
import { isLoopback } from '../lib/loopback.ts';

/** Passwords are typed below it, so plain http is taken on this machine only. */
const isPrivateEnough = ({ protocol, hostname, search, hash, username, password }: URL): boolean => {
  const isPlain = [search, hash, username, password].every((part) => part === '');
  // A list of addresses is an address to `URL`, with a comma in its name.
  const isOne = /^(?:[\w.-]+|\[[\da-f:.]+\])$/u.test(hostname);
  return isPlain && isOne && (protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname)));
};

/** The program's own pages: links are made by adding them, so that an address which ends in one leads nowhere. */
const ownPage = /\/(?:login(?:\/.*)?|slack\/events|api\/messages|healthz|readyz|metrics)\/*$/iu;

/** Where people reach this program, without a slash at its end. */
export const publicUrl = z
  .string()
  .refine((text) => URL.canParse(text) && isPrivateEnough(new URL(text)), {
    error: 'expected an address such as https://bot.company.com',
    abort: true,
  })
  .refine((text) => !ownPage.test(new URL(text).pathname), {
    error: 'expected the address without the page, such as https://bot.company.com; links add it',
    params: { expected: 'page-of-public-url' },
    abort: true,
  })
  .transform((text) => {
    const { origin, pathname } = new URL(text);
    return `${origin}${pathname}`.replace(/\/+$/u, '');
  });
