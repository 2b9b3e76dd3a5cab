import type { Account } from '../diagnosis/account/account.ts';
import type { Observation } from '../diagnosis/observed/observation.ts';
import { type DiagnoseOptions, diagnose } from './diagnose.ts';

/** One session with each server of an account, as far as it leads without a login. Nothing is judged. */
export const lookOnce = async (
  account: Account,
  options: Pick<DiagnoseOptions, 'network' | 'authorities'> & { signal: AbortSignal },
): Promise<readonly Observation[]> => {
  const extents = {
    ...(account.imap ? { imap: 'session' as const } : {}),
    ...(account.smtp ? { smtp: 'session' as const } : {}),
  };
  return (await diagnose(account, { ...options, extents })).observations;
};
