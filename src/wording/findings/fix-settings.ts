import type { Software } from '../../diagnosis/observed/software.ts';

export type FixTopic =
  | 'certificate'
  | 'ciphers'
  | 'client-certificate'
  | 'encryption'
  | 'inbox'
  | 'password-login'
  | 'passwords-encrypted'
  | 'proxy'
  | 'versions';

/** What must be known before a setting is changed, beside what the setting says itself. */
export type FixNote = 'pem' | 'reboot' | 'replaces-list' | 'sasl-in-dovecot';

/** `note`: where the setting alone would mislead. */
type Fix = { text: string; note?: FixNote };

const schannel = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\SecurityProviders\SCHANNEL\Protocols\TLS 1.2\Server`;

/**
 * Settings as their own documentation names them: Dovecot's manuals for 2.3 and 2.4, imapd-ssl and imapd.conf(5) of Courier
 * and Cyrus (STARTTLS is off since Cyrus 3.12.1), postconf(5) (`>=` since Postfix 3.6, chain files since 3.4), Exim's
 * specification, smtpd.conf(5), Microsoft's pages on Set-ImapSettings, Enable-ExchangeCertificate, Set-ReceiveConnector and
 * Schannel. A make without an entry has no setting of its own for it.
 */
export const fixSettings: Readonly<Record<Software, Partial<Record<FixTopic, Fix>>>> = {
  dovecot: {
    versions: { text: 'ssl_min_protocol = TLSv1.2' },
    certificate: {
      text: '# 2.3\nssl_cert = </etc/ssl/fullchain.pem\nssl_key = </etc/ssl/private/privkey.pem\n# 2.4\nssl_server_cert_file = /etc/ssl/fullchain.pem\nssl_server_key_file = /etc/ssl/private/privkey.pem\n# doveadm reload',
    },
    encryption: {
      text: 'ssl = yes\n# 2.3\nssl_cert = </etc/ssl/fullchain.pem\nssl_key = </etc/ssl/private/privkey.pem\n# 2.4\nssl_server_cert_file = /etc/ssl/fullchain.pem\nssl_server_key_file = /etc/ssl/private/privkey.pem\n# doveadm reload',
    },
    ciphers: { text: 'ssl_cipher_list = ECDHE+AESGCM:ECDHE+CHACHA20' },
    'client-certificate': {
      text: 'auth_ssl_require_client_cert = no\n# 2.3\nssl_verify_client_cert = no\n# 2.4\nssl_server_request_client_cert = no',
    },
    'password-login': { text: 'auth_mechanisms = plain login' },
    'passwords-encrypted': { text: '# 2.3\ndisable_plaintext_auth = yes\n# 2.4\nauth_allow_cleartext = no' },
    inbox: { text: 'doveadm mailbox status -u … messages INBOX\ndoveadm acl debug -u … INBOX' },
    proxy: {
      text: '# HAProxy: server … send-proxy-v2-ssl\nhaproxy_trusted_networks = …\nservice imap-login {\n  inet_listener imap {\n    haproxy = yes\n  }\n}',
    },
  },
  courier: {
    versions: {
      text: '# /etc/courier/imapd-ssl, GnuTLS\nTLS_PRIORITY="NORMAL:-VERS-ALL:+VERS-TLS1.2:+VERS-TLS1.3"\n# OpenSSL\nTLS_PROTOCOL="TLSv1.2"',
    },
    certificate: { text: '# /etc/courier/imapd-ssl\nTLS_CERTFILE=/etc/courier/imapd.pem', note: 'pem' },
    encryption: {
      text: '# /etc/courier/imapd-ssl\nIMAPDSTARTTLS=YES\nIMAPDSSLSTART=YES\nTLS_CERTFILE=/etc/courier/imapd.pem',
      note: 'pem',
    },
    ciphers: { text: '# /etc/courier/imapd-ssl, GnuTLS\nTLS_PRIORITY="NORMAL"' },
    'client-certificate': { text: '# /etc/courier/imapd-ssl\nTLS_VERIFYPEER=NONE' },
    'password-login': { text: '# /etc/courier/imapd\nIMAP_CAPABILITY_TLS="$IMAP_CAPABILITY AUTH=PLAIN"' },
    'passwords-encrypted': { text: '# /etc/courier/imapd-ssl\nIMAP_TLS_REQUIRED=1' },
  },
  cyrus: {
    versions: { text: '# /etc/imapd.conf\ntls_versions: tls1_2 tls1_3' },
    certificate: {
      text: '# /etc/imapd.conf\ntls_server_cert: /etc/ssl/fullchain.pem\ntls_server_key: /etc/ssl/private/privkey.pem',
    },
    encryption: {
      text: '# /etc/imapd.conf\ntls_server_cert: /etc/ssl/fullchain.pem\ntls_server_key: /etc/ssl/private/privkey.pem\n# 3.12.1 and newer: imap_allowstarttls: yes',
    },
    ciphers: { text: '# /etc/imapd.conf\ntls_ciphers: DEFAULT' },
    'client-certificate': { text: '# /etc/imapd.conf\ntls_client_certs: off' },
    'password-login': { text: '# /etc/imapd.conf\nsasl_mech_list: PLAIN LOGIN' },
    'passwords-encrypted': { text: '# /etc/imapd.conf\nallowplaintext: no' },
    inbox: { text: '# cyradm\nlistacl user.…\nreconstruct user.…' },
    proxy: { text: '# /etc/imapd.conf, for the service behind the proxy\nallowplaintext: yes' },
  },
  postfix: {
    versions: {
      text: "postconf -e 'smtpd_tls_protocols = >=TLSv1.2' 'smtpd_tls_mandatory_protocols = >=TLSv1.2'\n# Postfix < 3.6: !SSLv2, !SSLv3, !TLSv1, !TLSv1.1\npostfix reload",
    },
    certificate: {
      text: "postconf -e 'smtpd_tls_chain_files = /etc/ssl/private/privkey.pem, /etc/ssl/fullchain.pem'\n# Postfix < 3.4: smtpd_tls_key_file = …, smtpd_tls_cert_file = …\npostfix reload",
    },
    encryption: {
      text: "postconf -e 'smtpd_tls_security_level = may' 'smtpd_tls_chain_files = /etc/ssl/private/privkey.pem, /etc/ssl/fullchain.pem'\n# Postfix < 3.4: smtpd_tls_key_file = …, smtpd_tls_cert_file = …\npostfix reload",
    },
    ciphers: {
      text: "postconf -e 'smtpd_tls_ciphers = medium' 'smtpd_tls_mandatory_ciphers = medium'\npostfix reload",
    },
    'client-certificate': { text: "postconf -e 'smtpd_tls_req_ccert = no'\npostfix reload" },
    'password-login': {
      text: "postconf -e 'smtpd_sasl_auth_enable = yes' 'smtpd_sasl_security_options = noanonymous'\npostfix reload",
      note: 'sasl-in-dovecot',
    },
    'passwords-encrypted': { text: "postconf -e 'smtpd_tls_auth_only = yes'\npostfix reload" },
    proxy: {
      text: '# master.cf, only for the port behind the proxy\n  -o smtpd_tls_security_level=none\n  -o smtpd_tls_auth_only=no',
    },
  },
  exim: {
    versions: {
      text: '# GnuTLS\ntls_require_ciphers = NORMAL:-VERS-TLS1.0:-VERS-TLS1.1\n# OpenSSL\nopenssl_options = +no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1',
    },
    certificate: {
      text: 'tls_certificate = /etc/exim4/fullchain.pem\ntls_privatekey = /etc/exim4/privkey.pem',
    },
    encryption: {
      text: 'tls_advertise_hosts = *\ntls_certificate = /etc/exim4/fullchain.pem\ntls_privatekey = /etc/exim4/privkey.pem',
    },
    ciphers: { text: '# GnuTLS\ntls_require_ciphers = NORMAL' },
    'client-certificate': { text: 'tls_verify_hosts =' },
    'password-login': {
      text: '# begin authenticators\nplain:\n  driver = plaintext\n  public_name = PLAIN\n  server_prompts = :\n  server_condition = …',
    },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Exim expands this, not we
    'passwords-encrypted': { text: 'auth_advertise_hosts = ${if eq{$tls_in_cipher}{}{}{*}}' },
  },
  opensmtpd: {
    certificate: {
      text: 'pki mail cert "/etc/ssl/fullchain.pem"\npki mail key "/etc/ssl/private/privkey.pem"',
    },
    encryption: {
      text: 'listen on all port 587 tls-require pki mail auth\nlisten on all smtps pki mail auth',
    },
    'client-certificate': { text: 'listen on all port 587 tls-require pki mail auth' },
    'password-login': {
      text: 'listen on all port 587 tls-require pki mail auth\nlisten on all smtps pki mail auth',
    },
    'passwords-encrypted': { text: 'listen on all port 587 tls-require pki mail auth' },
  },
  exchange: {
    versions: {
      text: `reg add "${schannel}" /v Enabled /t REG_DWORD /d 1\nreg add "${schannel}" /v DisabledByDefault /t REG_DWORD /d 0`,
      note: 'reboot',
    },
    certificate: {
      text: 'Enable-ExchangeCertificate -Thumbprint … -Services IMAP,SMTP\nSet-ImapSettings -X509CertificateName …\nRestart-Service MSExchangeIMAP4, MSExchangeIMAP4BE',
    },
    encryption: {
      text: 'Enable-ExchangeCertificate -Thumbprint … -Services IMAP,SMTP\nSet-ImapSettings -X509CertificateName …\nRestart-Service MSExchangeIMAP4, MSExchangeIMAP4BE',
    },
    'password-login': {
      text: 'Set-ImapSettings -LoginType SecureLogin\nRestart-Service MSExchangeIMAP4, MSExchangeIMAP4BE\nGet-ReceiveConnector … | Format-List AuthMechanism\nSet-ReceiveConnector … -AuthMechanism Tls,BasicAuth,BasicAuthRequireTLS',
      note: 'replaces-list',
    },
    'passwords-encrypted': {
      text: 'Set-ImapSettings -LoginType SecureLogin\nRestart-Service MSExchangeIMAP4, MSExchangeIMAP4BE\nGet-ReceiveConnector … | Format-List AuthMechanism\nSet-ReceiveConnector … -AuthMechanism Tls,BasicAuth,BasicAuthRequireTLS',
      note: 'replaces-list',
    },
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
