import { services } from '../../account/endpoint.ts';
import { droppedAtOnce, firstWords, turnedAway, wantsOurCertificate } from '../../observed/seen.ts';
import { requirement } from '../../requirement.ts';

/** Seen from our own address this can never be settled; only signs of an address filter can be reported. */
export const ipAllowlist = requirement('ip-allowlist', {
  scope: services,
  step: 'connect',
  shownBy: 'never',
  sources: ['requirements-2017', 'domain-settings'],
  explains: { 'imap-smtp-supported': ['refused-from-here'] },
  judge: (seen, say) => {
    if (droppedAtOnce(seen)) return say.because('dropped', {});
    if (firstWords(seen) === null) return null;
    const away = turnedAway(seen);
    if (away?.state !== 'refusing' || wantsOurCertificate(seen)) return say.because('no-sign', {});
    // That our own address is listed or locked out, or that nobody says why, tells nothing of a list of those admitted.
    return away.about === 'addresses' ? say.because('refused-by-banner', { banner: away.text }) : null;
  },
});
