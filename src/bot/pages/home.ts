import type { Incoming, Person } from '../../chat/port.ts';
import type { Message } from '../../chat/view.ts';
import type { Conversation } from '../../conversation/state/conversation.ts';
import type { Locale } from '../../language.ts';
import { createBoundedMap } from '../../lib/bounded-map.ts';
import { codeOf } from '../../lib/error-code.ts';
import { createLatestOnly } from '../../lib/latest-only.ts';
import { type Store, UnreadableConversation } from '../../store/ports.ts';
import type { Wording } from '../../wording/wording.ts';
import type { Adapters } from '../adapters.ts';
import type { Clock, Log } from '../ports.ts';
import type { ReadQueue } from './read-queue.ts';

/** Milliseconds. */
const times = {
  /** How long a page that was opened is taken for one that somebody looks at. */
  open: 60 * 60_000,
  /** Between two versions of one page: after what she has done herself, and after what others have. */
  own: 5000,
  others: 30_000,
};
const mostOpen = 200;

type Opened = Extract<Incoming, { type: 'home' }>;
type Page = { opened: Opened; until: number; isOfIt: boolean; shown: string };

export type HomeParts = {
  store: Store;
  adapters: Adapters;
  wording: Wording;
  readQueue: ReadQueue;
  /** In which language somebody is spoken to. */
  localeOf(incoming: Incoming): Promise<Locale>;
  clock: Clock;
  log: Log;
};

const keyOf = ({ platform, id }: Person): string => `${platform}:${id}`;

/** What stands on a page now; said again only where it has changed. */
const createDraw = ({ store, adapters, wording, readQueue, localeOf }: HomeParts) => {
  const conversationOf = async (person: Person): Promise<Conversation | null> => {
    try {
      return (await store.latestOf(person))?.conversation ?? null;
    } catch (error) {
      if (error instanceof UnreadableConversation) return null;
      throw error;
    }
  };

  const messageFor = async ({ opened, isOfIt }: Page): Promise<Message> => {
    const { person } = opened;
    const conversation = await conversationOf(person);
    const queue = isOfIt ? await readQueue(person.platform, null) : null;
    const command = adapters.byPlatform(person.platform)?.capabilities.command;
    return wording.home(conversation, { locale: await localeOf(opened), command, queue });
  };

  return async (page: Page): Promise<void> => {
    const message = await messageFor(page);
    const text = JSON.stringify(message);
    if (text === page.shown) return;
    await page.opened.show(message);
    page.shown = text;
  };
};

/**
 * Pages of the people who have opened theirs: drawn when they are opened, and again after what changes them, never more often
 * than that is worth. Another process knows nothing of a page; it is right again when it is next opened.
 */
export const createHomes = (parts: HomeParts) => {
  const { adapters, clock, log } = parts;
  const draw = createDraw(parts);
  const pages = createBoundedMap<string, Page>(mostOpen);
  const byHerself = createLatestOnly({ gapMs: times.own });
  const byOthers = createLatestOnly({ gapMs: times.others, firstMs: times.own });

  /** Somebody may have left IT since her page was drawn. */
  const isOfIt = async (person: Person): Promise<boolean> =>
    (await adapters
      .byPlatform(person.platform)
      ?.isOfIt?.(person)
      .catch(() => false)) ?? false;

  const redraw = async (key: string): Promise<void> => {
    const page = pages.get(key);
    if (!page || page.until < clock.now()) return;
    if (page.isOfIt) page.isOfIt = await isOfIt(page.opened.person);
    await draw(page);
  };

  const inBackground = (work: Promise<void>): void => {
    work.catch((error: unknown) => log.warn({ code: codeOf(error) }, 'a page could not be drawn again'));
  };

  return {
    /** Drawn beside the request: a platform that has to wait for it delivers the same again. */
    open: (opened: Opened): void => {
      const key = keyOf(opened.person);
      // What the platform shows at this moment is not known: it may have been reset.
      const page: Page = { opened, until: clock.now() + times.open, isOfIt: false, shown: '' };
      pages.set(key, page);
      const firstDraw = async (): Promise<void> => {
        page.isOfIt = await isOfIt(opened.person);
        await draw(page);
      };
      inBackground(byHerself.run(key, firstDraw));
    },
    /** A conversation has been saved. */
    changed: ({ person, escalations }: Conversation): void => {
      const key = keyOf(person);
      if (pages.get(key)) inBackground(byHerself.run(key, () => redraw(key)));
      if (escalations.length === 0) return;
      for (const [other, page] of pages.entries())
        if (page.isOfIt && other !== key) inBackground(byOthers.run(other, () => redraw(other)));
    },
    stop: async (): Promise<void> => {
      const keys = [...pages.entries()].map(([key]) => key);
      await Promise.all(keys.flatMap((key) => [byHerself.end(key), byOthers.end(key)]));
    },
  };
};
