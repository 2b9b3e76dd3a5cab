import type { UsedEndpoint } from './account/endpoint.ts';
import type { ServerFacts } from './observed/server-facts.ts';
import type { Actor, RequirementId, Severity, Verdict } from './policy.ts';
import type { HubspotStep, Policy, Settings } from './target/hubspot/index.ts';

/** Values that a text or an administrator needs; plain data, cleaned by the probe. */
export type Evidence = Readonly<Record<string, EvidenceValue>>;
type PlainEvidence = string | number | boolean | null | readonly string[];
type EvidenceValue = PlainEvidence | readonly LeftBehind[];

/** Where a message of ours lies that could not be removed. */
export type LeftBehind = { readonly folder: string };

export const isLeftBehind = (value: EvidenceValue): value is readonly LeftBehind[] =>
  value !== null && typeof value === 'object' && value.some((entry) => typeof entry !== 'string');

/** The values that texts are filled with, and the folders in which a message of ours was left. */
export const partsOfEvidence = (
  evidence: Evidence,
): { values: Record<string, PlainEvidence>; folders: string[] } => {
  const values: Record<string, PlainEvidence> = {};
  const folders: string[] = [];
  for (const [name, value] of Object.entries(evidence))
    if (isLeftBehind(value)) folders.push(...value.map(({ folder }) => folder));
    else values[name] = value;
  return { values, folders };
};

export type Finding = {
  requirement: RequirementId;
  verdict: Verdict;
  /** Null for a pass. */
  reason: string | null;
  severity: Severity;
  actor: Actor;
  hubspotStep: HubspotStep | null;
  endpoint: UsedEndpoint | null;
  evidence: Evidence;
  /** Not all policies judge this reason alike. */
  policiesDisagree: boolean;
};

export type OverallVerdict = 'ready' | 'ready-with-warnings' | 'blocked' | 'inconclusive';

export type Assessment = {
  verdict: OverallVerdict;
  policy: Policy;
  loginTested: boolean;
  findings: Finding[];
  /** Null while something blocks the account. */
  settings: Settings | null;
  /** Absent in what was stored before it was known. */
  servers?: ServerFacts[] | undefined;
};

export const unmet = (finding: Finding): boolean =>
  finding.verdict === 'fail' ||
  finding.verdict === 'warn' ||
  (finding.verdict === 'unknown' && finding.severity !== 'info');
