import type { Context } from '../context.ts';
import { bodies } from '../parse.ts';

/** She has opened the bot's page. Of its other tab, the direct messages, we hear by what is written there. */
export const takeHome = async (context: Context, body: unknown): Promise<void> => {
  const { data, error } = bodies.home.safeParse(body);
  if (error) context.onError(error);
  if (data?.event.tab !== 'home') return;
  const { user } = data.event;
  await context.backpressure();
  if (!(await context.admission.isOurs(body))) return;
  await context.once(`slack:event/${data.event_id}`, async () => {
    const from = context.people.from(user, '');
    await context.receive({ ...from, type: 'home', show: (message) => context.views.publish(user, message) });
  });
};
