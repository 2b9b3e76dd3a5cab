import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { codeOf } from '../error-code.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A file that some editors on Windows write begins so; taken for a part of the first name, it would hide that setting. */
const byteOrderMark = /^\ufeff/u;

/** What start and doctor go by: the file `.env` of the project's folder below what the shell has set. @throws if it is there and cannot be read */
export const readEnvironment = async (
  file = '.env',
  source: Environment = process.env,
): Promise<Environment> => {
  try {
    return { ...parseEnv((await readFile(file, 'utf8')).replace(byteOrderMark, '')), ...source };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return source;
    throw error;
  }
};

/** Gives the file's settings to this process, as Node's `--env-file` would, but for the byte order mark: libraries look there too. @throws as above */
export const adoptEnvironment = async (): Promise<void> => {
  Object.assign(process.env, await readEnvironment());
};
