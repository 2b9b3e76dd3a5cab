import type { Receive } from '../chat/port.ts';
import type { Locale } from '../language.ts';
import type { TestCases } from './it-channel/test-cases.ts';
import type { Pages } from './pages/index.ts';
import type { ForConversation } from './ports.ts';
import { awaitProfile } from './turn/await-profile.ts';
import type { Dispatch, Done } from './turn/dispatch.ts';
import type { Respond } from './turn/respond.ts';
import type { ToEvent } from './turn/to-event.ts';

export type ReceiveParts = {
  pages: Pick<Pages, 'take'>;
  toEvent: ToEvent;
  dispatch: Dispatch;
  respond: Respond;
  /** Sends the links to the login page that a turn asks for. */
  offerLogin(done: Done): void;
  testCases: TestCases;
  /** In which IT reads. */
  itLocale: Locale;
  /** There may be jobs to run. */
  nudge(): void;
  /** How long the first words to somebody new wait for her language, in milliseconds. */
  profileMs: number;
};

/** One at a time for each key. */
const createSerializer = () => {
  const lines = new Map<string, Promise<unknown>>();
  return <T>(key: string, task: () => Promise<T>): Promise<T> => {
    const turn = (lines.get(key) ?? Promise.resolve()).then(task, task);
    const settled = turn.then(
      () => undefined,
      () => undefined,
    );
    lines.set(key, settled);
    settled.then(() => lines.get(key) === settled && lines.delete(key));
    return turn;
  };
};

/** One turn for whatever comes in: what it means, the step with its commit, the answer. */
export const createReceive = (parts: ReceiveParts): Receive => {
  const { pages, toEvent, dispatch, respond, offerLogin, nudge, profileMs } = parts;
  /** So that the first two words of somebody new do not begin two conversations. */
  const serialize = createSerializer();

  const take = async (incoming: ForConversation): Promise<Done | null> => {
    const located = await toEvent(incoming);
    return located && dispatch(located.find, located.event);
  };

  return async (arrived) => {
    if (parts.testCases.isForTestCase(arrived)) {
      parts.testCases.take(arrived);
      return { locale: parts.itLocale };
    }
    const { platform, id } = arrived.person;
    const { incoming, done, received } = await serialize(`${platform}:${id}`, async () => {
      const taken = await pages.take(await awaitProfile(arrived, profileMs));
      if ('received' in taken) return { incoming: null, done: null, received: taken.received };
      const { forConversation } = taken;
      return { incoming: forConversation, done: await take(forConversation), received: null };
    });
    if (!incoming) return received;
    if (done) offerLogin(done);
    if (incoming.type !== 'form') {
      if (done) await respond.click(done, incoming);
    } else if (done) await respond.form(done, incoming);
    else incoming.respond({ type: 'close' });
    nudge();
    return done && { locale: done.conversation.locale };
  };
};
