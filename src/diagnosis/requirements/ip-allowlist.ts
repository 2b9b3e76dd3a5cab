import { services } from '../endpoint.ts';
import { requirement } from '../requirement.ts';
import { droppedAtOnce } from '../seen.ts';

/** Seen from our own address this can never be settled; only signs of an address filter can be reported. */
export const ipAllowlist = requirement('ip-allowlist', {
  scope: services,
  step: 'connect',
  judge: (seen, say) => {
    if (seen.greeting?.outcome === 'spoken') {
      const { state, text } = seen.greeting.spoken;
      return state === 'refusing'
        ? say.because('refused-by-banner', { banner: text })
        : say.because('no-sign', {});
    }
    return droppedAtOnce(seen) ? say.because('dropped', {}) : null;
  },
});
