import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenForm } from '../../../chat/port.ts';
import type { Form, Message } from '../../../chat/view.ts';
import { createBoundedMap } from '../../../lib/bounded-map.ts';
import { slackErrorOf } from '../errors.ts';
import { renderForm } from '../render/form.ts';
import { renderHome } from '../render/render.ts';
import type { Speech } from '../texts.ts';
import type { Web } from './sdk.ts';

/** The person has closed the form, or has gone on to another: what was to be shown there is of no use. */
const movedOn = new Set(['hash_conflict', 'not_found', 'view_not_found']);

/** Time in milliseconds that Slack's client takes to put an answered form into its place. */
const settleMs = 250;
/** Views that are remembered as answered; each lives minutes at most. */
const mostViews = 5000;

/** The modals that stand open. */
export const createViews = (web: Web, speech: Speech) => {
  /** How often each view was submitted: what was meant for an earlier content must not replace a later one. */
  const submissions = createBoundedMap<string, number>(mostViews);
  const turnOf = (id: string): number => submissions.get(id) ?? 0;

  const openForm = (
    id: string,
    options: { hash: string | undefined; inIt: boolean; ready: Promise<unknown> },
  ): OpenForm => {
    const turn = turnOf(id);
    let { hash } = options;
    let line: Promise<void> = options.ready.then(() => {});
    const replace = async (form: Form): Promise<void> => {
      if (turnOf(id) !== turn) return;
      try {
        const { view } = await web.now.views.update({
          view_id: id,
          view: renderForm(form, options.inIt),
          ...(hash === undefined ? {} : { hash }),
        });
        hash = hash === undefined ? undefined : view?.hash;
      } catch (error) {
        if (!movedOn.has(slackErrorOf(error) ?? '')) throw error;
      }
    };
    return {
      update: (form) => {
        const done = line.then(() => replace(form));
        line = done.catch(() => {});
        return done;
      },
    };
  };

  return {
    /** Rejects when Slack does not open it, above all more than three seconds after the click. */
    open: async (triggerId: string, form: Form, inIt: boolean): Promise<OpenForm | null> => {
      const { view } = await web.now.views.open({ trigger_id: triggerId, view: renderForm(form, inIt) });
      return view?.id ? openForm(view.id, { hash: view.hash, inIt, ready: Promise.resolve() }) : null;
    },
    /** Somebody's page of the bot, in the place of what stood there. @throws DeliveryError */
    publish: async (user: string, message: Message): Promise<void> => {
      const view = renderHome(message, speech.in(message.locale).cut);
      await web.deliver({ method: 'views.publish', channel: user }, (slack) =>
        slack.views.publish({ user_id: user, view }),
      );
    },
    submitted: (id: string): void => {
      submissions.set(id, turnOf(id) + 1);
    },
    /** The view goes on with another form; it cannot be changed again before the answer has `arrived`. */
    goesOn: (id: string, inIt: boolean, arrived: Promise<unknown>): OpenForm =>
      openForm(id, { hash: undefined, inIt, ready: arrived.then(() => sleep(settleMs)) }),
  };
};
export type Views = ReturnType<typeof createViews>;
