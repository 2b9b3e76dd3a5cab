import { parseAddress } from '../../diagnosis/account/parse.ts';
import { repeatCheck } from '../check/checks.ts';
import { offerLogin } from '../check/login.ts';
import { pressedByIt, samePerson } from '../escalation/it-actions.ts';
import { hubspotSaid, itFailed, itWorked } from '../escalation/outcome.ts';
import { handOverObstacle, mayRep, reopenByRep, withdraw } from '../escalation/rep-actions.ts';
import {
  findCheck,
  findEscalation,
  hasUnmet,
  isFinished,
  lacksHubspotError,
  newestCheck,
} from '../state/selectors.ts';
import { cause, changeCheck, show, type Turn, tellRep } from '../turn.ts';
import { lookUp } from './discovered.ts';
import type { EventOf } from './event.ts';
import type { HubspotError } from './intent.ts';

type Pressed = EventOf<'pressed'>;

const checkAgain = (turn: Turn, { about }: Pressed): Turn => {
  const check = findCheck(turn.conversation, about);
  if (check) {
    const isNewest = newestCheck(turn.conversation)?.id === check.id;
    if (!isNewest && !newestIsRunning(turn)) return tellRep(turn, 'stale');
    return repeatCheck(turn, check.account, null);
  }
  const escalation = findEscalation(turn.conversation, about);
  const handedOver = escalation && findCheck(turn.conversation, escalation.checkId);
  return handedOver ? repeatCheck(turn, handedOver.account, null) : tellRep(turn, 'stale');
};

const newestIsRunning = (turn: Turn): boolean => newestCheck(turn.conversation)?.state === 'running';

const details = (turn: Turn, { about }: Pressed): Turn => {
  const check = findCheck(turn.conversation, about);
  if (!check || !isFinished(check)) return tellRep(turn, 'stale');
  return show(changeCheck(turn, check.id, { detailsShown: true }), `details:${check.id}`);
};

const escalate = (turn: Turn, { about }: Pressed): Turn => {
  const check = findCheck(turn.conversation, about);
  if (!check || !hasUnmet(check)) return tellRep(turn, 'stale');
  if (!turn.rules.itChannel) return tellRep(turn, 'no-it-channel');
  const obstacle = handOverObstacle(turn, check);
  return obstacle ? tellRep(turn, obstacle) : cause(turn, { type: 'open-form', form: 'escalate', about });
};

const edit = (turn: Turn, { about }: Pressed): Turn =>
  findCheck(turn.conversation, about)
    ? cause(lookUp(turn), { type: 'open-form', form: 'servers', about })
    : tellRep(turn, 'stale');

/** IMAP all the same, although HubSpot has its own connection. */
const continueImap = (turn: Turn): Turn => {
  const address = parseAddress(turn.conversation.draft.address);
  return cause(lookUp(turn), { type: 'open-form', form: address.ok ? 'servers' : 'address', about: '' });
};

type OfEscalation =
  | 'withdraw'
  | 'answer'
  | 'reopen'
  | 'it-worked'
  | 'it-failed'
  | 'said-other'
  | `said-${HubspotError}`;

const aboutEscalation = (turn: Turn, event: Pressed, action: OfEscalation): Turn => {
  const escalation = findEscalation(turn.conversation, event.about);
  if (!escalation) return tellRep(turn, 'stale');
  const answerForm = { type: 'open-form', form: 'answer', about: escalation.id } as const;
  switch (action) {
    case 'withdraw':
      return withdraw(turn, escalation);
    case 'reopen':
      return reopenByRep(turn, escalation);
    case 'answer':
      return mayRep(escalation.state, 'answer') ? cause(turn, answerForm) : tellRep(turn, 'stale');
    case 'it-worked':
      return itWorked(turn, escalation);
    case 'it-failed':
      return itFailed(turn, escalation);
    case 'said-other':
      return lacksHubspotError(escalation) ? cause(turn, answerForm) : tellRep(turn, 'stale');
    case 'said-imap-settings':
      return hubspotSaid(turn, escalation, 'imap-settings');
    case 'said-imap-login':
      return hubspotSaid(turn, escalation, 'imap-login');
    case 'said-smtp-settings':
      return hubspotSaid(turn, escalation, 'smtp-settings');
    case 'said-unauthorized':
      return hubspotSaid(turn, escalation, 'unauthorized');
    default:
      return action satisfies never;
  }
};

const pressedByRep = (turn: Turn, event: Pressed): Turn => {
  switch (event.action) {
    case 'start':
      return cause(lookUp(turn), { type: 'open-form', form: 'address', about: '' });
    case 'edit':
      return edit(turn, event);
    case 'check-again':
      return checkAgain(turn, event);
    case 'details':
      return details(turn, event);
    case 'escalate':
      return escalate(turn, event);
    case 'withdraw':
    case 'answer':
    case 'reopen':
    case 'it-worked':
    case 'it-failed':
    case 'said-imap-settings':
    case 'said-imap-login':
    case 'said-smtp-settings':
    case 'said-unauthorized':
    case 'said-other':
      return aboutEscalation(turn, event, event.action);
    case 'claim':
    case 'ask-rep':
    case 'resolve':
    case 'test-case':
      return tellRep(turn, 'not-allowed');
    case 'continue-imap':
      return continueImap(turn);
    case 'test-login':
      return offerLogin(turn, event.about);
    default:
      return event.action satisfies never;
  }
};

/** In the IT channel everyone is IT; anywhere else only the rep's own clicks count. */
export const pressed = (turn: Turn, event: Pressed): Turn => {
  if (event.inItChannel) return pressedByIt(turn, event);
  return samePerson(turn.conversation.person, event.by) ? pressedByRep(turn, event) : turn;
};
