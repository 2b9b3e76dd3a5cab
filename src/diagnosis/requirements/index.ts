import type { Requirement } from '../requirement.ts';
import { appPassword, concurrentConnections, customUsername, imapEnabledAccount } from './account-access.ts';
import { authMechanism, plaintextAuth } from './auth-mechanism.ts';
import { certChainComplete, certName, certStrength, certTrusted, certValidity } from './certificate.ts';
import { courierImap } from './courier-imap.ts';
import { imapEncryption, smtpTls } from './encryption.ts';
import { imapSmtpSupported } from './imap-smtp-supported.ts';
import { ipAllowlist } from './ip-allowlist.ts';
import { loginAccepted } from './login-accepted.ts';
import { nativeConnectionFirst } from './native-connection-first.ts';
import { personalInbox } from './personal-inbox.ts';
import { pop3NotEnough } from './pop3-not-enough.ts';
import { imapPortOpen, smtpPortOpen } from './port-open.ts';
import { publicAddress } from './public-address.ts';
import { sameCredentials } from './same-credentials.ts';
import { sentFolder } from './sent-folder.ts';
import { smtpSendAs } from './smtp-send-as.ts';
import { tls13Only, tlsMinVersion } from './tls-versions.ts';

/** In the order in which an endpoint is reached: the first that fails explains why the later ones were not. */
export const requirements: readonly Requirement[] = [
  publicAddress,
  imapPortOpen,
  smtpPortOpen,
  ipAllowlist,
  imapSmtpSupported,
  imapEncryption,
  smtpTls,
  tlsMinVersion,
  tls13Only,
  certTrusted,
  certChainComplete,
  certName,
  certValidity,
  certStrength,
  authMechanism,
  plaintextAuth,
  sameCredentials,
  courierImap,
  pop3NotEnough,
  nativeConnectionFirst,
  personalInbox,
  imapEnabledAccount,
  appPassword,
  loginAccepted,
  customUsername,
  concurrentConnections,
  sentFolder,
  smtpSendAs,
];
