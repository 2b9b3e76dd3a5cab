import type { Block, Tone } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import { services } from '../../diagnosis/account/endpoint.ts';
import type { Finding, OverallVerdict } from '../../diagnosis/finding.ts';
import { requirementIds } from '../../diagnosis/policy.ts';
import { mustActFirst } from '../../diagnosis/rule.ts';
import { translator } from '../catalogue/catalogue.ts';
import { serversInWords, settingsBlocks } from '../findings/account-blocks.ts';
import {
  actionBlock,
  type JudgedAccount,
  seenBlocks,
  toneOf,
  unmetInWords,
} from '../findings/finding-blocks.ts';
import { findingText, sourceNotes } from '../findings/findings.ts';
import { rehearsalNote } from '../findings/rehearsal-note.ts';
import { factsOf, serverBlocks } from '../findings/server-blocks.ts';

const tones = {
  ready: 'good',
  'ready-with-warnings': 'warning',
  blocked: 'bad',
  inconclusive: 'open',
} as const satisfies Record<OverallVerdict, Tone>;

/** Counts what the verdict rests on: blockers, open points, or notes. */
const weight = (verdict: OverallVerdict, { verdict: own, severity }: Finding): boolean => {
  switch (verdict) {
    case 'blocked':
      return own === 'fail' && severity === 'blocker';
    case 'inconclusive':
      return own === 'unknown' && severity === 'blocker';
    case 'ready-with-warnings':
    case 'ready':
      return true;
    default:
      return verdict satisfies never;
  }
};

/**
 * No rule stands in the way, and yet the account cannot be connected now: somebody has to act first, or something was not
 * seen. Null: neither.
 */
const reservation = (judged: JudgedAccount, locale: Locale): string | null => {
  const { verdict, loginTested } = judged.assessment;
  if (verdict !== 'ready-with-warnings') return null;
  const t = translator(locale);
  const found = unmetInWords(judged, locale).map(({ finding }) => finding);
  const first = found.filter(({ requirement, reason }) => mustActFirst(requirement, reason));
  const actors = [...new Set(first.map(({ actor }) => actor))];
  const who = actors.length > 1 ? 'several' : actors[0];
  if (who) return t(loginTested ? `views:verdict.tested.act-first.${who}` : `views:verdict.act-first.${who}`);
  const count = found.filter((finding) => finding.verdict === 'unknown').length;
  return loginTested && count > 0 ? t('views:verdict.tested.not-all-seen', { count }) : null;
};

/** The verdict in one sentence. */
export const verdictInWords = (judged: JudgedAccount, locale: Locale): { text: string; tone: Tone } => {
  const { verdict, loginTested } = judged.assessment;
  const tone = tones[verdict];
  const reserved = reservation(judged, locale);
  if (reserved !== null) return { text: reserved, tone };
  const isReady = verdict === 'ready' || verdict === 'ready-with-warnings';
  // Only a login that both servers took makes an account ready; where one did not, the verdict is no such one.
  const key =
    isReady && loginTested
      ? (`views:verdict.tested.${verdict}` as const)
      : (`views:verdict.${verdict}` as const);
  const count = unmetInWords(judged, locale).filter(({ finding }) => weight(verdict, finding)).length;
  return { text: translator(locale)(key, { count }), tone };
};

const settings = ({ assessment }: JudgedAccount, locale: Locale): Block[] => {
  if (!assessment.settings) return [];
  const t = translator(locale);
  const title = t(
    assessment.verdict === 'inconclusive' ? 'views:report.values-later' : 'views:report.values',
  );
  return settingsBlocks(assessment.settings, title, locale);
};

const allowList = ({ assessment }: JudgedAccount, locale: Locale): Block[] =>
  assessment.findings.some(
    ({ requirement, reason }) => requirement === 'ip-allowlist' && reason === 'no-sign',
  )
    ? [{ type: 'note', text: translator(locale)('views:report.allow-list') }]
    : [];

/** What only a chat has to say in a report: where the case stands, and what is to be done before a login. */
type AroundReport = { above: readonly Block[]; beforeLogin: readonly Block[] };

/**
 * The report without anything that only a chat has. Somebody who reads no further than its first screen knows the verdict,
 * who acts and what to do; then come the values for HubSpot, and what all this rests on comes last.
 */
export const reportBlocks = (
  judged: JudgedAccount,
  locale: Locale,
  { above, beforeLogin }: AroundReport = { above: [], beforeLogin: [] },
): Block[] => {
  const t = translator(locale);
  const { account, assessment } = judged;
  const worded = unmetInWords(judged, locale);
  const servers = serversInWords(account);
  return [
    { type: 'heading', ...verdictInWords(judged, locale) },
    ...above,
    ...worded.map((one) => actionBlock(one, locale)),
    ...beforeLogin,
    ...settings(judged, locale),
    ...seenBlocks(worded, locale, assessment),
    { type: 'text', text: t('views:report.checked', { address: account.address, servers }) },
    ...rehearsalNote(assessment.findings, locale),
    ...allowList(judged, locale),
  ];
};

const list = (findings: readonly Finding[], { account }: JudgedAccount, locale: Locale): Block => {
  const t = translator(locale);
  const states = { good: 'good', warning: 'warning', bad: 'bad', open: 'open', neutral: 'skipped' } as const;
  return {
    type: 'checklist',
    items: findings.map((finding) => {
      const text = findingText(finding, account, locale);
      return {
        state: states[toneOf(finding)],
        stateLabel: t(`views:finding-state.${finding.verdict}`),
        label: text.title,
        detail: finding.verdict === 'not-applicable' ? null : text.explanation,
      };
    }),
  };
};

/** Everything that was judged, passes too, by server; at the end where the rules are written and how old they are. */
export const detailsBlocks = (judged: JudgedAccount, locale: Locale, now: number): Block[] => {
  const t = translator(locale);
  const { account, assessment } = judged;
  const groups = [...services, null].map((service) => ({
    service,
    findings: assessment.findings.filter(({ endpoint, hubspotStep }) =>
      service === null
        ? endpoint === null && !hubspotStep
        : (endpoint?.service ?? hubspotStep?.slice(0, 4)) === service,
    ),
  }));
  const heading = (service: (typeof groups)[number]['service']): string => {
    if (service === null) return t('views:details.account');
    const endpoint = account[service];
    const name = service.toUpperCase();
    return endpoint
      ? t('views:details.server', { service: name, host: endpoint.host, port: endpoint.port })
      : t('views:details.no-server', { service: name });
  };
  const concerned = requirementIds.filter((id) => assessment.findings.some((one) => one.requirement === id));
  // What holds for several sources stands behind the last of them.
  const sources = new Set(concerned.flatMap((id) => sourceNotes(id, { now, locale })).toReversed());
  return [
    { type: 'heading', text: t('views:details.heading'), tone: 'neutral' },
    ...groups
      .filter(({ findings }) => findings.length > 0)
      .flatMap(({ service, findings }): Block[] => [
        { type: 'text', text: heading(service) },
        list(findings, judged, locale),
        ...(service ? serverBlocks(factsOf(assessment, service), locale) : []),
      ]),
    { type: 'note', text: [...sources].toReversed().join('\n') },
  ];
};
