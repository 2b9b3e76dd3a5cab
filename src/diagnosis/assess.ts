import type { Account } from './account/account.ts';
import { type Service, services, type UsedEndpoint } from './account/endpoint.ts';
import type { Assessment, Finding } from './finding.ts';
import { type AtAddress, addressOf, lookAtOthers } from './observed/addresses.ts';
import { loginTested } from './observed/login.ts';
import type { Observation } from './observed/observation.ts';
import { connected, look, type Seen } from './observed/seen.ts';
import { serverFacts } from './observed/server-facts.ts';
import { isExchangeOnline } from './observed/software.ts';
import { overall } from './overall.ts';
import { type RequirementId, requirementIds } from './policy.ts';
import type { Judgement, JudgementContext, Requirement } from './requirement.ts';
import { requirements, requirementsById } from './requirements/index.ts';
import { rule } from './rule.ts';
import { settingsOf } from './target/hubspot/settings.ts';

const usedEndpoint = ({ endpoint, encryption }: Seen): UsedEndpoint | null =>
  endpoint && {
    service: endpoint.service,
    host: endpoint.host,
    port: endpoint.port,
    encryption: encryption ?? (endpoint.encryption === 'none' ? 'none' : null),
  };

const toFinding = (
  requirement: Requirement,
  seen: Seen,
  judged: Judgement,
  context: JudgementContext,
): Finding => ({
  requirement: requirement.id,
  reason: judged.reason,
  ...rule(requirement.id, judged.reason, {
    policy: context.policy,
    proven: judged.proven,
    atMicrosoft: seen.endpoint !== null && isExchangeOnline(seen.endpoint.asciiHost),
  }),
  // HubSpot comes to SMTP last, and only then to what concerns both.
  hubspotStep: requirement.step(requirement.scope === 'account' ? (judged.service ?? 'smtp') : seen.service),
  endpoint: requirement.scope === 'account' ? null : usedEndpoint(seen),
  evidence: judged.evidence,
});

const stopsOthers = ({ verdict, severity }: Finding): boolean =>
  (verdict === 'fail' || verdict === 'unknown') && severity !== 'info';

/**
 * Which finding stood in the way of a requirement that saw nothing: the nearest gate before it, else the first
 * behind it (a wrong kind of encryption hides the greeting). A private address stops nobody who was let through.
 */
const obstacle = (id: RequirementId, seen: Seen, findings: readonly Finding[]): Finding | null => {
  if (id === 'cert-trusted') {
    const chain = findings.find(({ requirement }) => requirement === 'cert-chain-complete');
    if (chain && stopsOthers(chain)) return chain;
  }
  const closed = findings.filter(
    (finding) =>
      stopsOthers(finding) &&
      requirementsById[finding.requirement].gate !== undefined &&
      !(finding.requirement === 'public-address' && connected(seen)),
  );
  const position = requirements.findIndex((one) => one.id === id);
  const isBefore = ({ requirement }: Finding) =>
    requirements.findIndex((one) => one.id === requirement) < position;
  const behind = closed.find(({ requirement }) => requirementsById[requirement].gate === 'everything');
  return closed.filter(isBefore).at(-1) ?? behind ?? null;
};

const notReached = (because: Finding | null): Judgement =>
  because
    ? { reason: 'not-reached', evidence: { because: because.requirement }, proven: false }
    : { reason: 'not-measured', evidence: {}, proven: false };

/** Whose faults may differ from address to address, and show in a session without a login. */
const isOfAddress = ({ id, shownBy }: Requirement): boolean =>
  (shownBy === 'outside' || id === 'ip-allowlist') && !id.endsWith('-port-open') && id !== 'public-address';

const gravity = ({ verdict, severity }: Pick<Finding, 'verdict' | 'severity'>): number => {
  if (severity === 'info') return 0;
  return { fail: 3, unknown: 2, warn: 1, pass: 0, 'not-applicable': 0 }[verdict];
};

/**
 * Of all addresses of a name the gravest judgement, as one cause: which of them HubSpot takes is not known. The evidence
 * then says where it is so.
 */
