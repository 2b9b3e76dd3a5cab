import { causesOf } from '../conversation/check/causes.ts';
import type { Conversation, Escalation } from '../conversation/state/conversation.ts';
import { checksOfEscalation, isActive, isThreadActive, threadOf } from '../conversation/state/selectors.ts';
import type { Store } from '../store/ports.ts';

/** A case, as far as an operator needs it to find it and to know who has it. Times in milliseconds since the epoch. */
export type ListedEscalation = {
  id: string;
  state: string;
  /** Whether it stands in the IT channel: `pending`, `arrived` or `failed`. */
  delivery: string;
  openedAt: number;
  /** `platform:id`. */
  person: string;
  name: string;
  causes: { host: string | null; requirement: string; reason: string | null }[];
  /** Name of the member of IT; null: nobody. */
  claimedBy: string | null;
  /** The case in whose thread it stands; null: its own. */
  joined: string | null;
};

const listed = (conversation: Conversation, escalation: Escalation): ListedEscalation => {
  const { first } = checksOfEscalation(conversation, escalation);
  const { person } = conversation;
  const causes = first ? causesOf(first) : [];
  return {
    id: escalation.id,
    state: escalation.state,
    delivery: escalation.delivery,
    openedAt: escalation.openedAt,
    person: `${person.platform}:${person.id}`,
    name: person.name,
    causes: causes.map(({ requirement, reason, endpoint }) => ({
      host: endpoint?.host ?? null,
      requirement,
      reason,
    })),
    claimedBy: (escalation.claimedBy ?? threadOf(escalation).claimedBy)?.name ?? null,
    joined: escalation.joinedTo?.escalationId ?? null,
  };
};

/** The oldest first. `unreadable`: conversations of a newer version, of which nothing can be said. */
export const listCases = async (
  store: Store,
  { isOpen }: { isOpen: boolean },
): Promise<{ cases: ListedEscalation[]; unreadable: number }> => {
  const cases: ListedEscalation[] = [];
  let unreadable = 0;
  for await (const conversation of store.conversations({ isOpen })) {
    if (!conversation) {
      unreadable += 1;
      continue;
    }
    for (const one of conversation.escalations)
      if (!isOpen || isActive(one) || isThreadActive(one)) cases.push(listed(conversation, one));
  }
  return { cases: cases.sort((a, b) => a.openedAt - b.openedAt), unreadable };
};
