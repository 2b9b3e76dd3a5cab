/** What a reason can mean, and the short hand in which the table of rulings is written. */
import type { Policy } from './target/hubspot/index.ts';

export type Verdict = 'pass' | 'warn' | 'fail' | 'unknown' | 'not-applicable';
export type Severity = 'blocker' | 'warning' | 'info';
export type Actor = 'rep' | 'it' | 'hubspot-admin';

export type Ruling<E extends string = string> = {
  verdict: Verdict;
  /** The verdict where the evidence settles what is otherwise only likely. */
  proven?: Verdict;
  severity?: Severity;
  actor: Actor;
  /** No rule of this policy forbids it, and yet nothing comes of connecting the account before the actor has acted. */
  actFirst?: true;
  /** Who must act where Microsoft runs the server, which no IT department can change. */
  actorAtMicrosoft?: Actor;
  /** What the finding must carry, since the texts speak of it. */
  evidence: readonly E[];
  /** Policies that judge otherwise than the one that they follow. */
  by?: Readonly<Partial<Record<Policy, { verdict: Verdict; proven?: Verdict; severity?: Severity }>>>;
};

const ruling =
  (verdict: Verdict) =>
  <const E extends string = never>(
    evidence: readonly E[] = [],
    more: Partial<Ruling<never>> = {},
  ): Ruling<E> => ({
    verdict,
    actor: 'it',
    ...more,
    evidence,
  });
export const fail = ruling('fail');
export const warn = ruling('warn');
export const unknown = ruling('unknown');
/** A rule that only the newer page of HubSpot has: no more than a warning under the older. */
export const newer = <const E extends string = never>(
  evidence: readonly E[] = [],
  more: Partial<Ruling<never>> = {},
): Ruling<E> => warn(evidence, { ...more, by: { 'hubspot-2024': { verdict: 'fail' } } });
