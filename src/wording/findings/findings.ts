import type { Account } from '../../diagnosis/account/account.ts';
import { type Finding, partsOfEvidence } from '../../diagnosis/finding.ts';
import { isExchangeOnline } from '../../diagnosis/observed/software.ts';
import {
  type CommonReason,
  commonReasons,
  type ReasonOf,
  type RequirementId,
} from '../../diagnosis/policy.ts';
import { type NeverPasses, requirementsById } from '../../diagnosis/requirements/index.ts';
import {
  type HubspotStep,
  type PageId,
  type Policy,
  pages,
  policyDate,
  policyIds,
} from '../../diagnosis/target/hubspot/index.ts';
import type { Locale } from '../../language.ts';
import { catalogues, isKey, translator } from '../catalogue/catalogue.ts';
import { olderThanTwelveMonths } from '../catalogue/sources.ts';
import type { FindingText } from '../wording.ts';
import { valuesOf } from './values.ts';

type Text = { title: string; explanation: string };
/** `for-it`: the same as IT reads it. `at-microsoft`: where Microsoft runs the server and IT cannot change it. */
type WithRemedy = Text & { remedy: string } & Partial<Record<RemedyPart, string>>;
type RemedyPart = 'remedy' | 'remedy-for-it' | 'remedy-at-microsoft' | 'remedy-at-microsoft-for-it';

/** The steps of HubSpot's test whose errors we have a name for. */
type NamedStep = Exclude<HubspotStep, 'smtp-login' | 'test-mail'>;

/** What `locales/<locale>/findings.json` must hold, so that the compiler names the text that lacks. */
export type FindingCatalogue = {
  [R in RequirementId]: { name: string } & Record<ReasonOf<R>, WithRemedy> &
    (R extends NeverPasses ? unknown : { pass: Text });
} & {
  common: Record<CommonReason, Text>;
  'trusted-by': Record<'mozilla' | 'local', string>;
  said: Record<'answer' | 'nothing' | 'hidden', string>;
  insists: Record<'yes' | 'no', string>;
  'arrived-by': Record<'idle' | 'asked', string>;
  stated: Record<'yes' | 'no', string>;
  'hubspot-error': Record<NamedStep, string>;
};

const textsIn = (locale: Locale): FindingCatalogue => catalogues[locale].findings;

/** The place of its texts in `findings.json`. */
export const entryOf = ({ requirement, reason }: Finding): string => {
  if (reason === null) return `${requirement}.pass`;
  // What all requirements can give, one may say in words of its own.
  if (isKey(`findings:${requirement}.${reason}.title`)) return `${requirement}.${reason}`;
  return commonReasons.some((common) => common === reason) ? `common.${reason}` : `${requirement}.${reason}`;
};

const partOf = (
  finding: Finding,
  account: Account,
  { locale, part }: { locale: Locale; part: keyof FindingText | RemedyPart },
): string | null => {
  const key = `findings:${entryOf(finding)}.${part}`;
  return isKey(key) ? translator(locale)(key, valuesOf(finding, account, locale)) : null;
};

/** Where what is to be done may stand, the most fitting first. */
export const remedyParts = ({ endpoint }: Finding, isIt: boolean): readonly RemedyPart[] => {
  const atMicrosoft = endpoint !== null && isExchangeOnline(endpoint.host);
  if (!isIt) return atMicrosoft ? ['remedy-at-microsoft', 'remedy'] : ['remedy'];
  return [...(atMicrosoft ? (['remedy-at-microsoft-for-it'] as const) : []), 'remedy-for-it', 'remedy'];
};

const remedyOf = (
  finding: Finding,
  account: Account,
  { locale, isIt }: { locale: Locale; isIt: boolean },
): string => {
  const [remedy = ''] = remedyParts(finding, isIt).flatMap(
    (part) => partOf(finding, account, { locale, part }) ?? [],
  );
  return remedy;
};

