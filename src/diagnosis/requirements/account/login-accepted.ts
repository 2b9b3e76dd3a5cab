import { services } from '../../account/endpoint.ts';
import { blamed, notTried } from '../../observed/login.ts';
import type { ObservationOf } from '../../observed/observation.ts';
import type { Seen } from '../../observed/seen.ts';
import type { RequirementId } from '../../policy.ts';
import {
  type Judgement,
  type JudgementContext,
  type Requirement,
  requirement,
  type Say,
} from '../../requirement.ts';
import { rule } from '../../rule.ts';
import { certChainComplete, certName, certStrength, certValidity } from '../security/certificate.ts';

type Own = Say<'login-accepted'>;

const ofCertificates: readonly Requirement[] = [certChainComplete, certName, certValidity, certStrength];

/** What is wrong with a certificate says its own requirement; only a chain that leads nowhere is no failure there. */
const certificateFault = (seen: Seen, context: JudgementContext): RequirementId | null =>
  ofCertificates.find(({ id, judge }) => {
    const judged = judge(seen, context);
    if (!judged) return false;
    return rule(id, judged.reason, { policy: context.policy, proven: judged.proven }).verdict === 'fail';
  })?.id ?? null;

/** RFC 5530 and RFC 4954 §6 tell some causes apart; what the words are known to mean was read by the probe. */
const judgeRefusal = (
  { meaning, reply }: ObservationOf<'login'>,
  say: Own,
  context: JudgementContext,
): Judgement => {
  switch (meaning) {
    case 'wrong-credentials':
    case 'wrong-credentials-or-imap-disabled':
      // Where a provider takes no password at all, the words are the same and the password is not to blame.
      return say.because(
        context.provider?.password === 'none' ? 'basic-auth-disabled' : 'wrong-credentials',
        { reply },
      );
    case 'locked':
    case 'basic-auth-disabled':
    case 'too-many-connections':
    case 'web-login-required':
    case 'password-expired':
    case 'unavailable':
    case 'our-address-refused':
      return say.because(meaning, { reply });
    case 'imap-disabled':
    case 'imap-disabled-for-domain':
    case 'app-password':
    case 'mechanism-unknown':
    case 'tls-required':
    case null:
      return say.because('refused', { reply });
  }
};

export const loginAccepted = requirement('login-accepted', {
  scope: services,
  step: 'login',
  shownBy: 'login',
  sources: ['requirements-2017'],
  provesStep: true,
  judge: (seen, say, context) => {
    const { login } = seen;
    if (notTried(seen)) return say.notTested();
    if (!login) return null;
    switch (login.outcome) {
      case 'accepted':
        return say.pass();
      case 'refused': {
        const because = blamed(seen);
        return because === 'login-accepted' ? judgeRefusal(login, say, context) : say.notReached(because);
      }
      case 'withheld': {
        // Then the certificate was another than the one that was to be expected.
        if (seen.account.untrustedCertificateExpected) return say.because('certificate-changed', {});
        const because = certificateFault(seen, context);
        return because ? say.notReached(because) : say.because('certificate-not-trusted', {});
      }
      case 'cut-short':
        return say.notMeasured();
      case 'silent':
      case 'closed':
      case 'reset':
      case 'too-long':
        return say.because('unanswered', {});
    }
  },
});
