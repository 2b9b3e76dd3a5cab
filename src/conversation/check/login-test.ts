import { type Service, services } from '../../diagnosis/account/endpoint.ts';
import type { Finding } from '../../diagnosis/finding.ts';
import { requirements } from '../../diagnosis/requirements/index.ts';
import type { Check } from '../state/conversation.ts';
import { isFinished } from '../state/selectors.ts';

const isFine = ({ verdict }: Finding): boolean => verdict === 'pass' || verdict === 'warn';
/** A certificate that will expire is still in order today. */
const isTrusted = ({ verdict, reason }: Finding): boolean => verdict === 'pass' || reason === 'expires-soon';

/**
 * Whether a password could be sent at all: both servers speak TLS, take passwords, and show a certificate that can be
 * verified, or that the rep has said to expect. What a login can show needs nothing else to be in order.
 */
export const canTestLogin = (check: Check): boolean => {
  if (!isFinished(check)) return false;
  const { account, assessment } = check;
  return services.every((service) => {
    if (account[service] === null) return false;
    const findings = assessment.findings.filter(({ endpoint }) => endpoint?.service === service);
    return requirements.every(({ id, scope, neededForLogin }) => {
      if (neededForLogin === undefined || !scope.includes(service)) return true;
      const own = findings.filter(({ requirement }) => requirement === id);
      return neededForLogin === 'always'
        ? own.length > 0 && own.every(isFine)
        : account.untrustedCertificateExpected || own.every(isTrusted);
    });
  });
};

/**
 * What the operator allows. `loginPage`: passwords can be typed safely; `refusesForeignServers`: not for any server;
 * `rehearsal`: a test mail may be sent, if the rep agrees.
 */
export type LoginRules = { loginPage?: boolean; refusesForeignServers?: boolean; rehearsal?: boolean };

/** The servers that keep a password from being asked for: nothing connects them with the address, and that is not allowed here. */
export const refusedServers = (check: Check, { refusesForeignServers = false }: LoginRules): Service[] =>
  refusesForeignServers ? check.foreignServers : [];

/** Whether a link to the login page is to be had for this check. */
export const offersLoginTest = (check: Check, rules: LoginRules): boolean =>
  (rules.loginPage ?? false) && canTestLogin(check) && refusedServers(check, rules).length === 0;
