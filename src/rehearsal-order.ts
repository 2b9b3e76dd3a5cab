import type { RehearsalOrder } from './bot/ports.ts';
import type { CheckResult, CheckWatch } from './check.ts';

/**
 * What a check is given with the consent to a rehearsal. It is called off by whoever closes the page, but not before it
 * has begun: the login test alone needs no page, and ends as it always does.
 */
export const watchOf = (
  { patienceMs, cancelled, onTestMail }: RehearsalOrder,
  signal: AbortSignal,
): Pick<CheckWatch, 'rehearsal' | 'signal' | 'onObservation'> => {
  const calledOff = new AbortController();
  const callOff = (): void => calledOff.abort();
  return {
    rehearsal: { patienceMs },
    signal: AbortSignal.any([signal, calledOff.signal]),
    onObservation: async (seen) => {
      if (seen.type === 'rehearsal' && seen.phase === 'begun') {
        if (cancelled.aborted) callOff();
        else cancelled.addEventListener('abort', callOff, { once: true });
      }
      // What cannot be kept must not be sent.
      if (seen.type === 'test-mail' && (seen.phase === 'sending' || seen.phase === 'cleared'))
        await onTestMail({ header: seen.id, phase: seen.phase }).catch(callOff);
    },
  };
};

/** In milliseconds; null: there was none. One that was cut off took as long as it was given. */
export const rehearsedMsOf = ({
  rehearsed,
  observations,
  durationMs,
}: Pick<CheckResult, 'rehearsed' | 'observations' | 'durationMs'>): number | null => {
  if (!rehearsed) return null;
  const at = (phase: 'begun' | 'ended') =>
    observations.find((seen) => seen.type === 'rehearsal' && seen.phase === phase)?.at ?? durationMs;
  return at('ended') - at('begun');
};
