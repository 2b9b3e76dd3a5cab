import type { Block } from '../../chat/view.ts';
import type { Conversation, Locale } from '../../conversation/state/conversation.ts';
import { lookupOf, proposalOf } from '../../conversation/state/lookup.ts';
import { prefill } from '../../conversation/view/forms.ts';
import { services } from '../../diagnosis/account/endpoint.ts';
import type { Proposal } from '../../diagnosis/account/provider.ts';
import { soundsLikeTeam } from '../../diagnosis/requirements/account/personal-inbox.ts';
import { translator } from '../catalogue/catalogue.ts';
import { hintTexts } from '../messages/discovery.ts';

/** What is to be known or done before a login. */
export const hintsInWords = (proposal: Proposal, address: string, locale: Locale): string[] =>
  hintTexts(proposal, address, locale).map(({ title, text }) => `${title}. ${text}`);

/** Whether what stands in the fields is what was found; what she typed herself is not called found. */
const isShown = (conversation: Conversation, proposal: Proposal): boolean => {
  const { imapHost, smtpHost } = prefill(conversation);
  const shown = { imap: imapHost, smtp: smtpHost };
  const found = services.filter((service) => proposal[service] !== null);
  return found.length > 0 && found.every((service) => proposal[service]?.host === shown[service]);
};

const origin = (conversation: Conversation, locale: Locale): string => {
  const t = translator(locale);
  const address = conversation.draft.address?.trim() ?? '';
  const lookup = lookupOf(conversation);
  switch (lookup?.state) {
    case 'looking':
      return t('forms:intro.servers-looking', { address });
    case 'refused': {
      const minutes = Math.max(1, Math.ceil((lookup.until - conversation.updatedAt) / 60_000));
      return t('forms:intro.servers-refused', { count: minutes });
    }
    case 'found': {
      const { source, imap, smtp } = lookup.proposal;
      if (source === null || (!imap && !smtp)) return t('forms:intro.servers-not-found', { address });
      return isShown(conversation, lookup.proposal)
        ? t('forms:intro.servers-found', { address, source: t(`forms:source.${source}`) })
        : t('forms:intro.servers', { address });
    }
    case 'failed':
      return t('forms:intro.servers-not-found', { address });
    case undefined:
      return t('forms:intro.servers', { address });
    default:
      return lookup satisfies undefined;
  }
};

/** The form before preselects that the inbox is hers alone, so her yes may have been none: asked once more, kindly. */
const teamHint = ({ draft }: Conversation, locale: Locale): string[] => {
  const address = draft.address?.trim() ?? '';
  const isDoubtful = draft.personalInbox === 'yes' && soundsLikeTeam(address);
  return isDoubtful ? [translator(locale)('forms:intro.servers-team', { address })] : [];
};

/** Above the servers: where the values come from, what is missing, and what to do first. */
export const serversIntro = (conversation: Conversation, locale: Locale): Block[] => {
  const t = translator(locale);
  const proposal = proposalOf(conversation);
  const missing =
    proposal && isShown(conversation, proposal)
      ? services.filter((service) => proposal[service] === null)
      : [];
  return [
    { type: 'text', text: origin(conversation, locale) },
    ...missing.map((service): Block => {
      return { type: 'text', text: t('forms:intro.servers-one-missing', { service: service.toUpperCase() }) };
    }),
    ...[
      ...(proposal ? hintsInWords(proposal, conversation.draft.address?.trim() ?? '', locale) : []),
      ...teamHint(conversation, locale),
    ].map((text): Block => ({ type: 'note', text })),
  ];
};
