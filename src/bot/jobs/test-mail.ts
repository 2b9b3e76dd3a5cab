import { codeOf } from '../../lib/error-code.ts';
import type { Log, TestMailSeen } from '../ports.ts';

export type TestMailNotesParts = {
  keep(seen: TestMailSeen): Promise<unknown>;
  log: Log;
};

/** Keeps where our own mail is, one after the other. */
export const createTestMailNotes = ({ keep, log }: TestMailNotesParts) => {
  let line: Promise<unknown> = Promise.resolve();
  return {
    /** Rejects when it cannot be kept. */
    note: async (seen: TestMailSeen): Promise<void> => {
      const kept = line.then(() => keep(seen));
      line = kept.catch((error: unknown) =>
        log.error({ code: codeOf(error), phase: seen.phase }, 'where a test mail is could not be kept'),
      );
      await kept;
    },
    /** What comes of the check must not be kept before. Never rejects. */
    settled: async (): Promise<void> => void (await line),
  };
};
