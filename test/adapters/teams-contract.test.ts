import { expect } from 'vitest';
import type { Incoming, MessageRef } from '../../src/chat/port.ts';
import { describeAdapter, type Rig, type Seen, type SeenAnswer } from './contract.ts';
import { addressForm, serversForm } from './script.ts';
import { openTeams } from './teams-rig.ts';
import { actionsOf, inputsOf, textsOf } from './teams-simulator/cards.ts';
import { type Answer, itChannelId, type Posted } from './teams-simulator/index.ts';

const seen = ({ card }: Posted): Seen => ({
  text: textsOf(card).join('\n'),
  buttons: actionsOf(card).map(({ data }) => ({ action: String(data.action), value: String(data.value) })),
});

const formIn = (card: unknown): SeenAnswer => ({
  type: 'form',
  form: String(actionsOf(card)[0]?.data.form),
  fields: inputsOf(card).map(({ id }) => id),
});

const errorsIn = (card: unknown): Record<string, string> =>
  Object.fromEntries(inputsOf(card).flatMap(({ id, error }) => (error === null ? [] : [[id, error]])));

const answerOf = (answer: Answer, ifNothing: SeenAnswer): SeenAnswer => {
  if (answer.type === 'nothing') return ifNothing;
  if (answer.type === 'line') return { type: 'nothing' };
  const errors = errorsIn(answer.card);
  return Object.keys(errors).length > 0 ? { type: 'errors', errors } : formIn(answer.card);
};

describeAdapter('teams', async (): Promise<Rig> => {
  const rig = await openTeams();
  const { teams } = rig;
  const anna = teams.person({ id: '29:anna', name: 'Anna Beck', locale: 'de-DE' });
  const jonas = teams.person({ id: '29:jonas', name: 'Jonas Kern', locale: 'de-DE' });
  await anna.installs();
  await jonas.installsInTeam();
  rig.received.length = 0;
  const listen = (handler: (incoming: Incoming) => unknown): void => {
    rig.script = { command: handler, message: handler, button: handler, form: handler, home: handler };
  };
  let handler: (incoming: Incoming) => unknown = () => {};
  const posted = ({ id }: MessageRef): Posted => {
    const found = teams.connector.posts.find((one) => `${one.conversation}|${one.id}` === id);
    if (!found) throw new Error(`Teams has no message ${id}`);
    return found;
  };
  return {
    get adapter() {
      return rig.adapter;
    },
    rep: { platform: 'teams', id: anna.member.id, name: anna.member.name },
    stranger: { platform: 'teams', id: '29:nobody', name: 'Nobody' },
    handle: (next) => {
      handler = next;
      listen(next);
    },
    seenByRep: async () => anna.chat().map(seen),
    seenByIt: async () => teams.rootsOf().map(seen),
    seenInThread: async (root) => teams.threadOf(posted(root)).map(seen),
    command: async (text) => {
      const before = anna.chat().length;
      let opens = false;
      listen((incoming) => {
        if (incoming.type !== 'command') return handler(incoming);
        return handler({
          ...incoming,
          openForm: (form) => {
            opens = true;
            return incoming.openForm(form);
          },
        });
      });
      await anna.says(`/connect-email ${text}`);
      if (!opens) return { type: 'nothing' };
      // A message cannot open a dialog: the form comes as a card of its own.
      await expect.poll(() => anna.chat().length, { timeout: 5000 }).toBe(before + 1);
      return formIn(anna.chat().at(-1)?.card);
    },
    say: async (text) => {
      await anna.says(text);
    },
    press: async (ref, action) => {
      const post = posted(ref);
      const who = post.conversation.startsWith(itChannelId) ? jonas : anna;
      return answerOf(await who.press(post, action), { type: 'nothing' });
    },
    submit: async (name, context, values) => {
      // Only a form that stands open can be sent.
      const form = { ...(name === 'servers' ? serversForm : addressForm), context };
      listen((incoming) => ('openForm' in incoming ? incoming.openForm(form) : undefined));
      const opener = {
        type: 'Action.Submit',
        title: 'x',
        data: { action: 'edit', msteams: { type: 'task/fetch' } },
      };
      const ref = { id: 'x', conversation: anna.member.chat } as Posted;
      const opened = await anna.press(ref, 'edit', { actions: [opener] });
      if (opened.type !== 'dialog') throw new Error('the form did not open');
      rig.received.length = 0;
      listen(handler);
      return answerOf(await anna.submit(opened.card, name, values), { type: 'close' });
    },
    itMember: { platform: 'teams', id: jonas.member.id, name: jonas.member.name },
    page: null,
    checkThis: async (message) =>
      answerOf(await anna.extends(`<div><p>${message.replaceAll(',', ',&nbsp;')}</p></div>`), {
        type: 'nothing',
      }),
    restart: rig.restart,
    close: async () => {
      await rig.close();
      expect(teams.faults).toEqual([]);
    },
  };
});
