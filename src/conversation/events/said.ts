import { cleanText } from '../../lib/clean.ts';
import { ask } from '../escalation/it-actions.ts';
import { failedLately, hubspotSaid, hubspotSaidElse } from '../escalation/outcome.ts';
import { answer } from '../escalation/rep-actions.ts';
import type { Locale } from '../state/conversation.ts';
import { findEscalation, isFinished, newestCheck, openQuestion, threadOf } from '../state/selectors.ts';
import { cause, change, show, type Turn, tellRep, tellThread } from '../turn.ts';
import { longestDraft, longestText, parseText } from '../view/forms.ts';
import { lookUp } from './discovered.ts';
import type { EventOf } from './event.ts';
import { forget } from './forget.ts';
import { type Intent, recognise } from './intent.ts';

type Said = EventOf<'said'>;

/** The welcome is posted anew, so that it stands below what the person has just typed. */
const start = (turn: Turn, { as }: Said, address: string | null): Turn => {
  const { welcome: _, ...messages } = turn.conversation.messages;
  const draft = address === null ? turn.conversation.draft : { ...turn.conversation.draft, address };
  const welcomed = show(lookUp(change(turn, { messages, draft })), 'welcome');
  return as === 'command' ? cause(welcomed, { type: 'open-form', form: 'address', about: '' }) : welcomed;
};

const chooseLanguage = (turn: Turn, locale: Locale): Turn => {
  const chosen = tellRep(change(turn, { locale, localeChosen: true }), 'language');
  const newest = newestCheck(chosen.conversation);
  return newest && isFinished(newest) ? show(chosen, `report:${newest.id}`) : chosen;
};

/**
 * What is said in one breath is answered once, in milliseconds; and while the answer is on its way there is no second. Whoever
 * asks for help when it stands there gets it below her question.
 */
const breath = { afterMs: 3000, onItsWayMs: 60_000 };

const help = (turn: Turn, isAsked: boolean): Turn => {
  const { notices, messages, updatedAt } = turn.conversation;
  const newest = notices.at(-1);
  if (newest?.kind !== 'help') return tellRep(turn, 'help');
  const isThere = messages[`notice:${newest.id}`] !== undefined;
  if (isThere && isAsked) return tellRep(turn, 'help');
  const ago = turn.stamp.at - updatedAt;
  return ago < (isThere ? breath.afterMs : breath.onItsWayMs) ? turn : tellRep(turn, 'help');
};

const follow = (turn: Turn, event: Said, intent: Intent): Turn => {
  switch (intent.type) {
    case 'start':
      return start(turn, event, null);
    case 'start-with':
      return start(turn, event, intent.address);
    case 'status':
      return tellRep(turn, 'status');
    case 'language':
      return chooseLanguage(turn, intent.locale);
    case 'forget':
      return forget(turn);
    case 'hubspot-error': {
      const checkId = newestCheck(turn.conversation)?.id;
      return tellRep(turn, `said-${intent.error}`, checkId === undefined ? {} : { checkId });
    }
    case 'help':
      return help(turn, true);
    // What others have handed over is in no conversation of hers: the bot answers that beside it.
    case 'queue':
    case 'unknown':
      return help(turn, false);
    default:
      return intent satisfies never;
  }
};

const isCommandWord = ({ type }: Intent): boolean =>
  type === 'help' || type === 'status' || type === 'queue' || type === 'language' || type === 'forget';

/** After it has failed in HubSpot, the name of an error, or words that are nothing else, say what HubSpot shows. Null: neither. */
const afterFailure = (turn: Turn, { text }: Said, intent: Intent): Turn | null => {
  const failed = failedLately(turn.conversation, turn.stamp.at);
  if (failed && intent.type === 'hubspot-error') return hubspotSaid(turn, failed, intent.error);
  if (!failed || intent.type !== 'unknown') return null;
  const parsed = parseText(text, { max: longestText, required: true });
  return parsed.ok ? hubspotSaidElse(turn, failed, parsed.value) : null;
};

/** While a question is open, plain words answer it, and so does an address; help, status, language and forget keep their meaning. */
export const said = (turn: Turn, event: Said): Turn => {
  const intent = recognise(event.text);
  const isMessage = event.as === 'message';
  const asked = isMessage ? openQuestion(turn.conversation) : null;
  const ofFailure = isMessage && !asked ? afterFailure(turn, event, intent) : null;
  if (ofFailure) return ofFailure;
  if (!asked || isCommandWord(intent)) return follow(turn, event, intent);
  const parsed = parseText(event.text, { max: longestText, required: true });
  if (parsed.ok) return answer(turn, asked, parsed.value);
  if (parsed.error.code === 'text-missing') return follow(turn, event, intent);
  const kept = change(turn, {
    draft: { ...turn.conversation.draft, reply: event.text.slice(0, longestDraft) },
  });
  return tellRep(kept, 'answer-too-long', { escalationId: asked.id });
};

/** Whoever mentions the bot in the thread speaks to every rep whom it concerns; what she says next is the answer. */
export const repliedInThread = (turn: Turn, event: EventOf<'replied-in-thread'>): Turn => {
  const escalation = findEscalation(turn.conversation, event.escalationId);
  if (!escalation || escalation.joinedTo) return turn;
  const { state } = threadOf(escalation);
  if (state === 'resolved' || state === 'withdrawn')
    return tellThread(turn, `said-after-${state}`, { escalationId: escalation.id, by: event.by.name });
  const text = cleanText(event.text).trim().slice(0, longestText);
  return text === '' ? turn : ask(turn, escalation, { text, by: event.by, to: null });
};
