/** What is typed wrongly is said in one sentence; what is typed rightly works from any folder and on a terminal. */
import { copyFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { program } from '../../scripts/system-packages.ts';
import { checkCommand } from '../../src/wording/findings/commands.ts';
import { closedPort, scope } from '../mail-servers/index.ts';
import { run } from '../mail-servers/processes.ts';
import { connectEmail, realServer, report, unmet } from './terminal-cases.ts';

const servers = scope();
afterAll(() => servers.stop());
const rep = 'rep@example.test';
const missing = '/nowhere/ca.pem';
/** Erases from the cursor to the end of the screen (ECMA-48, ED): each drawing of the list begins so. */
const erased = '\u001b[0J';
const thisFile = fileURLToPath(import.meta.url);

const wrong: readonly (readonly [typed: readonly string[], german: string, english: string])[] = [
  [['rep.example.test'], 'fehlt das @-Zeichen', 'The @ sign is missing'],
  [['jörg@example.test'], 'Umlaute oder Sonderzeichen vor dem @', 'special characters before the @'],
  [[], 'Bitte geben Sie Ihre E-Mail-Adresse ein', 'Please enter your e-mail address'],
  [[rep, '--imap', 'mail server'], 'enthält keine Leerzeichen', 'contain spaces'],
  [[rep, '--imap', 'imaps://mail.example.test'], 'nur den Namen: mail.example.test', 'only the name: mail.'],
  [[rep, '--imap', 'h.test:0'], '--imap: Der Port liegt zwischen 1 und 65535', 'between 1 and 65535'],
  [[rep, '--smtp', 'h.test:70000'], '--smtp: Der Port liegt zwischen 1 und 65535', 'between 1 and 65535'],
  [[rep, '--smtp', 'h.test:abc'], 'Der Port ist eine Zahl', 'The port is a number'],
  [[rep, '--imap', 'h.test', '--imap-encryption', 'ssl'], 'tls | starttls | none', 'tls | starttls | none'],
  [[rep, '--verbose'], 'Die Option --verbose gibt es nicht', "There's no option --verbose"],
  [[rep, '--imap'], 'Diese Eingabe passt nicht zu --imap', "--imap can't be used like this"],
  [[rep, 'two@example.test'], '„two@example.test“ ist zu viel', '“two@example.test” is one too many'],
  [[rep, '--policy', 'hubspot-2031'], 'Bei --policy erwarten wir', '--policy expects: hubspot-2017 |'],
  [[rep, '--timeout', '0'], 'Bei --timeout erwarten wir', '--timeout expects'],
  [[rep, '--timeout', 'soon'], 'Bei --timeout erwarten wir', '--timeout expects'],
  [[rep, '--dns', '192.0.2.999'], 'Bei --dns erwarten wir', '--dns expects'],
  [[rep, '--dns', 'ns.example.test'], 'Bei --dns erwarten wir', '--dns expects'],
  [[rep, '--allow-network', 'home'], 'Bei --allow-network erwarten wir', '--allow-network expects'],
  [
    [rep, '--ca', missing],
    `Die Datei ${missing} enthält kein lesbares Zertifikat`,
    'no readable certificate',
  ],
  [[rep, '--ca', thisFile], 'enthält kein lesbares Zertifikat', 'contains no readable certificate'],
  [[rep, '--send-test-mail'], '--send-test-mail braucht --password-stdin', 'needs --password-stdin'],
  [[rep, '--password-stdin'], 'kam kein Passwort an', 'No password arrived'],
];

const oneLine = (sentence: string) => ({
  code: 2,
  stdout: '',
  stderr: expect.stringMatching(/^[^\n]+\n$/u),
  says: sentence,
});
const complaint = async (typed: readonly string[], sentence: string) => {
  const ran = await connectEmail(typed);
  return { ...ran, says: ran.stderr.includes(sentence) ? sentence : ran.stderr };
};

describe('Given a line that cannot be used, then one sentence says why and the status is 2', () => {
  it.each(wrong)('check %j', async (typed, german, english) => {
    const [inGerman, inEnglish] = await Promise.all([
      complaint(['check', ...typed, '--locale', 'de'], german),
      complaint(['check', ...typed], english),
    ]);
    expect(inGerman).toEqual(oneLine(german));
    expect(inEnglish).toEqual(oneLine(english));
  });

  it('an unknown language is refused in the language of the environment', async () => {
    const typed = ['check', rep, '--locale', 'fr'];
    const sentence = '--locale expects: de | en';
    expect(await complaint(typed, sentence)).toEqual(oneLine(sentence));
    const german = await connectEmail(typed, { env: { LANG: 'de_DE.UTF-8' } });
    expect(german).toEqual({ code: 2, stdout: '', stderr: 'Bei --locale erwarten wir: de | en.\n' });
  });

  it('an unknown command', async () => {
    const german = 'Den Befehl „prüfe“ gibt es nicht';
    expect(await complaint(['prüfe', rep, '--locale', 'de'], german)).toEqual(oneLine(german));
    const english = "There's no command “prüfe”";
    expect(await complaint(['prüfe', rep], english)).toEqual(oneLine(english));
  });
});

/** The addresses of all modules that a process loads, one a line on standard error. */
const listModules = `data:text/javascript,${encodeURIComponent(
  "import{registerHooks}from'node:module';import{writeSync}from'node:fs';registerHooks({load(u,c,n){writeSync(2,u+'\\n');return n(u,c)}})",
)}`;

describe('Given a line that can be used', () => {
  it('a check in JSON loads no library but those it needs, since its start is most of its time', async () => {
    const at = `127.0.0.1:${(await closedPort()).port}`;
    const typed = ['check', rep, '--imap', at, '--smtp', at, '--json'];
    const { stderr } = await connectEmail(typed, { env: { NODE_OPTIONS: `--import=${listModules}` } });
    const libraries = [...stderr.matchAll(/\/node_modules\/([^/\n]+)/gu)].map(([, name]) => name);
    expect([...new Set(libraries)].sort()).toEqual(['i18next', 'ipaddr.js']);
  });

  it.each(['sh', 'bash'])(
    'the line that is handed over for pasting runs as it stands in %s',
    async (shell) => {
      const at = await closedPort();
      const endpoint = (service: 'imap' | 'smtp') =>
        ({ service, host: '127.0.0.1', asciiHost: '127.0.0.1', port: at.port, encryption: 'tls' }) as const;
      const { line, replaced } = checkCommand(
        {
          address: rep,
          username: '+m0.8-15_@x',
          imap: endpoint('imap'),
          smtp: endpoint('smtp'),
          smtpLogin: 'same',
          untrustedCertificateExpected: true,
          personalInbox: null,
        },
        { placeholders: { address: 'ADDRESS', username: 'USERNAME', smtpUsername: 'SMTP-USERNAME' } },
      );
      expect(replaced).toEqual([]);
      const root = fileURLToPath(new URL('../..', import.meta.url));
      const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
      // Blocked, as its status says: the server is inside a private network.
      const ran = run(shell, ['-c', line], { cwd: root, env: { ...process.env, PATH: path, LANG: 'C' } });
      await expect(ran).rejects.toMatchObject({
        code: 1,
        stderr: '',
        stdout: expect.stringContaining(`Checked for ${rep}: IMAP 127.0.0.1:${at.port}`),
      });
    },
  );

  it('an umlaut domain is accepted', async () => {
    const { port } = await closedPort();
    const at = `127.0.0.1:${port}`;
    const typed = ['check', 'rep@müller.example', '--imap', at, '--smtp', at, '--json'];
    const { code, stdout, stderr } = await connectEmail([...typed, '--allow-network', '127.0.0.0/8']);
    expect([code, stderr]).toEqual([1, '']);
    const read = report.parse(JSON.parse(stdout));
    expect(read.account.address).toBe('rep@müller.example');
    expect(unmet(read).map(([, , reason]) => reason)).toEqual(['refused', 'refused']);
  });

  it('without servers nothing can be settled', async () => {
    const { code, stdout, stderr } = await connectEmail(['check', rep, '--json']);
    expect([code, stderr]).toEqual([3, '']);
    const read = report.parse(JSON.parse(stdout));
    expect(read.verdict).toBe('inconclusive');
    expect(unmet(read).map(([, ...rest]) => rest)).toEqual([
      ['imap-port-open', 'no-server-known'],
      ['smtp-port-open', 'no-server-known'],
    ]);
  });

  it('--help explains itself in both languages', async () => {
    expect(await connectEmail(['--help'])).toMatchObject({ code: 0, stderr: '' });
    const inCheckout = await connectEmail(['--help'], { npm: true });
    expect(inCheckout.stdout).toContain('\n  npm run -s connect-email -- check ADDRESS');
    const german = await connectEmail(['check', '--help', '--locale', 'de']);
    expect(german).toMatchObject({ code: 0, stderr: '' });
    expect(german.stdout).toContain('ob sich ein E-Mail-Konto mit HubSpot verbinden lässt');
  });

  it('files are named from the folder in which the command was typed; a terminal shows the steps', async () => {
    const ca = await servers.authority();
    const folder = await servers.folder();
    await copyFile(ca.caFile, join(folder, 'our-ca.pem'));
    await writeFile(join(folder, 'empty.pem'), '');
    const imap = await realServer('imap', servers, { ca });
    const smtp = await realServer('smtp', servers, { ca });
    const typed = [
      ...['check', rep, '--imap', `127.0.0.1:${imap.tls}`, '--smtp', `127.0.0.1:${smtp.tls}`],
      ...['--allow-network', '127.0.0.0/8', '--ca'],
    ];
    const env = { INIT_CWD: folder, npm_lifecycle_event: 'connect-email' };
    const found = await connectEmail([...typed, 'our-ca.pem', '--json'], { env });
    expect([found.code, found.stderr]).toEqual([0, '']);
    expect(report.parse(JSON.parse(found.stdout)).verdict).toBe('ready');
    expect(await connectEmail([...typed, 'empty.pem'], { env })).toMatchObject({ code: 2, stdout: '' });

    const script = program('script');
    expect(script, 'script of util-linux (Debian: bsdutils)').toBeDefined();
    const cli = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
    const check = [process.execPath, cli, ...typed, ca.caFile, '--locale', 'de'].join(' ');
    // -e hands on the command's exit status, so a failed check would be thrown here.
    const { stdout: shown } = await run(script ?? '', ['-qec', check, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm' },
    });
    const verdict = 'Der Server erfüllt alle Anforderungen.';
    const [drawn = '', final = ''] = shown.split(erased).slice(-2);
    expect(stripVTControlCharacters(drawn)).toContain('IMAP: Verbindung');
    expect(drawn).not.toContain(verdict);
    const last = stripVTControlCharacters(final);
    expect(last).toContain('✓ IMAP: Verbindung – in Ordnung');
    expect(last).toContain(verdict);
    expect(stripVTControlCharacters(shown)).toContain('… IMAP: Verbindung');
  });
});
