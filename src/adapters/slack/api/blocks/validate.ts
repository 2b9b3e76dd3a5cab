import { setTimeout as sleep } from 'node:timers/promises';
import { type types, webApi } from '@slack/bolt';
import { z } from 'zod';
import { slackErrorOf } from '../../errors.ts';
import { times } from '../../limits.ts';
import { type Connection, silent } from '../sdk.ts';

/** A message or a modal, as Slack would get it; `name`: for whoever reads what is wrong with it. */
export type NamedPayload = { name: string } & (
  | { type: 'message'; payload: { blocks: types.KnownBlock[] } }
  | { type: 'modal'; payload: types.ModalView }
);

/** `pointer`: where in the payload (RFC 6901). */
export type PayloadFault = { name: string; pointer: string; code: string; message: string };

/** What Slack says of a payload that it would refuse (docs.slack.dev, blocks.validate). */
const refusals = ['invalid_blocks', 'invalid_message', 'invalid_view'];
const faultsSchema = z.object({
  errors: z
    .array(
      z.object({
        pointer: z.string().catch(''),
        code: z.string().catch('unknown'),
        message: z.string().catch(''),
      }),
    )
    .catch([]),
});

/** Slack says no more of its limit for this method than that there is one. */
const mostPauses = 20;

const faultsIn = (name: string, answer: unknown): PayloadFault[] => {
  const { errors } = faultsSchema.parse(answer);
  return errors.map((fault) => ({ name, ...fault }));
};

/** Waits as long as Slack asks, a few times. Rejects with the SDK's errors. */
const patiently = async <T>(call: () => Promise<T>, pauses = 0): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof webApi.WebAPIRateLimitedError) || pauses >= mostPauses) throw error;
    await sleep(error.retryAfter * 1000);
    return patiently(call, pauses + 1);
  }
};

/**
 * Asks Slack about each payload, one after the other; nothing is posted and no scope is needed. Alike ones are asked about
 * once. Gives what Slack finds wrong. Rejects with the SDK's errors.
 */
export const validatePayloads = async (
  { token, apiUrl }: Connection,
  all: readonly NamedPayload[],
): Promise<PayloadFault[]> => {
  const slack = new webApi.WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout: times.call,
    retryConfig: { retries: 2 },
    rejectRateLimitedCalls: true,
    logger: silent,
  });
  const distinct = new Map(all.map((one) => [JSON.stringify(one.payload), one]));
  const faults: PayloadFault[] = [];
  for (const one of distinct.values()) {
    const asked = one.type === 'modal' ? { view: one.payload } : { message: { blocks: one.payload.blocks } };
    try {
      faults.push(...faultsIn(one.name, await patiently(() => slack.blocks.validate(asked))));
    } catch (error) {
      const refusal = slackErrorOf(error);
      if (refusal === null || !refusals.includes(refusal) || !(error instanceof webApi.WebAPIPlatformError))
        throw error;
      const found = faultsIn(one.name, error.data);
      faults.push(
        ...(found.length > 0 ? found : [{ name: one.name, pointer: '', code: refusal, message: '' }]),
      );
    }
  }
  return faults;
};
