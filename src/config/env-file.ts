import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';

type Environment = Readonly<Record<string, string | undefined>>;

/** What `npm start` would see: the file `.env` of the project's folder below what the shell has set. @throws if it is there and cannot be read */
export const readEnvironment = async (
  file = '.env',
  source: Environment = process.env,
): Promise<Environment> => {
  try {
    return { ...parseEnv(await readFile(file, 'utf8')), ...source };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return source;
    throw error;
  }
};
