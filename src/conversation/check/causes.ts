/** Why a case was handed over, and which of it can be looked at again. Pure. */
import { type Finding, unmet } from '../../diagnosis/finding.ts';
import { requirementsById } from '../../diagnosis/requirements/index.ts';
import type { Conversation, Escalation } from '../state/conversation.ts';
import { checksOfEscalation, type FinishedCheck } from '../state/selectors.ts';

/** What stands in the way; where nothing does, whatever else is unmet. */
export const causesOf = ({ assessment }: FinishedCheck): Finding[] => {
  const all = assessment.findings.filter(unmet);
  const blockers = all.filter(({ severity }) => severity === 'blocker');
  return blockers.length > 0 ? blockers : all;
};

/** As long as nobody logs in, such a reason is not seen, and nothing is to be read into that. */
const isOfLogin = ({ requirement, reason }: Finding): boolean => {
  const { reasonsOfLogin }: { reasonsOfLogin?: readonly string[] } = requirementsById[requirement];
  return reason !== null && (reasonsOfLogin?.includes(reason) ?? false);
};

const showsFromOutside = (finding: Finding): boolean =>
  requirementsById[finding.requirement].shownBy === 'outside' && !isOfLogin(finding);

/** Only a login, or what the rep states about it, shows these; nobody logs in unasked. */
const needsLogin = (finding: Finding): boolean =>
  ['login', 'rehearsal'].includes(requirementsById[finding.requirement].shownBy) || isOfLogin(finding);

/** Causes that show again without a login, each on its endpoint. */
export const watchable = (
  check: FinishedCheck,
): (Finding & { endpoint: NonNullable<Finding['endpoint']> })[] =>
  causesOf(check).flatMap((finding) =>
    finding.endpoint && showsFromOutside(finding) ? [{ ...finding, endpoint: finding.endpoint }] : [],
  );

/** Causes of a case that nobody will see by looking: both sides are told so. */
export const loginCauses = (conversation: Conversation, escalation: Escalation): Finding[] => {
  const { first } = checksOfEscalation(conversation, escalation);
  return first ? causesOf(first).filter(needsLogin) : [];
};

export const isWatchable = (conversation: Conversation, escalation: Escalation): boolean => {
  const { first } = checksOfEscalation(conversation, escalation);
  return first !== null && watchable(first).length > 0;
};

/**
 * What two people must have in common for IT to have one thread: mail host, requirement and reason of everything that
 * stands in the way. Null: no server is concerned.
 */
export const causeKey = (conversation: Conversation, escalation: Escalation): string | null => {
  const { first } = checksOfEscalation(conversation, escalation);
  const causes = first ? causesOf(first) : [];
  if (!first || causes.every(({ endpoint }) => endpoint === null)) return null;
  const parts = causes.map(({ requirement, reason, endpoint }) =>
    JSON.stringify([
      endpoint && (first.account[endpoint.service]?.asciiHost ?? endpoint.host),
      requirement,
      reason,
    ]),
  );
  return JSON.stringify([...new Set(parts)].sort());
};
