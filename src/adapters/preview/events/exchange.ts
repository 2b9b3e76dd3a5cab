import { createAnsweredOnce } from '../../../lib/answered-once.ts';
import { PreviewError } from '../errors.ts';
import { limits } from '../limits.ts';

type Deal<Answer> = {
  /** Hands the event to the bot. `give` returns false when it comes too late or a second time. */
  work: (give: (answer: Answer) => boolean) => Promise<unknown>;
  /** The answer when the bot is done without giving one; null where one is owed. */
  otherwise: Answer | null;
  /** Hears what went wrong after the answer was given. */
  onError: (error: unknown) => void;
};

const tooSlow = (): never => {
  throw new PreviewError('too-slow', `no answer within ${limits.answerMs} ms`);
};

/** One request, one answer, within the platform's time. @throws PreviewError `too-slow`, `no-answer`, `failed` */
export const exchange = <Answer>({ work, otherwise, onError }: Deal<Answer>): Promise<Answer> => {
  const { answer, give, fail } = createAnsweredOnce<Answer>({ ms: limits.answerMs, late: tooSlow });
  const finish = (): void => {
    if (otherwise === null) fail(new PreviewError('no-answer', 'the form was left without an answer'));
    else give(otherwise);
  };
  Promise.resolve()
    .then(() => work(give))
    .then(finish, (cause: unknown) => {
      const failed = new PreviewError('failed', 'the event could not be handled', { cause });
      if (!fail(failed)) onError(cause);
    });
  return answer;
};
