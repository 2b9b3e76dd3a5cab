/** Where a package of Debian is missing, the tests that need it are left out and named; each must be known to need it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { needs } from '../../scripts/test-needs.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => `test/${file}`);

test.each([
  ['chromium-headless-shell', /\bstartBrowser\b/u],
  ['postgresql', /\bstartPostgres\b/u],
  ['dovecot-imapd', /\bstart(?:Dovecot|Mailbox|MailHost)\b/u],
  ['postfix', /\bstart(?:Postfix|Mailbox)\b/u],
  ['dnsmasq-base', /\bstartNameServer\b/u],
] as const)('%s', (needed, started) => {
  const known = needs.filter(({ packages }) => packages.includes(needed)).flatMap(({ tests }) => tests);
  const users = files.filter((file) => started.test(readFileSync(join(root, file), 'utf8')));
  expect(users.length).toBeGreaterThan(0);
  expect(users.filter((file) => !known.some((pattern) => matchesGlob(file, pattern)))).toEqual([]);
});
