import type { Account } from './account/account.ts';
import { type Service, services } from './account/endpoint.ts';
import { assessService } from './assess.ts';
import type { Finding } from './finding.ts';
import type { Observation } from './observed/observation.ts';
import type { RequirementId } from './policy.ts';
import {
  type ProgressState,
  type RehearsalStep,
  rehearsalSteps,
  stateAfterRehearsal,
  stateAgainst,
  stateInRehearsal,
} from './rehearsal-steps.ts';
import type { JudgementContext } from './requirement.ts';
import { requirements } from './requirements/index.ts';
import { type HubspotStep, hubspotSteps } from './target/hubspot/index.ts';

/** What has been reached inside a step, most recent last; words are found elsewhere. */
export type Milestone = 'name' | 'port' | 'greeting' | 'encryption' | 'certificate' | 'versions';

export type StepProgress = {
  step: HubspotStep | RehearsalStep;
  state: ProgressState;
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
    case 'address':
    case 'arrival':
    case 'capabilities':
    case 'copy':
    case 'cut-off':
    case 'finished':
    case 'envelope':
    case 'inbox':
    case 'left-behind':
    case 'login':
    case 'mode':
    case 'recognition':
    case 'rehearsal':
    case 'sent-folder':
    case 'session':
    case 'starttls':
    case 'test-mail':
    case 'transcript':
      return null;
  }
};

/** Steps that only a login shows. */
export const isLogin = (step: StepProgress['step']): boolean =>
  step !== 'imap-connect' && step !== 'smtp-connect';

/** What has to be met for a step of a login to be good; with nothing seen against it alone it is not. */
const proofOf = (step: HubspotStep): RequirementId | undefined =>
  requirements.find(
    ({ provesStep, step: stepOf }) => provesStep && services.some((service) => stepOf(service) === step),
  )?.id;

/** What the findings say of one step of HubSpot's test. */
export const stateAfter = (step: HubspotStep, findings: readonly Finding[]): ProgressState => {
  const own = findings.filter(({ hubspotStep }) => hubspotStep === step);
  const against = stateAgainst(own);
  if (against) return against;
  const proof = proofOf(step);
  const good = own.some(
    ({ verdict, requirement }) => verdict === 'pass' && (proof === undefined || proof === requirement),
  );
  return good ? 'good' : 'skipped';
};

/** What is under way, where `finished` is not known yet. */
const underWay = (own: readonly Observation[], step: HubspotStep): ProgressState => {
  const begun = own.some((seen) => {
    if (step === 'test-mail') return seen.type === 'login' && seen.outcome === 'accepted';
    return !isLogin(step) || (seen.type === 'capabilities' && seen.layer === 'tls');
  });
  return begun ? 'running' : 'waiting';
};

/** With a rehearsal its own steps say more of the test mail than HubSpot's last one. */
const withoutTestMail = hubspotSteps.filter((step) => step !== 'test-mail');

/** What a finished check says of each step. */
export const judgedSteps = (
  findings: readonly Finding[],
  { rehearsed }: { rehearsed: boolean },
): StepProgress[] => {
  const shown = rehearsed ? withoutTestMail : hubspotSteps;
  return [
    ...shown.map((step) => ({ step, state: stateAfter(step, findings), milestones: [] })),
    ...(rehearsed
      ? rehearsalSteps.map((step) => ({ step, state: stateAfterRehearsal(step, findings), milestones: [] }))
      : []),
  ];
};

/**
 * The checklist while a check runs. `login`: a password was given, so the steps of a login are waited for; without
 * one such a step shows only what speaks against it. `rehearsal`: one was asked for.
 */
export const progressOf = (
  account: Account,
  observations: readonly Observation[],
  context: JudgementContext & { login: boolean; rehearsal: boolean },
): StepProgress[] => {
  const serviceSteps = (service: Service): StepProgress[] => {
    const own = observations.filter((seen) => seen.service === service);
    const milestones = [...new Set(own.flatMap((seen) => milestoneOf(seen) ?? []))];
    const finished = own.some(({ type }) => type === 'finished');
    const findings = finished ? assessService(account, service, { observations, context }) : [];
    const stateOf = (step: HubspotStep): ProgressState => {
      const waitedFor = !finished && (context.login || !isLogin(step));
      return waitedFor ? underWay(own, step) : stateAfter(step, findings);
    };
    const [connect, login] = [`${service}-connect`, `${service}-login`] as const;
    const steps: StepProgress[] = [
      { step: connect, state: stateOf(connect), milestones },
      { step: login, state: stateOf(login), milestones: [] },
    ];
    return service === 'imap' || context.rehearsal
      ? steps
      : [...steps, { step: 'test-mail', state: stateOf('test-mail'), milestones: [] }];
  };
  const steps = services.flatMap(serviceSteps);
  if (!context.rehearsal) return steps;
  const findings = () =>
    services.flatMap((service) => assessService(account, service, { observations, context }));
  return [
    ...steps,
    ...rehearsalSteps.map((step) => ({
      step,
      state: stateInRehearsal(step, observations, findings),
      milestones: [],
    })),
  ];
};
