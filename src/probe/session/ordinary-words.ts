/**
 * What servers say to everybody when they answer a login. A word of it proves nothing about a password that holds the same
 * word; and a sentence that stands here as a whole is shown whatever the password is, since hiding it would tell that
 * the password is part of it.
 */

const english = `
  a about access account accounts acting action active additional address administrator administratively again alert all
  allowed already also always an and any app application are as at attempt attempts auth authenticate authenticated
  authenticating authentication authenticator authorization authorized backend bad basic be because been before blocked
  box browser but by bye can cannot challenge change check client closed closing command complete completed connect
  connected connection connections contact correct could cram credential credentials criteria daemon data database denied
  detail details did digest disabled does domain don email enable enabled encountered encryption enough enter
  error errors exceeded exchange exist expired fail failed failure failures final first folder folders for found from
  generic go good got have help host if imap in inactive incorrect information input internal invalid is it later less
  limit line listed lmtp local locked log logged login logins logon long look mail mailbox mailboxes make many match
  maximum may mechanism mechanisms message messages method mode more must name need needed needs network new next no
  not now number of off offered ok on one only open or other our out parameters pass password passwords permission
  permitted phase plain please policy pop port postfix process protocol read refused rejected relay requested require
  required requires reset response restricted retry returned sasl search secure secured security see select send sender
  sent server servers service session sessions set setting settings sign smtp specific sorry spam ssl starttls state
  status still such support supported suspended syntax system temporarily temporary that the then there this time timed
  timeout tls to too token try type unable unavailable unknown unrecognized unsupported until up use used user userid
  username users using valid verification verify via wait was web webmail were when which will with without wrong xoauth
  you your
`;
const german = `
  abgelehnt abgelaufen aktiviert anmeldung anwendung authentifizierung benutzer benutzername bitte das der die ein eine
  falsch fehler fehlgeschlagen gesperrt ist kein keine kennwort konto nicht oder passwort postfach server sie und
  ungültig verbindung verweigert versuchen zugang zugriff zu
`;
export const ordinaryWords: ReadonlySet<string> = new Set(
  `${english} ${german}`.split(/\s+/u).filter((word) => word !== ''),
);

/** Without tag, codes and the full stop, in lower case. Dovecot, Courier, Cyrus, Postfix, Exim, OpenSMTPD, Exchange, Microsoft 365, Google. */
export const ordinarySentences: ReadonlySet<string> = new Set([
  'account is disabled',
  'account is locked',
  'authentication failed',
  'authentication credentials invalid',
  'authentication unsuccessful',
  'authentication required',
  'can not authenticate authentication failed',
  'error: authentication failed',
  'error: authentication failed: authentication failure',
  'error: authentication failed: generic failure',
  'incorrect authentication data',
  'internal error occurred. refer to server log for more information',
  'invalid credentials',
  'invalid credentials (failure)',
  'invalid login or password',
  'invalid user name or password',
  'invalid username or password',
  'logged in',
  'login disabled',
  'login failed',
  'login failed: authentication failure',
  'maximum number of connections from user+ip exceeded (mail_max_userip_connections=10)',
  'password expired',
  'plaintext authentication disallowed on non-secure (ssl/tls) connections',
  'temporary authentication failure',
  'too many login failures',
  'unsupported authentication mechanism',
  'user disabled',
]);

/** What servers ask for in AUTH LOGIN: user name and password, in base64. */
export const ordinaryPrompts =
  /(?<![A-Za-z0-9+/])(?:UGFzc3dvcmQ[6A]|VXNlcm5hbWU[6A]|VXNlciBOYW1lAA)(?:={0,2})(?![A-Za-z0-9+/=])/gu;

/** RFC 9051 §7.1, RFC 5530, and WEBALERT, which Google sends. */
export const imapCodes: ReadonlySet<string> = new Set([
  ...['ALERT', 'ALREADYEXISTS', 'APPENDUID', 'AUTHENTICATIONFAILED', 'AUTHORIZATIONFAILED', 'BADCHARSET'],
  ...['CANNOT', 'CAPABILITY', 'CLIENTBUG', 'CLOSED', 'CONTACTADMIN', 'COPYUID', 'CORRUPTION', 'EXPIRED'],
  ...['EXPUNGEISSUED', 'HASCHILDREN', 'INUSE', 'LIMIT', 'NONEXISTENT', 'NOPERM', 'OVERQUOTA', 'PARSE'],
  ...['PERMANENTFLAGS', 'PRIVACYREQUIRED', 'READ-ONLY', 'READ-WRITE', 'SERVERBUG', 'TRYCREATE'],
  ...['UNAVAILABLE', 'UNKNOWN-CTE', 'UIDNEXT', 'UIDVALIDITY', 'WEBALERT'],
]);
