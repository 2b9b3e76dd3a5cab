/** Known ways in which servers say no, or nothing. */

/** How waiting for bytes ended when none came that mean anything. `too-long`: more than our cap without an end of line. */
export type Unspoken = 'silent' | 'closed' | 'reset' | 'too-long';

/** Known ways in which servers say no to a login. */
export type LoginRefusal =
  | 'wrong-credentials'
  /** The server itself leaves open which of the two it is. */
  | 'wrong-credentials-or-imap-disabled'
  | 'locked'
  | 'basic-auth-disabled'
  | 'imap-disabled'
  /** For all mailboxes of the domain, or by the plan: nothing that its owner could switch on. */
  | 'imap-disabled-for-domain'
  | 'app-password'
  | 'too-many-connections'
  /** The owner has to confirm in a browser that it was them. */
  | 'web-login-required'
  | 'password-expired'
  /** The server cannot look the account up at this moment, or wants us to wait. */
  | 'unavailable'
  /** The mechanism that was listed is not known when it is used. */
  | 'mechanism-unknown'
  /** Inside TLS the server takes the line for an open one. */
  | 'tls-required'
  /** About the address that we come from, which is not HubSpot's. */
  | 'our-address-refused';

/** Known ways in which servers say no to a mail from the account to itself. */
export type SendingRefusal =
  | 'our-address-refused'
  | 'sending-suspended'
  | 'limit-reached'
  | 'over-quota'
  | 'try-later';
