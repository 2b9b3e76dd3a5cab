import { Router } from 'express';
import { cleanedMessage } from '../../chat/cleaned.ts';
import type { AdapterMemory, ChatAdapter, MessageRef, Place, Receive } from '../../chat/port.ts';
import { DeliveryError } from '../../chat/port.ts';
import type { OnRefused } from '../../chat/refusals.ts';
import type { Message } from '../../chat/view.ts';
import { type Locale, localeOf } from '../../language.ts';
import { createBoard } from './api/board.ts';
import { people, platform } from './api/people.ts';
import type { Post } from './api/stored.ts';
import { createStreams } from './api/streams.ts';
import { createDispatch } from './events/dispatch.ts';
import { createLanguage } from './events/language.ts';
import { addRoutes } from './events/routes.ts';
import type { PageTexts } from './render/page-texts.ts';

export type { PageTexts } from './render/page-texts.ts';

export type PreviewOptions = {
  memory: AdapterMemory;
  /** Must come back before the platform's time limit; what takes longer is done elsewhere. */
  receive: Receive;
  pageTexts: (locale: Locale) => PageTexts;
  /** For browsers that speak none of our languages. */
  defaultLocale: Locale;
  onRefused: OnRefused;
  /** Hears of failures that the page is told of only by a code. */
  onError: (error: unknown) => void;
  /** Milliseconds since the epoch. */
  now?: () => number;
};

/** A chat platform in a page of our own: the rep's chat and the IT channel side by side, for one person at one machine. */
export const createPreviewAdapter = (options: PreviewOptions): ChatAdapter & { router: Router } => {
  const { memory, receive, pageTexts, defaultLocale, onRefused, onError, now = Date.now } = options;
  const streams = createStreams();
  const board = createBoard(memory, (post) => streams.toAll('post', post));
  const language = createLanguage(memory, defaultLocale);
  const dispatch = createDispatch({
    board,
    receive,
    spokenTo: async ({ answered, asked }) => {
      const locale = localeOf(answered);
      if (!locale || locale === (localeOf(asked) ?? defaultLocale)) return;
      await language.choose(locale);
      streams.toAll('page', { locale, texts: pageTexts(locale) });
    },
    onError,
    now,
  });

  const kept = async (ref: MessageRef): Promise<Post> => {
    const found = ref.platform === platform ? await board.get(ref.id) : undefined;
    if (!found) throw new DeliveryError('rejected', `the preview keeps no message ${ref.id}`);
    return found;
  };

  const placeOf = async (place: Place): Promise<Pick<Post, 'pane' | 'root'>> => {
    switch (place.type) {
      case 'it-channel':
        return { pane: 'it', root: null };
      case 'person':
        if (place.person.platform !== platform || place.person.id !== people.rep.id)
          throw new DeliveryError('person-gone', `the preview has no chat with ${place.person.id}`);
        return { pane: 'rep', root: null };
      case 'thread': {
        const root = await kept(place.root);
        return { pane: root.pane, root: root.root ?? root.id };
      }
      default:
        return place satisfies never;
    }
  };

  const router = Router();
  addRoutes(router, { board, dispatch, language, pageTexts, streams, onRefused, onError });

  return {
    platform,
    capabilities: { itChannel: true, formUpdates: false, command: '/connect-email' },
    isOfIt: async ({ platform: of, id }) => of === platform && id === people.it.id,
    router,
    post: async (place: Place, message: Message) => {
      const where = await placeOf(place);
      const added = await board.add({
        ...where,
        author: 'bot',
        at: now(),
        content: { type: 'message', message: cleanedMessage(message) },
      });
      return { platform, id: added.id };
    },
    update: async (ref, message) => {
      const post = await kept(ref);
      await board.replace({ ...post, content: { type: 'message', message: cleanedMessage(message) } });
    },
  };
};
