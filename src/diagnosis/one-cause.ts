import type { Service } from './account/endpoint.ts';
import type { Finding } from './finding.ts';
import type { RequirementId } from './policy.ts';

/** Findings of both servers that have one cause; `smtp` null: one finding by itself. */
export type Cause = { finding: Finding; smtp: Finding | null };

/** Where a requirement has an id of its own on each service, the name that both have in common. */
const common: Partial<Record<RequirementId, string>> = {
  'imap-port-open': 'port-open',
  'smtp-port-open': 'port-open',
  'imap-encryption': 'encryption',
  'smtp-tls': 'encryption',
};

/** What a requirement is called that is judged on both servers. */
export const requirementOnBoth = (id: RequirementId): string => common[id] ?? id;

/** Null: the account as a whole is concerned. */
export const serviceOf = ({ endpoint, hubspotStep }: Finding): Service | null => {
  const named = endpoint?.service ?? hubspotStep;
  return named?.startsWith('imap') ? 'imap' : named?.startsWith('smtp') ? 'smtp' : null;
};

/** Two servers put the same thing in words of their own, and take a time of their own to do so. */
const incidental: ReadonlySet<string> = new Set(['answer', 'banner', 'command', 'reply', 'seconds']);

/** A name with several addresses may have led to another one the second time. */
const ofOneHost: ReadonlySet<string> = new Set(['address']);

const essence = ({ evidence, endpoint }: Finding, other: Finding): string => {
  const isOneHost = endpoint?.host === other.endpoint?.host && evidence.affected === undefined;
  return JSON.stringify(
    Object.entries(evidence)
      .filter(([name]) => !incidental.has(name) && !(isOneHost && ofOneHost.has(name)))
      .sort(),
  );
};

/**
 * One thing is wrong, and both servers show it: the same reason of the same requirement, on one host or with the same
 * evidence. Certificates with other dates, or addresses that have nothing in common, are two things.
 */
const isOneCause = (imap: Finding, smtp: Finding): boolean =>
  serviceOf(imap) === 'imap' &&
  serviceOf(smtp) === 'smtp' &&
  requirementOnBoth(imap.requirement) === requirementOnBoth(smtp.requirement) &&
  imap.reason !== null &&
  imap.reason === smtp.reason &&
  imap.verdict === smtp.verdict &&
  imap.severity === smtp.severity &&
  imap.actor === smtp.actor &&
  essence(imap, smtp) === essence(smtp, imap);

/** Each cause once, where its first finding stood. */
export const byCause = (findings: readonly Finding[]): Cause[] => {
  const taken = new Set<Finding>();
  return findings.flatMap((finding): Cause[] => {
    if (taken.has(finding)) return [];
    const other = findings.find(
      (one) => !taken.has(one) && (isOneCause(finding, one) || isOneCause(one, finding)),
    );
    taken.add(finding);
    if (!other) return [{ finding, smtp: null }];
    taken.add(other);
    return serviceOf(finding) === 'imap' ? [{ finding, smtp: other }] : [{ finding: other, smtp: finding }];
  });
};
