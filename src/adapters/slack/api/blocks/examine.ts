import type { BlocksReport } from '../../../../chat/access.ts';
import { findCode } from '../../../../lib/error-code.ts';
import { slackErrorOf } from '../../errors.ts';
import type { Connection } from '../sdk.ts';
import { type NamedPayload, validatePayloads } from './validate.ts';

/** What Slack says of these payloads, for whoever installs the bot. */
export const examineBlocks = async (
  connection: Connection,
  all: readonly NamedPayload[],
): Promise<Exclude<BlocksReport, { found: 'checkout-only' }>> => {
  const count = all.length;
  try {
    const faults = await validatePayloads(connection, all);
    if (faults.length === 0) return { found: 'valid', count };
    const lines = faults.map(({ name, pointer, code, message }) =>
      [`${name}${pointer}`, code, message].filter((part) => part !== '').join(': '),
    );
    return { found: 'invalid', count, faults: lines };
  } catch (error) {
    const refusal = slackErrorOf(error);
    return refusal === null
      ? { found: 'not-reached', code: findCode(error) ?? 'failed', count }
      : { found: 'refused', code: refusal, count };
  }
};
