/** The steps of a rehearsal for a checklist; words are found elsewhere. */
import type { Finding } from './finding.ts';
import { wantedConnections } from './observed/in-rehearsal.ts';
import type { Observation, ObservationOf } from './observed/observation.ts';
import type { RequirementId } from './policy.ts';

export type ProgressState = 'waiting' | 'running' | 'good' | 'bad' | 'warning' | 'open' | 'skipped';

/** The gravest that speaks against a step; null: nothing does. */
export const stateAgainst = (findings: readonly Finding[]): 'bad' | 'open' | 'warning' | null => {
  const any = (verdict: Finding['verdict']) =>
    findings.some((finding) => finding.verdict === verdict && finding.severity !== 'info');
  if (any('fail')) return 'bad';
  if (any('unknown')) return 'open';
  return any('warn') ? 'warning' : null;
};

/** In the order in which people understand it. */
export const rehearsalSteps = [
  'connections',
  'inbox',
  'sent-folder',
  'test-mail-sent',
  'test-mail-arrived',
  'cleared-up',
] as const;
export type RehearsalStep = (typeof rehearsalSteps)[number];

const provenBy = {
  connections: 'concurrent-connections',
  inbox: 'inbox-readable',
  'sent-folder': 'sent-folder',
  'test-mail-sent': 'smtp-send-as',
  'test-mail-arrived': 'test-mail-arrives',
  'cleared-up': 'test-mail-arrives',
} as const satisfies Record<RehearsalStep, RequirementId>;

/** Without one, what only a rehearsal shows is not tested. */
export const wasRehearsed = (findings: readonly Finding[]): boolean =>
  findings.some(({ requirement, reason }) => requirement === 'test-mail-arrives' && reason !== 'not-tested');

const stateOfClearing = (findings: readonly Finding[]): ProgressState => {
  const [arrival] = findings;
  if (!arrival || arrival.verdict === 'not-applicable') return 'skipped';
  return arrival.evidence.leftBehind === undefined ? 'good' : 'warning';
};

/** What the findings say of one step of a rehearsal that is over. */
export const stateAfterRehearsal = (step: RehearsalStep, findings: readonly Finding[]): ProgressState => {
  const own = findings.filter(({ requirement }) => requirement === provenBy[step]);
  if (step === 'cleared-up') return stateOfClearing(own);
  const against = stateAgainst(own);
  if (against) return against;
  return own.some(({ verdict }) => verdict === 'pass') ? 'good' : 'skipped';
};

const isSeen = (step: RehearsalStep, observations: readonly Observation[]): boolean => {
  const count = (type: Observation['type']) => observations.filter((seen) => seen.type === type).length;
  const phases = observations.flatMap((seen): ObservationOf<'test-mail'>['phase'][] =>
    seen.type === 'test-mail' ? [seen.phase] : [],
  );
  switch (step) {
    case 'connections':
      return count('session') >= wantedConnections;
    case 'inbox':
      return count('inbox') > 0;
    case 'sent-folder':
      return count('copy') > 0;
    case 'test-mail-sent':
      return phases.some((phase) => phase !== 'sending');
    case 'test-mail-arrived':
      return count('arrival') > 0;
    case 'cleared-up':
      return false;
  }
};

/** What has to be seen before a step is under way. */
const begins = (step: RehearsalStep, observations: readonly Observation[]): boolean => {
  const has = (holds: (seen: Observation) => boolean) => observations.some(holds);
  switch (step) {
    case 'connections':
    case 'inbox':
    case 'sent-folder':
      return true;
    case 'test-mail-sent':
      return has(({ type }) => type === 'test-mail');
    case 'test-mail-arrived':
      return has((seen) => seen.type === 'test-mail' && seen.phase !== 'sending');
    case 'cleared-up':
      return has(({ type }) => type === 'arrival');
  }
};

/** The same while it runs, or is still to come. `findings`: of what was seen so far; asked for only where they are needed. */
export const stateInRehearsal = (
  step: RehearsalStep,
  observations: readonly Observation[],
  findings: () => readonly Finding[],
): ProgressState => {
  const phases = observations.flatMap((seen) => (seen.type === 'rehearsal' ? [seen.phase] : []));
  if (phases.includes('ended')) return stateAfterRehearsal(step, findings());
  if (!phases.includes('begun')) return 'waiting';
  if (isSeen(step, observations)) return stateAfterRehearsal(step, findings());
  return begins(step, observations) ? 'running' : 'waiting';
};
