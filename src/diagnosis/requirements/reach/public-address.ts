import { services } from '../../account/endpoint.ts';
import { requirement } from '../../requirement.ts';

/** HubSpot comes from the internet. The system's resolver may show an inside view of a name; a literal does not. */
export const publicAddress = requirement('public-address', {
  scope: services,
  step: 'connect',
  shownBy: 'outside',
  sources: [],
  gate: 'everything',
  judge: ({ resolution }, say) => {
    if (resolution?.outcome !== 'resolved') return null;
    const inside = resolution.addresses.filter((found) => !found.public).map(({ address }) => address);
    if (inside.length === 0) return say.pass();
    return say.because(resolution.via === 'system' ? 'private-answer-here' : 'private-address', {
      addresses: inside,
    });
  },
});
