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
    case 'login':
    case 'mode':
    case 'recognition':
    case 'starttls':
    case 'transcript':
      return null;
  }
};

/** Steps that only a login shows. */
export const isLogin = (step: HubspotStep): boolean => step !== 'imap-connect' && step !== 'smtp-connect';

/** What the findings say of one step of HubSpot's test. */
export const stateAfter = (step: HubspotStep, findings: readonly Finding[]): StepProgress['state'] => {
  const own = findings.filter(({ hubspotStep }) => hubspotStep === step);
  const any = (verdict: Finding['verdict']) =>
    own.some((finding) => finding.verdict === verdict && finding.severity !== 'info');
  if (any('fail')) return 'bad';
  if (any('unknown')) return 'open';
  if (any('warn')) return 'warning';
  // Nobody has logged in, so nothing good can be said of a login.
  return isLogin(step) || own.every(({ verdict }) => verdict === 'not-applicable') ? 'skipped' : 'good';
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
    const underWay = own.length > 0 ? 'running' : 'waiting';
    const [connect, login] = [`${service}-connect`, `${service}-login`] as const;
    return [
      { step: connect, state: finished ? stateAfter(connect, findings) : underWay, milestones },
      { step: login, state: stateAfter(login, findings), milestones: [] },
    ];
  };
  return [
    ...serviceSteps('imap'),
    ...serviceSteps('smtp'),
    { step: 'test-mail', state: 'skipped', milestones: [] },
  ];
};
