import { createHash } from 'node:crypto';
import type { OpenForm } from '../../../chat/port.ts';
import type { FormAnswer } from '../../../chat/view.ts';
import { createAnsweredOnce, exactlyOnce } from '../../../lib/answered-once.ts';
import { times } from '../limits.ts';
import { readMetadata } from '../render/form.ts';
import type { Context } from './context.ts';
import { ackOf, bodies, complaint, nameOf, type ViewBody, valuesOf } from './parse.ts';

/** Undefined: the form closes. */
type Answer = ReturnType<typeof ackOf> | ReturnType<typeof complaint> | undefined;
type Ack = (answer?: Answer) => Promise<void>;

/** Slack gives each submission a trigger of its own; without one, the same values sent later are another submission. */
const keyOf = (body: ViewBody, sentAt: string): string => {
  const moment = body.trigger_id === undefined ? sentAt : '';
  return `slack:view/${createHash('sha256')
    .update(JSON.stringify([body, moment]))
    .digest('hex')}`;
};

/** The first answer that is given, or ours when the time is up, goes to Slack; `arrived`: it has. */
const answering = (ack: Ack, late: () => Answer) => {
  const { give, answer } = createAnsweredOnce<Answer>({ ms: times.answer, late });
  const arrived = answer.then(ack);
  // Whoever waits for it hears of a failure; where nobody does, the time was up.
  arrived.catch(() => {});
  return { give, answer, arrived };
};

type Answering = ReturnType<typeof answering>;
type Submitted = { body: ViewBody; key: string; answer: Answering };

/** Why somebody may not send a form of IT's; null: she may. Where Slack does not say, that she could open it counts. */
const refusalOf = async ({ admission, onError }: Context, user: string) => {
  try {
    return await admission.refusalForIt(user);
  } catch (error) {
    onError(error);
    return null;
  }
};

/** Resolves to what the request was answered with. */
const answerSubmission = async (context: Context, { body, key, answer }: Submitted): Promise<Answer> => {
  const { view, user } = body;
  const { context: about, it: openedInIt, locale } = readMetadata(view.private_metadata);
  const words = context.speech.in(locale ?? context.people.localeOf(user.id));
  context.views.submitted(view.id);

  const respond = exactlyOnce(
    (given: FormAnswer): OpenForm | null => {
      const isInTime = answer.give(ackOf(body, given, openedInIt));
      return isInTime && given.type === 'form'
        ? context.views.goesOn(view.id, openedInIt, answer.arrived)
        : null;
    },
    () => new Error('a form must be answered exactly once'),
  );
  const { people } = context;
  const handle = nameOf(user);
  // Somebody may have left the channel since the form was opened.
  const [from, refusal] = openedInIt
    ? await Promise.all([people.named(user.id, handle), refusalOf(context, user.id)])
    : [people.from(user.id, handle), null];
  if (refusal !== null) {
    answer.give(complaint(body, words[refusal]));
    return answer.answer;
  }
  await context.receive({
    ...from,
    eventKey: key,
    type: 'form',
    form: view.callback_id,
    context: about,
    values: valuesOf(body),
    inItChannel: openedInIt,
    respond: respond.call,
  });
  if (!respond.given()) throw new Error('the form was left without an answer');
  await answer.arrived;
  return answer.answer;
};

/**
 * A submitted modal. Its result is the answer to the request itself, within Slack's three seconds, whatever becomes of it
 * meanwhile: then she keeps what she typed and may send it again. A copy gets the same.
 */
export const takeSubmission = async (
  context: Context,
  sent: { body: unknown; sentAt: string },
  ack: Ack,
): Promise<void> => {
  const body = bodies.view.parse(sent.body);
  const { locale } = readMetadata(body.view.private_metadata);
  const words = context.speech.in(locale ?? context.people.localeOf(body.user.id));
  // From here the time runs: the store is asked below, and may not answer at all.
  const answer = answering(ack, () => complaint(body, words['form-not-taken']));
  try {
    if (!(await context.admission.isOurs(sent.body))) {
      answer.give(complaint(body, words['foreign-team']));
      return;
    }
    const key = keyOf(body, sent.sentAt);
    const arrival = await context.once(key, () => answerSubmission(context, { body, key, answer }));
    if (arrival.type === 'done') answer.give(undefined);
    else if (arrival.type === 'copy') answer.give(arrival.result);
  } catch (error) {
    context.onError(error);
    answer.give(complaint(body, words['form-not-taken']));
  }
  await answer.arrived;
};
