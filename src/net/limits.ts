/** Time limits in milliseconds and sizes in bytes: nothing a server does may cost more. */
export const limits = {
  resolveMs: 5_000,
  connectMs: 7_000,
  /** As long as the whole allows: a greeting after 20 s is slow, not missing, and what follows it takes seconds at most. */
  greetingMs: 25_000,
  answerMs: 6_000,
  /** Servers let a wrong password wait: Dovecot up to 15 s after several of them, others some seconds each time. */
  loginMs: 17_000,
  handshakeMs: 8_000,
  wholeMs: 30_000,
  /** Of a rehearsal, which begins when the check has ended. */
  rehearsalMs: 90_000,
  /** After a rehearsal was called off, for clearing away what it has made. */
  clearingMs: 5_000,
  lineBytes: 8 * 1024,
  sessionBytes: 256 * 1024,
  addresses: 4,
  connectionsPerPort: 6,
  documentBytes: 64 * 1024,
  headerBytes: 16 * 1024,
  redirects: 3,
} as const;
