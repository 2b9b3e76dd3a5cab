import type { Block } from '../../../chat/view.ts';
import type { Conversation, Notice } from '../../../conversation/state/conversation.ts';
import { findCheck, isFinished } from '../../../conversation/state/selectors.ts';
import { unmet } from '../../../diagnosis/finding.ts';
import type { HubspotStep } from '../../../diagnosis/target/hubspot/index.ts';
import { translator } from '../../catalogue/catalogue.ts';
import { inWords, toneOf } from '../../findings/finding-blocks.ts';
import type { Content } from '../it.ts';

/** What a rep reads who needs no case: where another road is shorter, what HubSpot's error means, what was too much. */
export type GuidingKind = Extract<
  Notice['kind'],
  | 'use-native-google'
  | 'use-native-microsoft'
  | 'no-public-imap'
  | 'said-imap-settings'
  | 'said-imap-login'
  | 'said-smtp-settings'
  | 'said-unauthorized'
  | 'too-many-checks'
  | 'too-many-logins'
  | 'too-many-texts'
  | 'too-many-messages'
  | 'login-link'
>;

/** The steps of HubSpot's test that each of its errors stands for. */
const stepsOfError = {
  'said-imap-settings': ['imap-connect'],
  'said-imap-login': ['imap-login'],
  'said-smtp-settings': ['smtp-connect'],
  'said-unauthorized': ['imap-login', 'smtp-login'],
} as const satisfies Partial<Record<GuidingKind, readonly HubspotStep[]>>;
type SaidKind = keyof typeof stepsOfError;

export const quoted = (summary: string, by: string | null, text: string | null, hint?: string): Content => ({
  summary,
  blocks: [
    { type: 'text', text: summary },
    ...(text === null ? [] : [{ type: 'quote', by: by ?? '', text } as const]),
    ...(hint === undefined ? [] : [{ type: 'note', text: hint } as const]),
  ],
});

export const plain = (...texts: readonly [string, ...string[]]): Content => ({
  summary: texts[0],
  blocks: texts.map((text) => ({ type: 'text', text })),
});

/** What our own last check saw at the step that HubSpot complains of. */
const seenByUs = (conversation: Conversation, notice: Notice, kind: SaidKind): Block[] => {
  const { locale } = conversation;
  const t = translator(locale);
  const check = notice.checkId === null ? null : findCheck(conversation, notice.checkId);
  if (!check || !isFinished(check)) return [{ type: 'text', text: t('views:notice.said-check') }];
  const { address } = check.account;
  const steps: readonly (HubspotStep | null)[] = stepsOfError[kind];
  const unmetThere = check.assessment.findings.filter(
    (finding) => unmet(finding) && steps.includes(finding.hubspotStep),
  );
  const found = inWords(unmetThere, check.account, { locale, isIt: false });
  if (found.length > 0)
    return [
      { type: 'text', text: t('views:notice.said-seen', { address }) },
      ...found.map(
        ({ finding, text }): Block => ({
          type: 'finding',
          tone: toneOf(finding),
          title: text.title,
          paragraphs: [{ label: null, text: text.explanation }],
        }),
      ),
    ];
  const isLogin = kind === 'said-imap-login' || kind === 'said-unauthorized';
  const key = isLogin && !check.assessment.loginTested ? 'said-login-not-seen' : 'said-not-seen';
  return [{ type: 'text', text: t(`views:notice.${key}`, { address }) }];
};

export const guidingNotice = (conversation: Conversation, notice: Notice, kind: GuidingKind): Content => {
  const t = translator(conversation.locale);
  const { text } = notice;
  switch (kind) {
    case 'use-native-google':
    case 'use-native-microsoft':
    case 'no-public-imap':
      return plain(t(`views:notice.${kind}`, { text }), t(`views:notice.${kind}-how`));
    case 'said-imap-settings':
    case 'said-imap-login':
    case 'said-smtp-settings':
    case 'said-unauthorized': {
      const said = plain(t(`views:notice.${kind}`), t(`views:notice.${kind}-cause`));
      return { ...said, blocks: [...said.blocks, ...seenByUs(conversation, notice, kind)] };
    }
    case 'too-many-checks':
    case 'too-many-logins':
    case 'too-many-texts':
    case 'too-many-messages':
      return plain(t(`views:notice.${kind}`, { count: Number(text) }));
    // The link itself is in no state of ours: what is drawn from the state is a link that has had its day.
    case 'login-link':
      return plain(t('views:notice.login-link-used'));
    default:
      return kind satisfies never;
  }
};

/** The one message that holds a link to the login page. */
export const loginLinkContent = (
  { locale }: Pick<Conversation, 'locale'>,
  { url, address }: { url: string; address: string },
): Content => {
  const t = translator(locale);
  const heading = t('views:notice.login-link');
  return {
    summary: heading,
    blocks: [
      { type: 'heading', text: heading, tone: 'neutral' },
      { type: 'text', text: t('views:notice.login-link-text', { address }) },
      { type: 'link', url },
      { type: 'note', text: t('views:notice.login-link-note') },
    ],
  };
};
