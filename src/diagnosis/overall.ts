import type { Finding, OverallVerdict } from './finding.ts';

/** What the findings mean together. */
export const overall = (findings: readonly Finding[]): OverallVerdict => {
  const any = (verdict: Finding['verdict'], severity?: Finding['severity']) =>
    findings.some((one) => one.verdict === verdict && (severity === undefined || one.severity === severity));
  if (any('fail', 'blocker')) return 'blocked';
  if (any('unknown', 'blocker')) return 'inconclusive';
  // What was not seen is never ready.
  return any('warn') || any('fail', 'warning') || any('unknown', 'warning') ? 'ready-with-warnings' : 'ready';
};
