import type { Check } from '../../src/conversation/state/conversation.ts';
import type { Finding } from '../../src/diagnosis/finding.ts';
import { accountOf } from '../journeys/login-cases.ts';

/** A check that has ended with these findings. `untrusted`: the rep has said to expect an untrusted certificate. */
export const finished = (findings: readonly Finding[], { untrusted }: { untrusted: boolean }): Check => ({
  id: 'check',
  account: accountOf({
    imap: { port: 993 },
    smtp: { port: 465 },
    account: { untrustedCertificateExpected: untrusted },
  }),
  startedAt: 0,
  state: 'finished',
  durationMs: 1,
  assessment: {
    verdict: 'ready',
    policy: 'hubspot-2017',
    loginTested: false,
    findings: [...findings],
    settings: null,
  },
  transcripts: [],
  detailsShown: false,
  forCase: null,
  byWatch: false,
  withLogin: false,
  foreignServers: [],
});
