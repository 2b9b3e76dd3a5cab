import type { Finding } from './finding.ts';
import type { Actor, RequirementId } from './policy.ts';
import { requirementsById } from './requirements/index.ts';

const urgency = ({ verdict, severity }: Finding): number => {
  if (severity === 'blocker') return verdict === 'fail' ? 0 : 1;
  return verdict === 'fail' ? 2 : 3;
};

/** Whoever reads can act on her own part at once; the others have to be asked first. */
const distance = { rep: 0, 'hubspot-admin': 1, it: 2 } as const satisfies Record<Actor, number>;

const isOfOneServer = (one: Finding, other: Finding): boolean =>
  one.endpoint === null || other.endpoint === null || one.endpoint.service === other.endpoint.service;

const explains = (cause: Finding, effect: Finding): boolean => {
  const { explains: effects }: { explains?: Partial<Record<RequirementId, readonly string[]>> } =
    requirementsById[cause.requirement];
  const reasons = effects?.[effect.requirement] ?? [];
  return isOfOneServer(cause, effect) && reasons.some((reason) => reason === effect.reason);
};

/**
 * The order in which people read what is unmet: what weighs more first, then what they can act on sooner, else the order
 * of the table of rulings, in which findings come. What explains another stands before it, however little it weighs itself:
 * without its cause an effect sends people looking in the wrong place.
 */
export const inReadingOrder = (findings: readonly Finding[]): Finding[] => {
  const sorted = findings.toSorted(
    (one, other) => urgency(one) - urgency(other) || distance[one.actor] - distance[other.actor],
  );
  const placed = new Set<Finding>();
  const withCauses = (finding: Finding): Finding[] => {
    if (placed.has(finding)) return [];
    placed.add(finding);
    return [...sorted.filter((other) => explains(other, finding)).flatMap(withCauses), finding];
  };
  return sorted.flatMap(withCauses);
};
