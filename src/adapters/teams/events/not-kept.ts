import { type Locale, localeOf } from '../../../language.ts';
import { createBoundedMap } from '../../../lib/bounded-map.ts';
import type { People } from '../api/people.ts';
import type { Posts } from '../api/posts.ts';
import { limits } from '../limits.ts';
import { card, text } from '../render/elements.ts';
import type { TeamsTexts } from '../texts.ts';
import type { InlineForms } from './inline-forms.ts';
import { type Activity, type Arrived, isPersonal, serviceOf, threadIn } from './parse.ts';
import { formReply, lineReply, type Reply } from './reply.ts';

type Parts = {
  people: People;
  posts: Posts;
  inline: InlineForms;
  /** Null: none is known. */
  itChannel: () => string | null;
  texts: (locale: Locale) => TeamsTexts;
  locales: { default: Locale; it: Locale };
  onError: (error: unknown) => void;
};

/**
 * What a person hears when nothing of hers could be kept. Rests on nothing that may have failed: no store is asked. Null:
 * the request itself must say it, with an error, so that Teams may deliver it again.
 */
export const createNotKept = (parts: Parts) => {
  const { people, posts, inline, locales, onError } = parts;
  const told = createBoundedMap<string, true>(limits.told);

  const lineFor = (activity: Activity, arrived: Arrived): string => {
    const form = arrived.type === 'submitted' ? arrived.shape?.locale : null;
    const known = people.recall(activity.from.id);
    const own = [form, known?.spoken, activity.locale, known?.locale].flatMap(
      (tag) => localeOf(tag ?? null) ?? [],
    );
    const inIt = !isPersonal(activity) && threadIn(activity).channel === parts.itChannel();
    return parts.texts(inIt ? locales.it : (own[0] ?? locales.default)).failed;
  };

  /** Once for each message, however often Teams delivers it. */
  const tell = (activity: Activity, shown: () => void): null => {
    const key = `${activity.conversation.id}/${activity.id ?? ''}`;
    if (told.has(key)) return null;
    told.set(key, true);
    shown();
    return null;
  };

  return (activity: Activity, arrived: Arrived): Reply | null => {
    const line = lineFor(activity, arrived);
    const say = (): void => {
      posts.reply(serviceOf(activity), activity.conversation.id, card(line, text(line), [])).catch(onError);
    };
    switch (arrived.type) {
      case 'said':
        return tell(activity, say);
      case 'pressed':
        return arrived.via === 'chat' ? tell(activity, say) : lineReply(arrived.via, line);
      case 'submitted': {
        const { via, shape: form, values } = arrived;
        // The error belongs to no field, so it stands above them.
        const errors = { '': line };
        if (via === 'chat')
          return tell(activity, () =>
            inline.answer({ activity, form, typed: values, line }, { type: 'errors', errors }),
          );
        return form ? formReply(via, form, { values, errors }) : lineReply(via, line);
      }
      case 'extended':
        return lineReply('dialog', line);
      case 'installed':
      case 'removed':
      case 'channel-ended':
      case 'channel-back':
      case 'nothing':
        return null;
      default:
        return arrived satisfies never;
    }
  };
};
