import { type Service, services } from '../diagnosis/endpoint.ts';
import type { Finding } from '../diagnosis/finding.ts';
import { encryptionOf } from '../diagnosis/login.ts';
import type { Check } from './conversation.ts';
import { isFinished } from './select.ts';

const certificate = ['cert-trusted', 'cert-chain-complete', 'cert-name', 'cert-validity'];

const isFine = ({ verdict }: Finding): boolean => verdict === 'pass' || verdict === 'warn';

/**
 * Whether a password could be sent at all: both servers speak TLS, take passwords, and show a certificate that can be
 * verified, or that the rep has said to expect. What a login can show needs nothing else to be in order.
 */
export const canTestLogin = (check: Check): boolean => {
  if (!isFinished(check)) return false;
  const { account, assessment } = check;
  return services.every((service) => {
    if (account[service] === null) return false;
    const own = assessment.findings.filter(({ endpoint }) => endpoint?.service === service);
    const says = (requirement: string) => own.filter((finding) => finding.requirement === requirement);
    const isMet = (requirement: string) => says(requirement).length > 0 && says(requirement).every(isFine);
    // One that will expire is still in order today.
    const isTrusted = certificate
      .flatMap(says)
      .every(({ verdict, reason }) => verdict === 'pass' || reason === 'expires-soon');
    return (
      isMet(encryptionOf[service]) &&
      isMet('auth-mechanism') &&
      (isTrusted || account.untrustedCertificateExpected)
    );
  });
};

/** What the operator allows. `loginPage`: passwords can be typed safely; `refusesForeignServers`: not for any server. */
export type LoginRules = { loginPage?: boolean; refusesForeignServers?: boolean };

/** The servers that keep a password from being asked for: nothing connects them with the address, and that is not allowed here. */
export const refusedServers = (check: Check, { refusesForeignServers = false }: LoginRules): Service[] =>
  refusesForeignServers ? check.foreignServers : [];

/** Whether a link to the login page is to be had for this check. */
export const offersLoginTest = (check: Check, rules: LoginRules): boolean =>
  (rules.loginPage ?? false) && canTestLogin(check) && refusedServers(check, rules).length === 0;
