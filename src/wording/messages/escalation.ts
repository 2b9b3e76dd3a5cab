import type { Escalation, Locale } from '../../conversation/state/conversation.ts';
import { translator } from '../catalogue/catalogue.ts';
import { nameInWords } from '../catalogue/names.ts';

/** Where a case stands, in one sentence for the rep. */
export const escalationInWords = (escalation: Escalation, locale: Locale): string => {
  const t = translator(locale);
  if (escalation.state === 'resolved')
    return t('views:case.resolved', { name: nameInWords(escalation.resolvedBy, locale) });
  if (escalation.delivery === 'failed' && !escalation.retry) return t('views:case.given-up');
  if (escalation.delivery !== 'arrived') return t(`views:case.${escalation.delivery}`);
  if (escalation.state === 'waiting-for-rep') return t('views:case.waiting');
  return escalation.claimedBy
    ? t('views:case.claimed', { name: escalation.claimedBy.name })
    : t('views:case.open');
};
