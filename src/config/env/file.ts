import { lstat, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { codeOf } from '../../lib/error-code.ts';
import type { EnvFault } from './fault.ts';
import { faultsOfNames, readLines } from './lines.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type ReadEnvironment = {
  /** The file below what the shell has set. */
  environment: Environment;
  faults: EnvFault[];
};

/** A file that some editors on Windows write begins so; taken for a part of the first name, it would hide that setting. */
const byteOrderMark = /^\ufeff/u;
/** Other names under which an editor keeps such a file. */
const otherNames = ['.env.txt', 'env.txt', 'env'];

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const faultOfAbsence = async (file: string): Promise<EnvFault[]> => {
  if (await isThere(file)) return [{ what: 'leads-nowhere' }];
  for (const name of otherNames)
    if (await isThere(join(dirname(file), name))) return [{ what: 'other-file', name }];
  return [];
};

/** In UTF-16, which Windows calls Unicode, every other byte of a Latin letter is zero. */
const isUtf16 = (bytes: Buffer): boolean =>
  ['fffe', 'feff'].includes(bytes.subarray(0, 2).toString('hex')) || bytes.subarray(0, 1000).includes(0);

/** Node leaves a lone CR out, and so makes one line of two. */
const loneReturn = /\r(?![\r\n]|$)/u;

type ReadFile = { settings: Environment; faults: EnvFault[] };

/** What the text of a file `.env` sets, and what is wrong with it. `names`: the settings that there are. */
export const readEnvText = (bytes: Buffer, names: readonly string[]): ReadFile => {
  if (isUtf16(bytes)) return { settings: {}, faults: [{ what: 'utf-16' }] };
  const text = bytes.toString('utf8').replace(byteOrderMark, '');
  if (loneReturn.test(text)) return { settings: {}, faults: [{ what: 'line-ends' }] };
  const read = readLines(text.replaceAll('\r', ''), names);
  return { settings: parseEnv(read.text), faults: read.faults };
};

const readEnvFile = async (file: string, names: readonly string[]): Promise<ReadFile> => {
  try {
    return readEnvText(await readFile(file), names);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT') return { settings: {}, faults: await faultOfAbsence(file) };
    return {
      settings: {},
      faults: [code === 'EISDIR' ? { what: 'folder' } : { what: 'not-readable', code }],
    };
  }
};

/** What start and doctor go by: the file `.env` of the project's folder below what the shell has set. `names`: the settings that there are. */
export const readEnvironment = async (
  names: readonly string[],
  { file = '.env', source = process.env }: { file?: string; source?: Environment } = {},
): Promise<ReadEnvironment> => {
  const { settings, faults } = await readEnvFile(file, names);
  const hidden = names.filter((name) => settings[name]?.trim() && source[name]?.trim() === '');
  return {
    environment: { ...settings, ...source },
    faults: [
      ...faults,
      ...hidden.map((name): EnvFault => ({ what: 'empty-outside', name })),
      ...faultsOfNames(Object.keys(source), names),
    ],
  };
};

/** Gives the file's settings to this process, as Node's `--env-file` would: libraries look there too. Returns what is wrong. */
export const adoptEnvironment = async (names: readonly string[]): Promise<EnvFault[]> => {
  const { environment, faults } = await readEnvironment(names);
  Object.assign(process.env, environment);
  return faults;
};