const judgeAddresses = (
  requirement: Requirement,
  { seen, others, context }: { seen: Seen; others: readonly AtAddress[]; context: JudgementContext },
): Judgement | null => {
  const first = requirement.judge(seen, context);
  const firstAddress = addressOf(seen, others);
  if (others.length === 0 || firstAddress === null || !isOfAddress(requirement)) return first;
  const all = [
    { address: firstAddress, judgement: first },
    ...others.map(({ address, seen: there }) => ({ address, judgement: requirement.judge(there, context) })),
  ];
  const graveness = (judged: Judgement | null): number =>
    judged === null ? 0 : gravity(rule(requirement.id, judged.reason, { ...context, proven: judged.proven }));
  const worst = all.reduce((one, other) =>
    graveness(other.judgement) > graveness(one.judgement) ? other : one,
  ).judgement;
  if (worst === null || graveness(worst) === 0) return first;
  const alike = all.filter(({ judgement }) => judgement?.reason === worst.reason);
  if (alike.length === all.length) return worst;
  const where = { address: alike.map(({ address }) => address).join(', ') };
  return {
    ...worst,
    evidence: { ...worst.evidence, ...where, affected: alike.length, addresses: all.length },
  };
};

type AllSeen = { seen: Seen; others: readonly AtAddress[] };

const judgeEndpoint = ({ seen, others }: AllSeen, context: JudgementContext): Finding[] => {
  const concerned = requirements.filter(({ scope }) => scope !== 'account' && scope.includes(seen.service));
  const judged = concerned.map((requirement) => ({
    requirement,
    judgement: judgeAddresses(requirement, { seen, others, context }),
  }));
  const roots = judged.flatMap(({ requirement, judgement }) =>
    judgement ? [toFinding(requirement, seen, judgement, context)] : [],
  );
  // What we failed to measure stands in the way of all that rests on it, and shows once like any other cause: the gates first.
  const isGate = ({ requirement }: (typeof judged)[number]) => requirement.gate === 'everything';
  const gatesFirst = [...judged.filter(isGate), ...judged.filter((one) => !isGate(one))];
  return gatesFirst.map(({ requirement, judgement }) => {
    const because = judgement ? null : obstacle(requirement.id, seen, roots);
    const finding = toFinding(requirement, seen, judgement ?? notReached(because), context);
    if (!judgement && !because) roots.push(finding);
    return finding;
  });
};

const judgeAccount = (seen: Seen, context: JudgementContext): Finding[] =>
  requirements.flatMap((requirement) => {
    if (requirement.scope !== 'account') return [];
    const judged = requirement.judge(seen, context) ?? notReached(null);
    return [toFinding(requirement, seen, judged, context)];
  });

/** Only findings of this service's steps; for a checklist that is shown while the other service is still being looked at. */
export const assessService = (
  account: Account,
  service: Service,
  options: { observations: readonly Observation[]; context: JudgementContext },
): Finding[] => {
  const seen = look(account, service, options.observations);
  const ofAccount = judgeAccount(seen, options.context);
  return [
    ...judgeEndpoint({ seen, others: lookAtOthers(seen, options.observations) }, options.context),
    ...ofAccount.filter(({ hubspotStep }) => hubspotStep?.startsWith(service)),
  ];
};

/**
 * Judges everything that was seen. Each requirement gives at least one finding per endpoint or account, and each
 * root cause shows once. `context.now` in milliseconds since the epoch.
 */
export const assess = (
  account: Account,
  observations: readonly Observation[],
  context: JudgementContext,
): Assessment => {
  const seen = services.map((service) => look(account, service, observations));
  const perEndpoint = seen.flatMap((one) =>
    judgeEndpoint({ seen: one, others: lookAtOthers(one, observations) }, context),
  );
  const perAccount = seen.slice(0, 1).flatMap((anySeen) => judgeAccount(anySeen, context));
  const findings = [...perEndpoint, ...perAccount].sort(
    (one, other) => requirementIds.indexOf(one.requirement) - requirementIds.indexOf(other.requirement),
  );
  const verdict = overall(findings);
  return {
    verdict,
    policy: context.policy,
    loginTested: loginTested(observations.filter((one) => one.type === 'login')),
    findings,
    settings: verdict === 'blocked' ? null : settingsOf(account, seen, findings),
    servers: serverFacts(account, observations),
  };
};
