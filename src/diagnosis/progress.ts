import type { Account } from './account.ts';
import { assessService } from './assess.ts';
import type { Service } from './endpoint.ts';
import type { Finding, HubspotStep } from './finding.ts';
import type { Observation } from './observation.ts';
import type { Context } from './requirement.ts';

/** The steps of HubSpot's own test, in its order. */
export const hubspotSteps = [
  'imap-connect',
  'imap-login',
  'smtp-connect',
  'smtp-login',
  'test-mail',
] as const satisfies readonly HubspotStep[];

/** What has been reached inside a step, most recent last; words are found elsewhere. */
export type Milestone = 'name' | 'port' | 'greeting' | 'encryption' | 'certificate' | 'versions';

export type StepProgress = {
  step: HubspotStep;
  state: 'waiting' | 'running' | 'good' | 'bad' | 'warning' | 'open' | 'skipped';
  milestones: Milestone[];
};

const milestoneOf = (seen: Observation): Milestone | null => {
  switch (seen.type) {
    case 'resolution':
      return seen.outcome === 'resolved' ? 'name' : null;
    case 'connection':
      return seen.outcome === 'connected' ? 'port' : null;
    case 'greeting':
      return seen.outcome === 'spoken' ? 'greeting' : null;
    case 'handshake':
      return seen.outcome === 'completed' ? 'encryption' : null;
    case 'certificates':
      return 'certificate';
    case 'version-offer':
      return seen.outcome === 'selected' ? 'versions' : null;
    case 'capabilities':
    case 'finished':
    case 'mode':
    case 'recognition':
    case 'starttls':
    case 'transcript':
      return null;
  }
};

const stateOf = (findings: readonly Finding[]): StepProgress['state'] => {
  const worst = (verdict: Finding['verdict']) =>
    findings.some((one) => one.verdict === verdict && !(verdict === 'unknown' && one.severity === 'info'));
  if (worst('fail')) return 'bad';
  if (worst('unknown')) return 'open';
  return worst('warn') ? 'warning' : 'good';
};

/** The checklist while a check runs. Nobody logs in, so a login step shows only what speaks against it. */
export const progressOf = (
  account: Account,
  observations: readonly Observation[],
  context: Context,
): StepProgress[] => {
  const serviceSteps = (service: Service): StepProgress[] => {
    const own = observations.filter((seen) => seen.service === service);
    const milestones = [...new Set(own.flatMap((seen) => milestoneOf(seen) ?? []))];
    const finished = own.some(({ type }) => type === 'finished');
    const findings = finished ? assessService(account, service, { observations, context }) : [];
    const stateAt = (step: HubspotStep) =>
      stateOf(findings.filter(({ hubspotStep }) => hubspotStep === step));
    const login = stateAt(`${service}-login`);
    const underWay = own.length > 0 ? 'running' : 'waiting';
    return [
      { step: `${service}-connect`, state: finished ? stateAt(`${service}-connect`) : underWay, milestones },
      { step: `${service}-login`, state: login === 'good' ? 'skipped' : login, milestones: [] },
    ];
  };
  return [
    ...serviceSteps('imap'),
    ...serviceSteps('smtp'),
    { step: 'test-mail', state: 'skipped', milestones: [] },
  ];
};
