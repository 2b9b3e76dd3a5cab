import { codeOf } from '../../lib/error-code.ts';
import type { Log, TestMailSeen } from '../ports.ts';

export type TestMailNotesParts = {
  keep(seen: TestMailSeen): Promise<unknown>;
  log: Log;
};

/** Keeps where our own mail is, one after the other. Never a reason to fail: the mail is removed all the same. */
export const createTestMailNotes = ({ keep, log }: TestMailNotesParts) => {
  let line: Promise<void> = Promise.resolve();
  return {
    /** Resolves when it is kept, or cannot be. */
    note: (seen: TestMailSeen): Promise<void> => {
      line = line.then(async () => {
        try {
          await keep(seen);
        } catch (error) {
          log.error({ code: codeOf(error), phase: seen.phase }, 'where a test mail is could not be kept');
        }
      });
      return line;
    },
    /** What comes of the check must not be kept before. */
    settled: (): Promise<void> => line,
  };
};
