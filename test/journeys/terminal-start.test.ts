/** What a check in the terminal loads: every package more is time before the first look at a server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { REP, scope, startMailbox } from '../mail-servers/index.ts';

const cli = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
/** Prints every module that is loaded, one a line, on standard error. */
const spy = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const seen = new Set();
  registerHooks({ load: (url, context, next) => { seen.add(url); return next(url, context); } });
  process.on('exit', () => process.stderr.write([...seen].join('\\n')));
`)}`;

const loadedBy = async (words: readonly string[], input = ''): Promise<string[]> => {
  const child = spawn(process.execPath, ['--import', spy, cli, ...words], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  child.stdin.end(input);
  const [loaded] = await Promise.all([text(child.stderr), once(child, 'close')]);
  return loaded.split('\n').filter((url) => url.startsWith('file:'));
};

test('a login test loads the libraries that log in, and only consent loads the rehearsal', async () => {
  const servers = scope();
  const ca = await servers.authority();
  const { imap, smtp } = await servers.start(startMailbox({ certificate: await ca.issue() }));
  const words = [
    ...['check', REP.name, '--imap', `127.0.0.1:${imap.imapsPort}`, '--smtp', `127.0.0.1:${smtp.smtpsPort}`],
    ...['--ca', ca.caFile, '--allow-network', '127.0.0.0/8'],
  ];
  const withPassword = [...words, '--password-stdin'];
  const rooms = async (given: readonly string[]): Promise<string[]> => {
    const found = (await loadedBy(given, REP.password)).map((url) =>
      /(?<=node_modules\/)(?:imapflow|nodemailer)(?=\/)|(?<=\/src\/)mailbox\/rehearsal/u.exec(url),
    );
    return [...new Set(found.flatMap((match) => match ?? []))].toSorted();
  };
  expect(await rooms(words)).toEqual([]);
  expect(await rooms(withPassword)).toEqual(['imapflow', 'nodemailer']);
  expect(await rooms([...withPassword, '--send-test-mail'])).toEqual([
    'imapflow',
    'mailbox/rehearsal',
    'nodemailer',
  ]);
  await servers.stop();
});

test('a check whose servers are named loads no schema, no SDK, no store and no doctor', async () => {
  const servers = ['--imap', '127.0.0.1:9', '--smtp', '127.0.0.1:9', '--timeout', '2'];
  const urls = await loadedBy(['check', 'rep@example.test', ...servers]);
  const packages = urls.flatMap((url) => /node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(url)?.[1] ?? []);
  expect([...new Set(packages)].sort()).toEqual(['i18next', 'ipaddr.js']);
  expect(urls.filter((url) => /\/src\/(?:adapters|bot|doctor|store|web)/u.test(url))).toEqual([]);
  expect(urls.length).toBeLessThan(155);
});
