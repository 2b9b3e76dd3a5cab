import {
  type Actor,
  type RequirementId,
  type Ruling,
  rulings,
  type Severity,
  type Verdict,
} from './policy.ts';
import { type Policy, policies, policyIds } from './target/hubspot/index.ts';

const usualSeverity = {
  fail: 'blocker',
  unknown: 'blocker',
  warn: 'warning',
  pass: 'info',
  'not-applicable': 'info',
} as const satisfies Record<Verdict, Severity>;

export type Judged = { verdict: Verdict; severity: Severity; actor: Actor; policiesDisagree: boolean };

const allRulings: Record<RequirementId, Readonly<Record<string, Ruling>>> = rulings;

type Judgement = Pick<Judged, 'verdict' | 'severity'>;

/** By the policy itself, else by the one that it follows, else as the table begins. */
const judgeBy = (ruled: Ruling, policy: Policy, isProven: boolean): Judgement => {
  const own = ruled.by?.[policy];
  const { follows } = policies[policy];
  if (!own && follows !== null) return judgeBy(ruled, follows, isProven);
  const { verdict: likely, proven, severity } = own ?? ruled;
  const verdict = isProven ? (proven ?? likely) : likely;
  return { verdict, severity: severity ?? ruled.severity ?? usualSeverity[verdict] };
};

const agreed = (judged: Omit<Judged, 'policiesDisagree' | 'actor'>): Judged => ({
  ...judged,
  actor: 'it',
  policiesDisagree: false,
});

/**
 * What a reason means under a policy; `proven` says that the evidence settles it, `atMicrosoft` that Microsoft runs the
 * server. `null` is a pass.
 */
export const rule = (
  requirement: RequirementId,
  reason: string | null,
  { policy, proven, atMicrosoft = false }: { policy: Policy; proven: boolean; atMicrosoft?: boolean },
): Judged => {
  if (reason === null) return agreed({ verdict: 'pass', severity: 'info' });
  if (reason === 'not-measured') return agreed({ verdict: 'unknown', severity: 'blocker' });
  const ruled = allRulings[requirement][reason];
  if (!ruled) return agreed({ verdict: 'not-applicable', severity: 'info' });
  const judged = judgeBy(ruled, policy, proven);
  const policiesDisagree = policyIds.some(
    (other) => judgeBy(ruled, other, proven).verdict !== judged.verdict,
  );
  const actor = (atMicrosoft ? ruled.actorAtMicrosoft : undefined) ?? ruled.actor;
  return { ...judged, actor, policiesDisagree };
};

/** Whether, whatever the verdict, somebody has something to do before the account can be connected. */
export const mustActFirst = (requirement: RequirementId, reason: string | null): boolean =>
  reason !== null && allRulings[requirement][reason]?.actFirst === true;
