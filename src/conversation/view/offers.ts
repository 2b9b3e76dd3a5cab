/** What the buttons of several messages have in common. */
import type { ButtonAction } from '../../chat/view.ts';
import { type LoginRules, offersLoginTest } from '../check/login-test.ts';
import type { Check, Escalation } from '../state/conversation.ts';
import { buttonsByState } from '../state/escalation-states.ts';
import { hasUnmet } from '../state/selectors.ts';

/** A button on a message; `about`: id of the check or case it belongs to. */
export type OfferedButton = { action: ButtonAction; about: string };

/** What buttons depend on besides the conversation. `itChannel`: there is one to hand a case over to. */
export type ButtonContext = LoginRules & { now: number; itChannel: boolean };

export const offer = (about: string, actions: readonly ButtonAction[]): OfferedButton[] =>
  actions.map((action) => ({ action, about }));

export const handOver = (check: Check, itChannel: boolean): OfferedButton[] =>
  itChannel && hasUnmet(check) ? offer(check.id, ['escalate']) : [];

/** While we try again by ourselves, she can call it off; afterwards there is nothing left to call off. */
export const lostEscalationButtons = (
  escalation: Escalation,
  check: Check,
  around: ButtonContext,
): OfferedButton[] => [
  ...handOver(check, around.itChannel),
  ...(escalation.retry ? offer(escalation.id, buttonsByState[escalation.state].rep) : []),
];

export const loginTest = (check: Check, around: ButtonContext): ButtonAction[] =>
  offersLoginTest(check, around) ? ['test-login'] : [];
