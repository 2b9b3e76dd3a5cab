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

/** One request, one answer, within the platform's time. @throws PreviewError `too-slow`, `no-answer`, `failed` */
export const exchange = <Answer>({ work, otherwise, onError }: Deal<Answer>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let open = true;
    const close = (settle: () => void): boolean => {
      if (!open) return false;
      open = false;
      clearTimeout(timer);
      settle();
      return true;
    };
    const timer = setTimeout(
      () => close(() => reject(new PreviewError('too-slow', `no answer within ${limits.answerMs} ms`))),
      limits.answerMs,
    );
    const give = (answer: Answer): boolean => close(() => resolve(answer));
    const finish = (): void => {
      close(() =>
        otherwise === null
          ? reject(new PreviewError('no-answer', 'the form was left without an answer'))
          : resolve(otherwise),
      );
    };
    const fail = (cause: unknown): void => {
      const failed = new PreviewError('failed', 'the event could not be handled', { cause });
      if (!close(() => reject(failed))) onError(cause);
    };
    Promise.resolve()
      .then(() => work(give))
      .then(finish, fail);
  });
