import { openBotNetwork } from './bot-network.ts';
import { readAuthorities } from './check.ts';
import { readEnvironment } from './config/env-file.ts';
import { type Config, tryConfig } from './config.ts';
import { type Found, found } from './doctor/examination.ts';
import { examineNetwork } from './doctor/outside.ts';
import { examinePlatforms } from './doctor/platforms.ts';
import { examinePublicUrl } from './doctor/public-url.ts';
import { examineStore } from './doctor/store.ts';
import { examinedPlatforms } from './platforms.ts';
import { openStore } from './store/open.ts';
import type { Store } from './store/ports.ts';

const examineAuthorities = async (file: string | null): Promise<Found> => {
  if (file === null) return found('authorities', 'not-set');
  try {
    return found('authorities', 'readable', { count: (await readAuthorities(file)).length });
  } catch {
    return found('authorities', 'not-readable', { file });
  }
};

/** The store and the platforms: one of these asks what it has kept there. */
const examineInside = async (config: Config): Promise<Found[]> => {
  const opened = Promise.withResolvers<Store | null>();
  const asked = examinePlatforms(
    examinedPlatforms(config, async (owner) => (await opened.promise)?.memory(owner) ?? null),
  );
  const store = await examineStore(
    config.DATABASE_URL === undefined ? 'DATA_DIR' : 'DATABASE_URL',
    () => openStore({ databaseUrl: config.DATABASE_URL, directory: config.DATA_DIR }),
    async (usable) => {
      opened.resolve(usable);
      await asked;
    },
  );
  return [store, ...(await asked)];
};

const examineAll = async (config: Config): Promise<Found[]> => {
  const [[store, ...platforms], ...others] = await Promise.all([
    examineInside(config),
    examineAuthorities(config.CHECK_CA_FILE ?? null),
    examinePublicUrl(config.PUBLIC_URL ?? null),
    examineNetwork(openBotNetwork(config)),
  ]);
  return [found('configuration', 'valid'), ...(store ? [store] : []), ...others.flat(), ...platforms];
};

/** Everything about this installation that can be found out without changing it, all side by side and within ten seconds. */
export const examine = async (): Promise<Found[]> => {
  const environment = await readEnvironment().catch(() => null);
  if (environment === null) return [found('configuration', 'file-not-readable')];
  const read = tryConfig(environment);
  if (read.ok) return examineAll(read.config);
  const wrong = [...new Set(read.problems.map(({ variable }) => variable))];
  return [
    ...wrong.map((variable) => found('configuration', 'wrong', { variable })),
    found('configuration', 'nothing-else-examined'),
  ];
};
