/** What IT pastes into a shell is what we meant, whatever a stranger has typed as a name or an address. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { program } from '../../scripts/system-packages.ts';
import { parseCommand } from '../../src/cli/arguments.ts';
import type { Account } from '../../src/diagnosis/account/account.ts';
import { isHarmless } from '../../src/diagnosis/account/harmless.ts';
import { parseAddress, parseEndpoint, parseUsername } from '../../src/diagnosis/account/parse.ts';
import { checkBlocks } from '../../src/wording/findings/command-blocks.ts';
import { checkCommand, lookCommands, quote } from '../../src/wording/findings/commands.ts';
import { scope } from '../mail-servers/index.ts';
import { run } from '../mail-servers/processes.ts';

const servers = scope();
afterAll(() => servers.stop());

/** zsh too, where it is installed: it expands a leading `=`, which the others do not. */
const shells = ['sh', 'bash', 'dash', 'zsh'].flatMap((name) => {
  const path = program(name);
  return path === undefined ? [] : [{ name, path }];
});

/** Every line as the shell parses it: functions in the place of the programs write down what they are called with. */
const parsedBy = async (shell: string, lines: readonly string[]): Promise<string[][]> => {
  const folder = await servers.folder();
  const record = (name: string) => `${name}() { printf '%s\\0' "$@"; printf 'end of line\\0'; }`;
  const script = [...['npm', 'openssl', 'swaks'].map(record), ...lines].join('\n');
  const file = join(folder, 'pasted');
  await writeFile(file, script);
  const { stdout, stderr } = await run(shell, [file], { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
  expect(stderr).toBe('');
  expect(await readdir(folder), 'nothing in a value was run').toEqual(['pasted']);
  const all = stdout.split('end of line\0');
  expect(all.pop()).toBe('');
  return all.map((words) => words.split('\0').slice(0, -1));
};

const seeded = { seed: 20_261_126, numRuns: 300 };
const sharp = fc.constantFrom(
  ...[
    '--;touch hit;#',
    '$(touch hit)',
    '`touch hit`',
    '$'.concat('{IFS}'),
    '$HOME',
    '~',
    '=ls',
    '!!',
    '{a,b}',
    '*',
    '?',
  ],
  ...[
    "'",
    '"',
    '\\',
    ' ',
    '  ',
    '\t',
    '\n',
    ';',
    '&',
    '|',
    '<',
    '>',
    '(',
    ')',
    '#',
    '%PATH%',
    '^',
    '-',
    '--',
  ],
  ...['\u2018', '\u2019', '‛', '“', 'ä', '\u202e', '@', '=', '-o', 'max', 'firma'],
);
const anything = fc
  .array(fc.oneof(sharp, fc.string({ unit: 'binary', maxLength: 6 })), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join('').replaceAll('\0', ''));

const usernames = fc
  .sample(
    anything.filter((typed) => parseUsername(typed, '').ok && typed.trim() !== ''),
    seeded,
  )
  .map((typed) => typed.trim());
const atext = "abcXYZ019!#$%&'*+/=?^_`{|}~-".split('');
const addresses = fc
  .sample(
    fc
      .string({ unit: fc.constantFrom(...atext), minLength: 1, maxLength: 30 })
      .map((local) => `${local}@d.test`),
    seeded,
  )
  .filter((address) => parseAddress(address).ok);
const known = [`--\`touch$${'{IFS}'}hit\`@d.test`, '-x@d.test', '--@d.test', '$(touch)@d.test'].filter(
  (address) => parseAddress(address).ok,
);

const endpointOf = (service: 'imap' | 'smtp', host: string) => {
  const parsed = parseEndpoint(service, { host, port: null, encryption: null }, { allowedPorts: null });
  if (!parsed.ok) throw new Error(`expected a server, got ${JSON.stringify(parsed.errors)}`);
  return parsed.value;
};
const accountOf = (address: string, username: string): Account => ({
  address,
  username,
  imap: endpointOf('imap', 'imap.firma.test:1993'),
  smtp: endpointOf('smtp', '[2001:db8::1]:587'),
  smtpLogin: 'same',
  untrustedCertificateExpected: true,
  personalInbox: null,
});
const accounts = [
  ...usernames.map((username) => accountOf('anna@firma.test', username)),
  ...[...addresses, ...known].map((address) => accountOf(address, address)),
  ...addresses.map((address, index) => accountOf(address, usernames[index] ?? 'm0815')),
  accountOf('anna@firma.test', 'anna@firma.test'),
  accountOf('anna.b+c@firma.test', 'm0815-42'),
];

const placeholders = { address: 'ADRESSE', username: 'BENUTZERNAME', smtpUsername: 'SMTP-BENUTZERNAME' };

describe.each(shells)('Given a line from the evidence in $name', ({ path }) => {
  test('a quoted value arrives as it is', async () => {
    const values = [...fc.sample(anything, seeded), ...usernames, ''];
    expect(values.length).toBeGreaterThan(500);
    const parsed = await parsedBy(
      path,
      values.map((value) => `npm ${quote(value)} ${quote(`--username=${value}`)}`),
    );
    expect(parsed).toEqual(values.map((value) => [value, `--username=${value}`]));
  });

  test('the check is of the same account, or names what is to be put into it', async () => {
    expect(usernames.length + addresses.length).toBeGreaterThan(400);
    const commands = accounts.map((account) => ({ account, ...checkCommand(account, { placeholders }) }));
    const parsed = await parsedBy(
      path,
      commands.map(({ line }) => line),
    );
    for (const [index, { account, line, replaced }] of commands.entries()) {
      const [run_, silent, name, end, ...typed] = parsed[index] ?? [];
      expect([run_, silent, name, end]).toEqual(['run', '-s', 'connect-email', '--']);
      const { command } = parseCommand(typed);
      const shown = (value: string, placeholder: string) => (isHarmless(value) ? value : placeholder);
      const address = shown(account.address, placeholders.address);
      // A placeholder is no address: what the line would check is told by its words.
      expect(typed.slice(-2), line).toEqual(['--', address]);
      const differs = account.username !== account.address;
      if (differs) expect(typed).toContain(`--username=${shown(account.username, placeholders.username)}`);
      const values = [account.address, ...(differs ? [account.username] : [])];
      expect(replaced.map(({ value }) => value)).toEqual(values.filter((value) => !isHarmless(value)));
      if (replaced.length > 0) continue;
      expect(command).toMatchObject({
        type: 'check',
        account: { ...account, smtp: { asciiHost: '[2001:db8::1]'.slice(1, -1), port: 587 } },
      });
    }
  });

  test('a look at a server names this server only', async () => {
    const endpoint = endpointOf('smtp', 'smtp.firma.test:587');
    const lines = lookCommands(endpoint, { versions: [{ version: 'TLSv1', answer: 'yes', alert: null }] });
    expect(await parsedBy(path, lines)).toEqual([
      [
        ...['s_client', '-connect', 'smtp.firma.test:587', '-starttls', 'smtp'],
        ...['-servername', 'smtp.firma.test', '-tls1', '-cipher', 'DEFAULT@SECLEVEL=0', '-showcerts'],
      ],
      ['--server', 'smtp.firma.test', '--port', '587', '--tls', '--quit-after', 'EHLO'],
    ]);
  });
});

test('the command line takes a value that looks like an option or holds one as a value', () => {
  const typed = accounts.filter(({ address }) => address === 'anna@firma.test');
  expect(typed.length).toBeGreaterThan(200);
  for (const { username } of typed) {
    const { command, locale } = parseCommand(['check', `--username=${username}`, '--', 'anna@firma.test']);
    expect(command).toMatchObject({ type: 'check', account: { username } });
    expect(locale).toBeNull();
  }
  for (const address of [...addresses, ...known])
    expect(parseCommand(['check', '--json', '--', address]).command).toMatchObject({ account: { address } });
});

test.each([
  [['check', '--username=x --locale en y', 'a@d.test'], null],
  [['check', '--locale', 'de', '--', '--locale=en@d.test'], 'de'],
  [['check', '--locale=de', '--locale', 'en', 'a@d.test'], 'en'],
  [['check', 'a@d.test', '--', '--locale', 'en'], null],
  [['check', '--imap', '--locale', 'de'], 'de'],
] as const)('of %j the language is %s', (args, locale) => {
  expect(parseCommand(args).locale).toBe(locale);
});

describe('what stands beside a line that lacks a value', () => {
  const account = accountOf("o'neil@firma.test", 'FIRMA\\oneil');
  test.each([
    ['de', 'BENUTZERNAME', 'ADRESSE', 'Platzhalter in der Zeile darüber', 'als Befehl lesen'],
    ['en', 'USERNAME', 'ADDRESS', 'Placeholders in the line above', 'as a command'],
  ] as const)('in %s', (locale, username, address, title, warning) => {
    const [code, values, note] = checkBlocks(account, 'label', { locale, withLogin: true });
    expect(code).toMatchObject({
      type: 'code',
      text: expect.stringContaining(
        `'--username=${username}' --expect-untrusted-certificate --password-stdin -- '${address}'`,
      ),
    });
    expect(values).toEqual({
      type: 'values',
      title,
      rows: [
        { label: address, value: "o'neil@firma.test" },
        { label: username, value: 'FIRMA\\oneil' },
      ],
    });
    expect(note).toMatchObject({ type: 'note', text: expect.stringContaining(warning) });
  });

  test('nothing, where all values are harmless', () => {
    expect(checkBlocks(accountOf('anna@firma.test', 'm0'), 'label', { locale: 'de' })).toHaveLength(1);
  });
});

test('Given SMTP has a login of its own, then the line says so, and the password is not tried there', () => {
  const [first] = accounts;
  if (!first) throw new Error('expected an account');
  const { line, asksFor } = checkCommand(
    { ...first, smtpLogin: 'different' },
    { placeholders, withLogin: true },
  );
  expect(line).toContain("'--smtp-username=SMTP-BENUTZERNAME'");
  expect(asksFor).toBe('SMTP-BENUTZERNAME');
  expect(checkCommand({ ...first, smtpLogin: 'same' }, { placeholders, withLogin: true }).asksFor).toBeNull();
});
