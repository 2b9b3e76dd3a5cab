import { openBotNetwork } from '../bot-network.ts';
import { readAuthorities } from '../check.ts';
import { stopsTheStart } from '../config/env/fault.ts';
import { readEnvironment } from '../config/env/file.ts';
import { type Config, settingNames, tryConfig } from '../config/index.ts';
import { delicateNetworks } from '../config/networks.ts';
import { blockValidators, examinedPlatforms, platformSites } from '../platforms.ts';
import { exposureOf, exposuresOfData } from '../store/engine/private-files.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/ports.ts';
import { examineBlocks } from './blocks.ts';
import { examineClock } from './clock.ts';
import { type Found, found } from './examination.ts';
import { filesFound } from './files.ts';
import { examineNetwork } from './outside.ts';
import { examinePlatforms } from './platforms.ts';
import { examinePublicUrl } from './public-url.ts';
import { faultsFound, problemsFound } from './settings.ts';
import { examineStore } from './store.ts';

const examineAuthorities = async (file: string | null): Promise<Found> => {
  if (file === null) return found('authorities', 'not-set');
  try {
    return found('authorities', 'readable', { count: (await readAuthorities(file)).length });
  } catch {
    return found('authorities', 'not-readable', { file });
  }
};

/** What reps may agree to, here and in the terminal. */
const rehearsalFound = ({ REHEARSAL, REHEARSAL_PATIENCE }: Config): Found =>
  REHEARSAL === 'off'
    ? found('rehearsal', 'off')
    : found('rehearsal', 'asked', { seconds: REHEARSAL_PATIENCE });

/** The store and the platforms: one of these asks what it has kept there. */
const examineInside = async (config: Config): Promise<Found[]> => {
  const opened = Promise.withResolvers<Store | null>();
  const platforms = examinedPlatforms(config, async (owner) => (await opened.promise)?.memory(owner) ?? null);
  const asked = examinePlatforms(platforms);
  const store = await examineStore(
    config.DATABASE_URL === undefined ? 'DATA_DIR' : 'DATABASE_URL',
    () => openStore({ databaseUrl: config.DATABASE_URL, directory: config.DATA_DIR }),
    async (usable) => {
      opened.resolve(usable);
      await asked;
    },
  );
  const unseen = platforms.flatMap(({ platform, unverified }) =>
    unverified.map((variable) => found('request-signature', 'not-verifiable', { platform, variable })),
  );
  return [store, ...(await asked), ...unseen];
};

const examineFiles = async (config: Config): Promise<Found[]> =>
  filesFound(
    await exposureOf('.env'),
    config.DATABASE_URL === undefined ? await exposuresOfData(config.DATA_DIR) : [],
  );

const networksFound = (config: Config): Found[] => {
  const networks = delicateNetworks(config.CHECK_ALLOW_NETWORKS);
  return networks.length > 0 ? [found('configuration', 'allows-own-machine', { networks })] : [];
};

const examineAll = async (config: Config): Promise<Found[]> => {
  // Before the store is opened, which closes what is open.
  const files = await examineFiles(config);
  const [[store, ...platforms], ...others] = await Promise.all([
    examineInside(config),
    examineAuthorities(config.CHECK_CA_FILE ?? null),
    examinePublicUrl(config.PUBLIC_URL ?? null),
    rehearsalFound(config),
    examineNetwork(openBotNetwork(config)),
    examineClock(platformSites(config)),
  ]);
  return [...files, ...(store ? [store] : []), ...others.flat(), ...platforms];
};

/**
 * Everything about this installation that can be found out without changing it, all side by side and within ten seconds.
 * `blocks`: also whether a platform would take all that can be sent there, which takes minutes.
 */
export const examine = async ({ blocks }: { blocks: boolean }): Promise<Found[]> => {
  const { environment, faults } = await readEnvironment(settingNames);
  const ofFile = faultsFound(faults);
  const nothingElse = found('configuration', 'nothing-else-examined');
  // A setting that is lost with its line would make others look wrong.
  if (faults.some(stopsTheStart)) return [...ofFile, nothingElse];
  const read = tryConfig(environment);
  if (!read.ok) return [...ofFile, ...problemsFound(read.problems), nothingElse];
  return [
    found('configuration', 'valid'),
    ...ofFile,
    ...networksFound(read.config),
    ...(await examineAll(read.config)),
    ...(blocks ? await examineBlocks(blockValidators(read.config)) : []),
  ];
};
