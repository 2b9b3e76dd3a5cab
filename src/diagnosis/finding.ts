import type { UsedEndpoint } from './endpoint.ts';
import type { Actor, Policy, RequirementId, Severity, Verdict } from './policy.ts';
import type { ServerFacts } from './server-facts.ts';

/** A step of HubSpot's own connection test, in its order; it names the error that the rep would see there. */
export type HubspotStep = 'imap-connect' | 'imap-login' | 'smtp-connect' | 'smtp-login' | 'test-mail';

/** Values that a text or an administrator needs; plain data, cleaned by the probe. */
export type Evidence = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

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
  /** The two policies judge this reason differently. */
  policiesDisagree: boolean;
};

export type OverallVerdict = 'ready' | 'ready-with-warnings' | 'blocked' | 'inconclusive';

/** What the rep types into HubSpot; null while something blocks it. */
export type Settings = {
  email: string;
  username: string;
  imapHost: string;
  imapPort: number;
  imapEncryption: 'tls' | 'starttls';
  smtpHost: string;
  smtpPort: number;
  smtpEncryption: 'tls' | 'starttls';
  allowUntrustedCertificate: boolean;
};

export type Assessment = {
  verdict: OverallVerdict;
  policy: Policy;
  loginTested: boolean;
  findings: Finding[];
  settings: Settings | null;
  /** Absent in what was stored before it was known. */
  servers?: ServerFacts[] | undefined;
};

export const unmet = (finding: Finding): boolean =>
  finding.verdict === 'fail' ||
  finding.verdict === 'warn' ||
  (finding.verdict === 'unknown' && finding.severity !== 'info');