/** Where it is so on some of a name's addresses only. */
export const someAddresses = ({ evidence, endpoint }: Finding, locale: Locale): string[] => {
  const { affected, addresses, address } = partsOfEvidence(evidence).values;
  if (typeof affected !== 'number' || typeof addresses !== 'number') return [];
  const host = endpoint?.host ?? null;
  return [
    translator(locale)('findings:notes.some-addresses', {
      affected,
      addresses,
      address: address ?? null,
      host,
    }),
  ];
};

/** Messages of ours that lie in the mailbox still; known of one requirement alone. */
const leftBehind = ({ evidence }: Finding, locale: Locale): string[] => {
  const { folders } = partsOfEvidence(evidence);
  return folders.length === 0 ? [] : [translator(locale)('findings:notes.left-behind', { folders })];
};

/**
 * What a finding says to a person. `remedy` is empty where nothing is to be done.
 * Throws for a reason that the catalogue does not know: by type only a fault of ours can make one.
 */
export const findingText = (finding: Finding, account: Account, locale: Locale): FindingText => {
  const title = partOf(finding, account, { locale, part: 'title' });
  const explanation = partOf(finding, account, { locale, part: 'explanation' });
  if (title === null || explanation === null)
    throw Object.assign(new Error(`expected a text in findings.json, found none at ${entryOf(finding)}`), {
      code: 'no-text',
    });
  return {
    title,
    explanation: [explanation, ...someAddresses(finding, locale), ...leftBehind(finding, locale)].join(' '),
    remedy: remedyOf(finding, account, { locale, isIt: false }),
  };
};

/** The same as IT reads it: IT is spoken to, and what the rep must do stands in the third person. */
export const findingTextForIt = (finding: Finding, account: Account, locale: Locale): FindingText => ({
  ...findingText(finding, account, locale),
  remedy: remedyOf(finding, account, { locale, isIt: true }),
});

/** The name of the error that HubSpot shows where this step fails; null where there is no step, or none that we know a name of. */
export const hubspotError = (step: HubspotStep | null, locale: Locale): string | null =>
  step === null || step === 'smtp-login' || step === 'test-mail'
    ? null
    : textsIn(locale)['hubspot-error'][step];

/** Dates as in ISO 8601; to compare them as words would load the rules of languages at each start. */
const byDate = policyIds.toSorted((one, other) => (policyDate(one) < policyDate(other) ? -1 : 1));

/** Whether HubSpot's pages agree on this finding, and whether only newer ones than the page in use know its rule. */
export const policyNotes = (
  { requirement, policiesDisagree }: Finding,
  { policy, locale }: { policy: Policy; locale: Locale },
): string[] => {
  const t = translator(locale);
  const sources: readonly PageId[] = requirementsById[requirement].sources;
  const [first] = sources;
  const [oldest = policy] = byDate;
  const newest = byDate.at(-1) ?? policy;
  // What was written after the newest rules belongs to them.
  const isKnownTo = (one: Policy): boolean =>
    one === newest || sources.some((page) => pages[page].date <= policyDate(one));
  return [
    // A page that is silent contradicts nobody.
    ...(policiesDisagree && isKnownTo(oldest)
      ? [
          t('findings:notes.policies-disagree', {
            older: policyDate(oldest),
            newer: policyDate(newest),
            used: policyDate(policy),
          }),
        ]
      : []),
    ...(first && !isKnownTo(policy)
      ? [t('findings:notes.newer-page-only', { date: pages[first].date })]
      : []),
  ];
};

/** Where the rule is written, for the details; says so where a source is older than twelve months. `now` in ms. */
export const sourceNotes = (
  requirement: RequirementId,
  { now, locale }: { now: number; locale: Locale },
): string[] => {
  const t = translator(locale);
  const sources: readonly PageId[] = requirementsById[requirement].sources;
  if (sources.length === 0) return [t('findings:notes.source-none')];
  const lines = sources.map((id) =>
    t('findings:notes.source', { page: pages[id].name, date: pages[id].date }),
  );
  const old = sources.some((id) => olderThanTwelveMonths(pages[id].date, now));
  return old ? [...lines, t('findings:notes.source-old')] : lines;
};
