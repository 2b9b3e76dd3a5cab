import { services } from '../../account/endpoint.ts';
import { versionAnswers, versionsAnswered } from '../../observed/seen.ts';
import { requirement } from '../../requirement.ts';

const modern = ['TLSv1.2', 'TLSv1.3'] as const;

/** Only a proven "no" for every newer version makes a server old; what cannot be decided stays undecided. */
export const tlsMinVersion = requirement('tls-min-version', {
  scope: services,
  step: 'connect',
  shownBy: 'outside',
  sources: ['requirements-2017', 'requirements-2024'],
  gate: 'everything',
  judge: (seen, say) => {
    const answers = versionAnswers(seen);
    const versions = versionsAnswered(seen, 'yes');
    if (versions.length === 0) return null;
    if (modern.some((version) => answers.get(version) === 'yes')) return say.pass({ versions });
    if (!modern.every((version) => answers.get(version) === 'no')) return say.because('undecided', {});
    if (answers.get('TLSv1.1') === 'yes') return say.because('tls11-only', { versions });
    return answers.get('TLSv1.1') === 'no'
      ? say.because('legacy-only', { versions })
      : say.because('undecided', {});
  },
});

/** Neither page of HubSpot names TLS 1.3, so a server that speaks nothing else is a risk. */
export const tls13Only = requirement('tls13-only', {
  scope: services,
  step: 'connect',
  shownBy: 'outside',
  sources: ['requirements-2024'],
  judge: (seen, say) => {
    const answers = versionAnswers(seen);
    if (![...answers.values()].includes('yes')) return null;
    // Of what is older still, a connection that broke says nothing; TLS 1.2 itself must be known to be refused.
    const spoken = versionsAnswered(seen, 'yes');
    if (spoken.length > 1 || answers.get('TLSv1.3') !== 'yes') return say.pass();
    // GnuTLS without TLS 1.2 answers it with handshake_failure (40); a server that works with 1.3 and says this to 1.2 is no
    // more use to a client of 1.2.
    const refused =
      answers.get('TLSv1.2') === 'no' ||
      seen.offers.some(({ version, alert }) => version === 'TLSv1.2' && alert === 40);
    return say.because(refused ? 'tls13-only' : 'undecided', {});
  },
});
