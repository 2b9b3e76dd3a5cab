import type { Block } from '../../chat/view.ts';
import type { Locale } from '../../conversation/state/conversation.ts';
import type { Finding } from '../../diagnosis/finding.ts';
import type { Software } from '../../diagnosis/observed/software.ts';
import type { RequirementId } from '../../diagnosis/policy.ts';
import { translator } from '../catalogue/catalogue.ts';

type Topic =
  | 'certificate'
  | 'ciphers'
  | 'client-certificate'
  | 'encryption'
  | 'inbox'
  | 'password-login'
  | 'passwords-encrypted'
  | 'proxy'
  | 'versions';

/** What has to be set for which finding. `*`: whatever the reason. Findings that no setting of the server mends are not here. */
const topics: Partial<Record<RequirementId, Readonly<Record<string, Topic | null>>>> = {
  'tls-min-version': { 'legacy-only': 'versions', 'tls11-only': 'versions' },
  'tls13-only': { 'tls13-only': 'versions' },
  // What another program shows is no certificate of the server.
  'cert-trusted': { 'intercepted-here': null, '*': 'certificate' },
  'cert-chain-complete': { '*': 'certificate' },
  'cert-name': { '*': 'certificate' },
  'cert-validity': { '*': 'certificate' },
  'cert-strength': { 'weak-key-exchange': 'ciphers', '*': 'certificate' },
  'auth-mechanism': { 'tls-ends-in-front': 'proxy', '*': 'password-login' },
  'inbox-readable': { 'inbox-refused': 'inbox' },
  'plaintext-auth': { 'offered-before-tls': 'passwords-encrypted' },
  'imap-encryption': {
    'starttls-not-offered': 'encryption',
    'starttls-refused': 'encryption',
    'no-common-cipher': 'ciphers',
    'client-certificate-required': 'client-certificate',
    'no-server-certificate': 'encryption',
  },
  'smtp-tls': {
    'starttls-not-offered': 'encryption',
    'starttls-refused': 'encryption',
    'no-common-cipher': 'ciphers',
    'client-certificate-required': 'client-certificate',
  },
};

