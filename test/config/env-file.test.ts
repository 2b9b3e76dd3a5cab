/** What a file `.env` that somebody has written makes of the start. */
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { faultLine, stopsTheStart } from '../../src/config/env/fault.ts';
import { readEnvironment, readEnvText } from '../../src/config/env/file.ts';
import { likelyName } from '../../src/config/env/likely-name.ts';
import { ConfigError, readConfig, settingNames } from '../../src/config/index.ts';
import { failToStart, startProduct } from '../journeys/product.ts';
import { scope } from '../mail-servers/index.ts';
import { type EnvCase, envCases } from './env-files.ts';

const own = scope();
afterAll(() => own.stop());

/** As the start goes by it. */
const started = (file: string | Buffer): EnvCase & { file: Buffer } => {
  const bytes = Buffer.from(file);
  const { settings, faults } = readEnvText(bytes, settingNames);
  const [stop] = faults.filter(stopsTheStart);
  if (stop) return { file: bytes, stops: faultLine(stop) };
  try {
    readConfig(settings);
  } catch (error) {
    if (error instanceof ConfigError) return { file: bytes, stops: error.message };
    throw error;
  }
  return { file: bytes, notes: faults.map(faultLine) };
};

const shown = ({ file }: EnvCase): string => JSON.stringify(file.toString()).slice(0, 70);

test('at least sixty files have been thought of', () => {
  expect(envCases.length).toBeGreaterThanOrEqual(60);
});

test.each(envCases.map((one) => [shown(one), one] as const))(
  'given %s, the start says why or goes on',
  (_name, one) => {
    const { stops, notes } = started(one.file);
    expect({ stops, notes }).toEqual({ stops: one.stops, notes: one.stops ? undefined : (one.notes ?? []) });
    expect(`${stops} ${notes?.join(' ')}`).not.toMatch(/geheim|7c1f/u);
  },
);

describe('given a process in a folder with such a file', () => {
  const processes = envCases.filter(({ stops }) => stops).filter((_, index) => index % 6 === 0);

  test.each(processes.map((one) => [shown(one), one] as const))(
    '%s, it ends with that line',
    async (_name, one) => {
      const folder = await own.folder();
      await writeFile(join(folder, '.env'), one.file);
      expect(await failToStart({ DATA_DIR: folder }, folder)).toEqual({
        code: 1,
        out: '',
        err: `connect-email cannot start: ${one.stops}\n`,
      });
    },
  );

  test('that sets an unknown name, it starts and says so in one line', async () => {
    const folder = await own.folder();
    await writeFile(join(folder, '.env'), 'SLACK_ITCHANNEL=C0123456789\nPORT= \nLOG_LEVEL=error\n');
    const env = { DATA_DIR: folder, PORT: '0', TEAMS_ITCHANNEL: '19:x@thread.tacv2' };
    const product = await own.start(startProduct(env, { folder }));
    expect(product.said().split('\n')).toEqual(
      expect.arrayContaining([
        'connect-email: .env line 1: SLACK_ITCHANNEL is no setting, and does nothing; is SLACK_IT_CHANNEL meant?',
        'connect-email: environment: TEAMS_ITCHANNEL is no setting, and does nothing; is TEAMS_IT_CHANNEL meant?',
      ]),
    );
  });

  test('a folder, a link to nowhere, or a file under another name, it says which', async () => {
    const folder = await own.folder();
    const lines = async () =>
      (await readEnvironment(settingNames, { file: join(folder, '.env'), source: {} })).faults.map(faultLine);
    expect(await lines()).toEqual([]);
    await writeFile(join(folder, '.env.txt'), '');
    expect(await lines()).toEqual([
      '.env: there is no such file, but .env.txt; settings are read from .env only',
    ]);
    await symlink(join(folder, 'nowhere'), join(folder, '.env'));
    expect(await lines()).toEqual(['.env: expected a file, but it is a link to one that is not there']);
    const other = await own.folder();
    await mkdir(join(other, '.env'));
    const { faults } = await readEnvironment(settingNames, { file: join(other, '.env'), source: {} });
    expect(faults.map(faultLine)).toEqual(['.env: expected a file, but it is a folder']);
  });

  test('that cannot be read, it says why', async () => {
    const folder = await own.folder();
    await symlink('.env', join(folder, '.env'));
    const { faults } = await readEnvironment(settingNames, { file: join(folder, '.env'), source: {} });
    expect(faults.map(faultLine)).toEqual(['.env: expected a file that this user may read (ELOOP)']);
  });

  test('a setting that is empty outside, it says that this counts', async () => {
    const folder = await own.folder();
    await writeFile(join(folder, '.env'), 'SLACK_IT_CHANNEL=C1\n');
    const source = { SLACK_IT_CHANNEL: '' };
    const { faults, environment } = await readEnvironment(settingNames, {
      file: join(folder, '.env'),
      source,
    });
    expect(environment.SLACK_IT_CHANNEL).toBe('');
    expect(faults.map(faultLine)).toEqual([
      '.env: SLACK_IT_CHANNEL is set here, but empty in the environment, which counts',
    ]);
  });
});

