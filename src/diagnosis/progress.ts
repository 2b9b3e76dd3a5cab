import type { HubspotStep } from './finding.ts';

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
