/** Who may do what with a case that IT has been given. One table; pure. */
export const escalationStates = ['open', 'claimed', 'waiting-for-rep', 'resolved', 'withdrawn'] as const;
export type EscalationState = (typeof escalationStates)[number];

export const itActions = ['claim', 'check-again', 'ask-rep', 'resolve', 'reopen'] as const;
export type ItAction = (typeof itActions)[number];
const repActions = ['withdraw', 'answer', 'reopen'] as const;
export type RepAction = (typeof repActions)[number];

const day = 24 * 60 * 60 * 1000;
/** How long after `resolved` the rep may open the case again, in milliseconds. */
export const reopenPeriodMs = 14 * day;

export const buttonsByState = {
  open: { it: ['claim', 'check-again', 'ask-rep', 'resolve'], rep: ['withdraw'] },
  claimed: { it: ['check-again', 'ask-rep', 'resolve'], rep: ['withdraw'] },
  'waiting-for-rep': { it: ['check-again', 'resolve'], rep: ['answer', 'withdraw'] },
  resolved: { it: ['reopen'], rep: ['reopen'] },
  withdrawn: { it: [], rep: [] },
} as const satisfies Record<EscalationState, { it: readonly ItAction[]; rep: readonly RepAction[] }>;