test('given the example as it is shipped, the start goes on without a word', async () => {
  const file = await readFile(new URL('../../.env.example', import.meta.url));
  expect(started(file)).toEqual({ file, notes: [] });
});

describe('a file without a fault', () => {
  const names = fc.constantFrom('PORT', 'LOG_LEVEL', 'DATA_DIR', 'TZ');
  const value = fc.stringMatching(/^[\w ./:@~+=-]{0,12}$/u).map((text) => text.trim());
  const written = fc.tuple(
    names,
    value,
    fc.constantFrom('', '"', "'", '`'),
    fc.constantFrom('', ' # why', '\r'),
  );

  test('means what Node’s own reader makes of it', () => {
    fc.assert(
      fc.property(fc.uniqueArray(written, { selector: ([name]) => name }), (lines) => {
        const text = lines.map(([name, v, q, end]) => `${name}=${q}${v}${q}${end}`).join('\n');
        const { settings, faults } = readEnvText(Buffer.from(text), settingNames);
        expect(faults).toEqual([]);
        expect(settings).toEqual(Object.fromEntries(lines.map(([name, v]) => [name, v])));
        expect(settings).toEqual(parseEnv(text));
      }),
    );
  });

  test.each([
    ['a value that is left empty', 'PORT=  \nHOST=localhost'],
    ['a line that is no setting', '=  \nHOST=localhost'],
    ['a mark that is never closed', "(='\nHOST=localhost\nFOO=it's"],
    ['a value of somebody else over two lines', 'CERT="a\nb"\nHOST=localhost'],
  ])('and none takes the next one with it: %s', (_what, text) => {
    const { settings } = readEnvText(Buffer.from(text), settingNames);
    expect(settings.HOST).toBe('localhost');
  });

  /** One line after the other, as a person reads them. */
  const asWritten = (text: string): Record<string, string> => {
    const lines = text.split(/\r?\n/u).map((line) => /^\s*(?:export\s+)?(\w+)\s*=\s*(.*)$/u.exec(line));
    return Object.fromEntries(
      lines.flatMap((line) => {
        const [, name, value = ''] = line ?? [];
        const [, , quoted] = /^(["'`])(.*?)\1/u.exec(value) ?? [];
        return name === undefined ? [] : [[name, quoted ?? value.replace(/#.*$/u, '').trim()]];
      }),
    );
  };
  const parts = [
    'PORT',
    'HOST',
    'FOO',
    '=',
    '=',
    '#',
    '"',
    "'",
    ' ',
    '\n',
    '\n',
    '\r\n',
    ':',
    'x',
    'export ',
  ];

  test('whatever is in it: where the start goes on, each setting is what its line says', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 16 }), (pieces) => {
        const text = pieces.join('');
        const { settings, faults } = readEnvText(Buffer.from(text), ['PORT', 'HOST']);
        expect(faults.map(faultLine).join('')).not.toMatch(/\n/u);
        if (faults.some(stopsTheStart)) return;
        const { PORT = '', HOST = '' } = settings;
        const written = asWritten(text);
        expect({ PORT: PORT.trim(), HOST: HOST.trim() }).toEqual({
          PORT: (written.PORT ?? '').trim(),
          HOST: (written.HOST ?? '').trim(),
        });
      }),
      { numRuns: 5000 },
    );
  });
});

test('a name is near to one of ours, or to none', () => {
  const near = (name: string) => likelyName(name, settingNames);
  expect(['HOTS', 'LOGLEVEL', 'PUBLIC_ULR', 'CHECK_ALLOWED_NETWORKS', 'TEAMS_IT_CHANEL'].map(near)).toEqual([
    'HOST',
    'LOG_LEVEL',
    'PUBLIC_URL',
    'CHECK_ALLOW_NETWORKS',
    'TEAMS_IT_CHANNEL',
  ]);
  expect(['GREETING', 'SLACK_WEBHOOK_ADDRESS', 'HOSTNAME', 'POSTGRES_DB'].map(near)).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
