import { createHash } from 'node:crypto';
import type { OpenForm } from '../../chat/port.ts';
import type { FormAnswer } from '../../chat/view.ts';
import type { Context } from './context.ts';
import { readMetadata } from './form.ts';
import { times } from './limits.ts';
import { ackOf, bodies, complaint, nameOf, type ViewBody, valuesOf } from './parse.ts';

type Answer = ReturnType<typeof ackOf> | ReturnType<typeof complaint>;
type Ack = (answer?: Answer) => Promise<void>;

/** Slack gives each submission a trigger of its own; without one, the same values sent later are another submission. */
const keyOf = (body: ViewBody, sentAt: string): string => {
  const moment = body.trigger_id === undefined ? sentAt : '';
  return `slack:view/${createHash('sha256')
    .update(JSON.stringify([body, moment]))
    .digest('hex')}`;
};

/** One answer for each submission: the first that is given, or ours when the time is up. */
const answering = (ack: Ack, late: () => Answer) => {
  const { promise: arrived, resolve, reject } = Promise.withResolvers<void>();
  let given: Answer | null = null;
  const give = (answer: Answer): boolean => {
    if (given) return false;
    given = answer;
    clearTimeout(timer);
    ack(answer).then(resolve, reject);
    return true;
  };
  const timer = setTimeout(() => give(late()), times.answer);
  return { give, arrived, given: () => given };
};

/** Resolves to what the request was answered with. */
const answerSubmission = async (context: Context, body: ViewBody, ack: Ack): Promise<Answer | null> => {
  const { view, user } = body;
  const { context: about, it: openedInIt, locale } = readMetadata(view.private_metadata);
  const words = context.speech.in(locale ?? context.people.localeOf(user.id));
  context.views.submitted(view.id);
  const answer = answering(ack, () => complaint(body, words['form-not-taken']));

  let responded = false;
  const respond = (given: FormAnswer): OpenForm | null => {
    if (responded) throw new Error('a form must be answered exactly once');
    responded = true;
    const isInTime = answer.give(ackOf(body, given, openedInIt));
    return isInTime && given.type === 'form'
      ? context.views.goesOn(view.id, openedInIt, answer.arrived)
      : null;
  };
  try {
    const { people, itChannel } = context;
    const handle = nameOf(user);
    // Somebody may have left the channel since the form was opened; where Slack does not say, that she could open it counts.
    const [from, mayStill] = openedInIt
      ? await Promise.all([people.named(user.id, handle), itChannel.hasMember(user.id).catch(() => true)])
      : [people.from(user.id, handle), false];
    if (openedInIt && !mayStill) {
      answer.give(complaint(body, words['members-only']));
      return answer.given();
    }
    await context.receive({
      ...from,
      type: 'form',
      form: view.callback_id,
      context: about,
      values: valuesOf(body),
      inItChannel: openedInIt,
      respond,
    });
    if (!responded) throw new Error('the form was left without an answer');
  } catch (error) {
    context.onError(error);
    answer.give(complaint(body, words['form-not-taken']));
  }
  await answer.arrived;
  return answer.given();
};

/** A submitted modal. Its result is the answer to the request itself, within Slack's three seconds; a copy gets the same. */
export const takeSubmission = async (
  context: Context,
  sent: { body: unknown; sentAt: string },
  ack: Ack,
): Promise<void> => {
  const body = bodies.view.parse(sent.body);
  const arrival = await context.once(keyOf(body, sent.sentAt), () => answerSubmission(context, body, ack));
  if (arrival.type === 'done') await ack();
  else if (arrival.type === 'copy') await ack(arrival.result ?? undefined);
};