const schannel = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server`;

/**
 * Settings as their own documentation names them: Dovecot's manual for 2.3 and 2.4, imapd-ssl and imapd.conf(5),
 * postconf(5), Exim's specification, smtpd.conf(5), Microsoft's pages on Set-ImapSettings, Enable-ExchangeCertificate,
 * Set-ReceiveConnector and Schannel. A make without an entry has no setting of its own for it.
 */
const settings: Readonly<Record<Software, Partial<Record<Topic, string>>>> = {
  dovecot: {
    versions: 'ssl_min_protocol = TLSv1.2',
    certificate:
      'ssl_cert = </etc/ssl/fullchain.pem\nssl_key = </etc/ssl/private/privkey.pem\n# 2.4: ssl_server_cert_file = …, ssl_server_key_file = …\ndoveadm reload',
    encryption:
      'ssl = yes\nssl_cert = </etc/ssl/fullchain.pem\nssl_key = </etc/ssl/private/privkey.pem\n# 2.4: ssl_server_cert_file = …, ssl_server_key_file = …',
    ciphers: 'ssl_cipher_list = ECDHE+AESGCM:ECDHE+CHACHA20',
    'client-certificate': 'ssl_verify_client_cert = no\nauth_ssl_require_client_cert = no',
    'password-login': 'auth_mechanisms = plain login',
    'passwords-encrypted': 'disable_plaintext_auth = yes\n# 2.4: auth_allow_cleartext = no',
    inbox: 'doveadm mailbox status -u … messages INBOX\ndoveadm acl debug -u … INBOX',
    proxy:
      '# HAProxy: server … send-proxy-v2-ssl\nhaproxy_trusted_networks = …\nservice imap-login {\n  inet_listener imap {\n    haproxy = yes\n  }\n}',
  },
  courier: {
    versions:
      '# /etc/courier/imapd-ssl, GnuTLS\nTLS_PRIORITY="NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3"\n# OpenSSL\nTLS_PROTOCOL="TLSv1.2"',
    certificate: '# /etc/courier/imapd-ssl\nTLS_CERTFILE=/etc/courier/imapd.pem',
    encryption:
      '# /etc/courier/imapd-ssl\nIMAPDSTARTTLS=YES\nIMAPDSSLSTART=YES\nTLS_CERTFILE=/etc/courier/imapd.pem',
    ciphers: '# /etc/courier/imapd-ssl, GnuTLS\nTLS_PRIORITY="NORMAL"',
    'client-certificate': '# /etc/courier/imapd-ssl\nTLS_VERIFYPEER=NONE',
    'password-login': '# /etc/courier/imapd\nIMAP_CAPABILITY_TLS="$IMAP_CAPABILITY AUTH=PLAIN"',
    'passwords-encrypted': '# /etc/courier/imapd-ssl\nIMAP_TLS_REQUIRED=1',
  },
  cyrus: {
    versions: '# /etc/imapd.conf\ntls_versions: tls1_2 tls1_3',
    certificate:
      '# /etc/imapd.conf\ntls_server_cert: /etc/ssl/fullchain.pem\ntls_server_key: /etc/ssl/private/privkey.pem',
    encryption:
      '# /etc/imapd.conf\ntls_server_cert: /etc/ssl/fullchain.pem\ntls_server_key: /etc/ssl/private/privkey.pem\n# 3.10: imap_allowstarttls: on',
    ciphers: '# /etc/imapd.conf\ntls_ciphers: DEFAULT',
    'client-certificate': '# /etc/imapd.conf\ntls_client_certs: optional',
    'password-login': '# /etc/imapd.conf\nsasl_mech_list: PLAIN LOGIN',
    'passwords-encrypted': '# /etc/imapd.conf\nallowplaintext: no',
    inbox: '# cyradm\nlistacl user.…\nreconstruct user.…',
    proxy: '# /etc/imapd.conf, for the service behind the proxy\nallowplaintext: yes',
  },
  postfix: {
    versions:
      "postconf -e 'smtpd_tls_protocols = >=TLSv1.2' 'smtpd_tls_mandatory_protocols = >=TLSv1.2'\npostfix reload",
    certificate:
      "postconf -e 'smtpd_tls_chain_files = /etc/ssl/private/privkey.pem, /etc/ssl/fullchain.pem'\npostfix reload",
    encryption:
      "postconf -e 'smtpd_tls_security_level = may' 'smtpd_tls_chain_files = /etc/ssl/private/privkey.pem, /etc/ssl/fullchain.pem'\npostfix reload",
    ciphers:
      "postconf -e 'smtpd_tls_ciphers = medium' 'smtpd_tls_mandatory_ciphers = medium'\npostfix reload",
    'client-certificate': "postconf -e 'smtpd_tls_req_ccert = no'\npostfix reload",
    'password-login':
      "postconf -e 'smtpd_sasl_auth_enable = yes' 'smtpd_sasl_security_options = noanonymous'\npostfix reload",
    'passwords-encrypted': "postconf -e 'smtpd_tls_auth_only = yes'\npostfix reload",
    proxy:
      '# master.cf, only for the port behind the proxy\n  -o smtpd_tls_security_level=none\n  -o smtpd_tls_auth_only=no',
  },
  exim: {
    versions:
      '# GnuTLS\ntls_require_ciphers = NORMAL:-VERS-TLS1.0:-VERS-TLS1.1\n# OpenSSL\nopenssl_options = +no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1',
    certificate: 'tls_certificate = /etc/exim4/fullchain.pem\ntls_privatekey = /etc/exim4/privkey.pem',
    encryption:
      'tls_advertise_hosts = *\ntls_certificate = /etc/exim4/fullchain.pem\ntls_privatekey = /etc/exim4/privkey.pem',
    ciphers: '# GnuTLS\ntls_require_ciphers = NORMAL',
    'client-certificate': 'tls_verify_hosts =',
    'password-login':
      '# begin authenticators\nplain:\n  driver = plaintext\n  public_name = PLAIN\n  server_prompts = :\n  server_condition = …',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Exim expands this, not we
    'passwords-encrypted': 'auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}',
  },
  opensmtpd: {
    certificate: 'pki mail cert "/etc/ssl/fullchain.pem"\npki mail key "/etc/ssl/private/privkey.pem"',
    encryption: 'listen on all port 587 tls-require pki mail auth\nlisten on all smtps pki mail auth',
    'client-certificate': 'listen on all port 587 tls-require pki mail auth',
    'password-login': 'listen on all port 587 tls-require pki mail auth\nlisten on all smtps pki mail auth',
    'passwords-encrypted': 'listen on all port 587 tls-require pki mail auth',
  },
  exchange: {
    versions: `reg add "${schannel}" /v Enabled /t REG_DWORD /d 1\nreg add "${schannel}" /v DisabledByDefault /t REG_DWORD /d 0`,
    certificate:
      'Enable-ExchangeCertificate -Thumbprint … -Services IMAP,SMTP\nSet-ImapSettings -X509CertificateName …\nRestart-Service MSExchangeImap4',
    encryption:
      'Enable-ExchangeCertificate -Thumbprint … -Services IMAP,SMTP\nSet-ImapSettings -X509CertificateName …\nRestart-Service MSExchangeImap4',
    'password-login':
      'Set-ImapSettings -LoginType SecureLogin\nSet-ReceiveConnector … -AuthMechanism Tls,BasicAuth,BasicAuthRequireTLS',
    'passwords-encrypted':
      'Set-ImapSettings -LoginType SecureLogin\nSet-ReceiveConnector … -AuthMechanism Tls,BasicAuth,BasicAuthRequireTLS',
  },
};

/** As their makers write them. */
export const softwareNames = {
  dovecot: 'Dovecot',
  courier: 'Courier-IMAP',
  cyrus: 'Cyrus IMAP',
  exchange: 'Microsoft Exchange',
  postfix: 'Postfix',
  exim: 'Exim',
  opensmtpd: 'OpenSMTPD',
} as const satisfies Record<Software, string>;

const topicOf = ({ requirement, reason }: Finding): Topic | null => {
  const known = topics[requirement];
  if (reason === null || known?.[reason] === null) return null;
  return known?.[reason] ?? known?.['*'] ?? null;
};

/** Settings to begin with, each once, for the make that the server's answers point to; a suggestion and marked so. */
export const fixBlocks = (
  findings: readonly Finding[],
  software: Software | null,
  locale: Locale,
): Block[] => {
  if (software === null) return [];
  const t = translator(locale);
  const concerned = new Set(findings.flatMap((finding) => topicOf(finding) ?? []));
  return [...concerned].flatMap((topic): Block[] => {
    const text = settings[software][topic];
    const label = t(`fixes:${topic}`, { software: softwareNames[software] });
    return text === undefined ? [] : [{ type: 'code', label, text }];
  });
};
