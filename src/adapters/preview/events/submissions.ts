import { cleanedAnswer } from '../../../chat/cleaned.ts';
import type { FormAnswer } from '../../../chat/view.ts';
import { exactlyOnce } from '../../../lib/answered-once.ts';
import { PreviewError } from '../errors.ts';
import { type Body, type Context, from } from './context.ts';
import { exchange } from './exchange.ts';

/** A form that was sent. */
export const takeSubmission = (
  { receive, onError }: Context,
  { form, context, pane, values }: Body<'form'>,
  language: string | null,
): Promise<FormAnswer> =>
  exchange<FormAnswer>({
    work: (give) => {
      const { call: respond } = exactlyOnce(
        (answer: FormAnswer): null => {
          give(cleanedAnswer(answer));
          return null;
        },
        () => new PreviewError('failed', 'a form must be answered exactly once'),
      );
      return receive({
        ...from(pane, language),
        type: 'form',
        form,
        context,
        values,
        inItChannel: pane === 'it',
        respond,
      });
    },
    otherwise: null,
    onError,
  });
