import type { AccessReport } from '../chat/access.ts';
import { withTimeout } from '../lib/timeout.ts';
import { type Found, found } from './examination.ts';

/** In milliseconds, for everything that is asked of one platform. */
const patience = 8_000;

export type AskedPlatform = { platform: string; ask(): Promise<AccessReport> };

const late: AccessReport = {
  access: { found: 'not-reached', code: 'ETIMEDOUT' },
  itChannel: { found: 'not-known' },
};

const foundAt = async ({ platform, ask }: AskedPlatform): Promise<Found[]> => {
  const { access, itChannel, notes = [] } = await withTimeout(patience, ask(), () => late);
  const values = ({ code, scopes }: { code?: string; scopes?: readonly string[] }) => ({
    platform,
    ...(code === undefined ? {} : { code }),
    ...(scopes === undefined ? {} : { scopes }),
  });
  return [
    found('platform', access.found, values(access)),
    ...notes.map((note) => found('platform', note, values({}))),
    found('it-channel', itChannel.found, values(itChannel)),
  ];
};

/** Each platform's word on our access to it and on the IT channel. */
export const examinePlatforms = async (asked: readonly AskedPlatform[]): Promise<Found[]> =>
  asked.length === 0 ? [found('platform', 'not-configured')] : (await Promise.all(asked.map(foundAt))).flat();
