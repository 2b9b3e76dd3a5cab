import type { Service } from './account/endpoint.ts';
import type { Provider } from './account/provider.ts';
import { type Evidence, isLeftBehind } from './finding.ts';
import type { Seen } from './observed/seen.ts';
import type { EvidenceOf, ReasonOf, RequirementId } from './policy.ts';
import type { HubspotStep, PageId, Policy } from './target/hubspot/index.ts';

export type Judgement = {
  reason: string | null;
  evidence: Evidence;
  proven: boolean;
  /** Of the account as a whole: at whose step it shows. */
  service?: Service;
};

type Value = Evidence[string];

/** The vocabulary of one requirement: only its own reasons, each with the values that its texts speak of. */
export type Say<R extends RequirementId> = {
  pass(evidence?: Evidence): Judgement;
  because<Q extends ReasonOf<R>>(
    reason: Q,
    evidence: Readonly<Record<EvidenceOf<R, Q>, Value>>,
    options?: { proven?: boolean; service?: Service },
  ): Judgement;
  /** Cannot be seen from where we stand, or only with a login. */
  notTested(): Judgement;
  /** We could not find out, and the reason lies with us. */
  notMeasured(): Judgement;
  /** Another requirement is known to carry the blame, or stood in the way. */
  notReached(because: RequirementId): Judgement;
};

/** `provider`: null where the account's provider is not one that is known. */
export type JudgementContext = { now: number; policy: Policy; provider: Provider | null };

/**
 * What it takes to see a requirement met: a look from `outside`, a `login`, a `rehearsal` of what HubSpot does; or it is
 * `never` seen from our own address. Only what shows from outside can be watched, since nobody logs in unasked.
 */
export type ShownBy = 'outside' | 'login' | 'rehearsal' | 'never';

/** What the rest of the product must know of a requirement. */
type Traits<S extends ShownBy = ShownBy> = {
  /** Judged once per endpoint of these services, or once for the account. */
  scope: readonly Service[] | 'account';
  shownBy: S;
  /** HubSpot's pages on which the rule stands; none: it follows from how mail servers work, and no page says it. */
  sources: readonly PageId[];
  /** Its failure keeps `everything` behind it from being seen at all, or only what a `login` shows. */
  gate?: 'everything' | 'login';
  /** No password is sent unless it is met; `trust`: or unless the rep has said to expect an untrusted certificate. */
  neededForLogin?: 'always' | 'trust';
  /** Its step of HubSpot's test is good only where this is met, whatever else is. */
  provesStep?: true;
  /** Reasons that may show with a login only, though the requirement shows from outside: they cannot be watched. */
  reasonsOfLogin?: readonly string[];
  /**
   * Reasons of others that it explains, on the same server or of the whole account: it is read before them, however little
   * it weighs itself.
   */
  explains?: { readonly [R in RequirementId]?: readonly ReasonOf<R>[] };
  /** What a provider's hints ask for before a login is the same, so it is said once. */
  saidByHints?: true;
};

/**
 * One requirement. `judge` returns null where what it rests on was never seen: the finding then names the one
 * that stood in the way.
 */
export type Requirement<R extends RequirementId = RequirementId, S extends ShownBy = ShownBy> = Traits<S> & {
  id: R;
  step(service: Service): HubspotStep | null;
  judge(seen: Seen, context: JudgementContext): Judgement | null;
};

const vocabulary = <R extends RequirementId>(): Say<R> => ({
  pass: (evidence = {}) => ({ reason: null, evidence, proven: true }),
  because: (reason, evidence, options) => ({ proven: false, ...options, reason, evidence }),
  notTested: () => ({ reason: 'not-tested', evidence: {}, proven: false }),
  notMeasured: () => ({ reason: 'not-measured', evidence: {}, proven: false }),
  notReached: (because) => ({ reason: 'not-reached', evidence: { because }, proven: false }),
});

/** Entries of a list and characters of a text: more tells nobody more, and a stranger decides how much there is. */
const mostEntries = 128;
const longestText = 400;

const boundedText = (text: string): string =>
  text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;

const boundedValue = (value: Value): Value => {
  if (typeof value === 'string') return boundedText(value);
  if (value === null || typeof value !== 'object') return value;
  if (isLeftBehind(value))
    return value.slice(0, mostEntries).map(({ folder }) => ({ folder: boundedText(folder) }));
  return value.slice(0, mostEntries).map(boundedText);
};

const bounded = (judged: Judgement | null): Judgement | null =>
  judged && {
    ...judged,
    evidence: Object.fromEntries(
      Object.entries(judged.evidence).map(([name, value]) => [name, boundedValue(value)]),
    ),
  };

/** Ties a requirement's judgement to its own reasons, so that the compiler refuses any other. */
export const requirement = <const R extends RequirementId, const S extends ShownBy>(
  id: R,
  definition: Traits<S> & {
    /** Null: HubSpot's own test does not come to it. */
    step: 'connect' | 'login' | 'test-mail' | null;
    judge(seen: Seen, say: Say<R>, context: JudgementContext): Judgement | null;
  },
): Requirement<R, S> => ({
  ...definition,
  id,
  step: (service) => {
    const { step } = definition;
    return step === null || step === 'test-mail' ? step : `${service}-${step}`;
  },
  judge: (seen, context) => bounded(definition.judge(seen, vocabulary<R>(), context)),
});
