/** What a check in the terminal loads: every package more is time before the first look at a server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const cli = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
/** Prints every module that is loaded, one a line, on standard error. */
const spy = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const seen = new Set();
  registerHooks({ load: (url, context, next) => { seen.add(url); return next(url, context); } });
  process.on('exit', () => process.stderr.write([...seen].join('\\n')));
`)}`;

test('a check whose servers are named loads no schema, no SDK, no store and no doctor', async () => {
  const servers = ['--imap', '127.0.0.1:9', '--smtp', '127.0.0.1:9', '--timeout', '2'];
  const child = spawn(process.execPath, ['--import', spy, cli, 'check', 'rep@example.test', ...servers], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [loaded] = await Promise.all([text(child.stderr), once(child, 'close')]);
  const urls = loaded.split('\n').filter((url) => url.startsWith('file:'));
  const packages = urls.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(url)?.[1] ?? []);
  expect([...new Set(packages)].sort()).toEqual(['i18next', 'ipaddr.js']);
  expect(urls.filter((url) => /\/src\/(?:adapters|bot|doctor|store|web)/u.test(url))).toEqual([]);
  expect(urls.length).toBeLessThan(150);
});
