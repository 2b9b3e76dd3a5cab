import type { RequirementId } from '../policy.ts';
import type { Requirement } from '../requirement.ts';
import {
  appPassword,
  concurrentConnections,
  customUsername,
  imapEnabledAccount,
} from './account/account-access.ts';
import { inboxReadable } from './account/inbox-readable.ts';
import { loginAccepted } from './account/login-accepted.ts';
import { nativeConnectionFirst } from './account/native-connection-first.ts';
import { personalInbox } from './account/personal-inbox.ts';
import { sameCredentials } from './account/same-credentials.ts';
import { sentFolder } from './account/sent-folder.ts';
import { smtpSendAs, testMailArrives } from './account/test-mail.ts';
import { courierImap } from './reach/courier-imap.ts';
import { imapSmtpSupported } from './reach/imap-smtp-supported.ts';
import { ipAllowlist } from './reach/ip-allowlist.ts';
import { pop3NotEnough } from './reach/pop3-not-enough.ts';
import { imapPortOpen, smtpPortOpen } from './reach/port-open.ts';
import { publicAddress } from './reach/public-address.ts';
import { authMechanism, plaintextAuth } from './security/auth-mechanism.ts';
import {
  certChainComplete,
  certName,
  certStrength,
  certTrusted,
  certValidity,
} from './security/certificate.ts';
import { imapEncryption, smtpTls } from './security/encryption.ts';
import { tls13Only, tlsMinVersion } from './security/tls-versions.ts';

/** In the order in which an endpoint is reached: the first that fails explains why the later ones were not. */
export const requirementsById = {
  'public-address': publicAddress,
  'imap-port-open': imapPortOpen,
  'smtp-port-open': smtpPortOpen,
  'ip-allowlist': ipAllowlist,
  'imap-smtp-supported': imapSmtpSupported,
  'imap-encryption': imapEncryption,
  'smtp-tls': smtpTls,
  'tls-min-version': tlsMinVersion,
  'tls13-only': tls13Only,
  'cert-trusted': certTrusted,
  'cert-chain-complete': certChainComplete,
  'cert-name': certName,
  'cert-validity': certValidity,
  'cert-strength': certStrength,
  'auth-mechanism': authMechanism,
  'plaintext-auth': plaintextAuth,
  'same-credentials': sameCredentials,
  'courier-imap': courierImap,
  'pop3-not-enough': pop3NotEnough,
  'native-connection-first': nativeConnectionFirst,
  'personal-inbox': personalInbox,
  'imap-enabled-account': imapEnabledAccount,
  'app-password': appPassword,
  'login-accepted': loginAccepted,
  'inbox-readable': inboxReadable,
  'custom-username': customUsername,
  'concurrent-connections': concurrentConnections,
  'sent-folder': sentFolder,
  'smtp-send-as': smtpSendAs,
  'test-mail-arrives': testMailArrives,
} satisfies { [R in RequirementId]: Requirement<R> };

export const requirements: readonly Requirement[] = Object.values(requirementsById);

/** Requirements that can never be shown to be met. */
export type NeverPasses = {
  [R in RequirementId]: (typeof requirementsById)[R]['shownBy'] extends 'never' ? R : never;
}[RequirementId];
