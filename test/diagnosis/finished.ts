import { newCheck } from '../../src/conversation/state/check.ts';
import type { Check } from '../../src/conversation/state/conversation.ts';
import type { Finding } from '../../src/diagnosis/finding.ts';
import { accountOf } from '../journeys/login-cases.ts';

/** A check that has ended with these findings. `untrusted`: the rep has said to expect an untrusted certificate. */
export const finished = (findings: readonly Finding[], { untrusted }: { untrusted: boolean }): Check => ({
  ...newCheck(
    'check',
    accountOf({
      imap: { port: 993 },
      smtp: { port: 465 },
      account: { untrustedCertificateExpected: untrusted },
    }),
    0,
  ),
  state: 'finished',
  durationMs: 1,
  assessment: {
    verdict: 'ready',
    policy: 'hubspot-2017',
    loginTested: false,
    findings: [...findings],
    settings: null,
  },
  foreignServers: [],
});
